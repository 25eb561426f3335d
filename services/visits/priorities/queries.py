"""What scores are computed from, in a handful of statements for all places, and the runs and scores that are kept."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.visits.priorities.schemas import PriorityFilters
from shared.db import Work
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.protection import KEPT_FROM_NOTHING
from shared.texts import as_json

_HERE = "(:place_ids::uuid[] IS NULL OR {0} = ANY(:place_ids::uuid[]))"

#: What one computation reads; `place_ids` null means every place in use.
FACTS = {
    "places": """
SELECT p.id, p.code, p.name, p.place_type, p.region, p.origin, p.capacity, (p.population -> -1 ->> 'count')::integer AS population,
  p.vulnerable_groups, p.risk_flags
FROM place p WHERE CASE WHEN :place_ids::uuid[] IS NULL THEN p.status = 'in_use'
  ELSE p.id = ANY(:place_ids::uuid[]) AND p.status NOT IN ('merged', 'rejected') END""",
    "visits": f"""
SELECT vp.place_id, v.type, least(vp.last_on, v.completed_on) AS last_on FROM visit_place vp JOIN visit v ON v.id = vp.visit_id
WHERE v.status IN ('debriefing', 'reporting', 'closed') AND v.completed_on IS NOT NULL AND vp.last_on IS NOT NULL
  AND vp.access <> 'refused' AND {_HERE.format("vp.place_id")}""",
    "signals": f"SELECT place_id, as_of, signal::text AS signal FROM place_signal WHERE {_HERE.format('place_id')}",
    "recommendations": """
SELECT code, theme, priority, scope_kind, place_ids, place_types, regions, implementation_status, is_claimed_implemented,
  is_contradicted, next_due_on, overdue_addressee_ids
FROM watched_recommendation WHERE status IN ('transmitted', 'in_follow_up')
  AND coalesce(implementation_status, '') NOT IN ('implemented', 'no_longer_applicable') AND (:place_ids::uuid[] IS NULL OR scope_kind <> 'place'
  OR place_ids && :place_ids::uuid[])""",
    "information": f"""
SELECT place_id, reliability, severity, received_on, theme FROM place_information
WHERE status = 'accepted' AND coalesce(valid_until >= a22_today(), true) AND {_HERE.format("place_id")}""",
    "external_visits": """
SELECT place_ids, body_kind, done_on, reprisal_check_due_on IS NOT NULL AND reprisal_checked_on IS NULL AS is_check_owed
FROM external_visit WHERE done_on IS NOT NULL AND cancelled_on IS NULL
  AND (done_on >= a22_today() - 400 OR (reprisal_check_due_on IS NOT NULL AND reprisal_checked_on IS NULL))
  AND (:place_ids::uuid[] IS NULL OR place_ids && :place_ids::uuid[])""",
    "incidents": f"""
SELECT place_id, status, is_serious FROM access_incident
WHERE is_serious AND status <> 'closed' AND {_HERE.format("place_id")}""",
    "plans": """
SELECT objectives::text AS objectives, activities::text AS activities, status, from_on, to_on FROM plan
WHERE status IN ('adopted', 'under_review') AND a22_today() BETWEEN from_on AND to_on AND (:place_ids::uuid[] IS NULL OR true)""",
}
OF_TYPES = "SELECT id FROM place WHERE status = 'in_use' AND place_type = ANY(:place_types::text[])"
#: A recused person knows a run by its scores alone; each day keeps those of its last run.
LATEST_RUN = f"""(SELECT CASE WHEN {KEPT_FROM_NOTHING} THEN (SELECT r.id FROM priority_run r ORDER BY r.created_at DESC, r.id LIMIT 1)
  ELSE (SELECT o.run_id FROM place_score o ORDER BY o.scored_on DESC, o.run_id LIMIT 1) END)"""

#: Counted anew among the places that a recused person sees: a gap would tell how urgent a hidden one is.
_RANK = f"""CASE WHEN {KEPT_FROM_NOTHING} THEN s.rank
    ELSE (SELECT count(*) FROM place_score o WHERE o.run_id = s.run_id AND o.rank <= s.rank)::integer END"""

PRIORITIES = Listing(
    columns=f"""s.id, json_build_object('id', p.id, 'name', p.name) AS place, p.place_type, p.region, s.scored_on AS as_of, {_RANK} AS rank,
  s.score, (SELECT json_agg(json_build_object('code', part ->> 'code', 'points', part -> 'points')) FROM jsonb_array_elements(s.parts) part)
  AS parts, s.confidence, s.data_gaps, s.floor_reasons, s.months_since_last_visit""",
    source="place_score s JOIN place p ON p.id = s.place_id",
    where=f"s.run_id = {LATEST_RUN}",
    identity="s.id",
    # the rank is the score's order with its ties broken; turned round so that `-score` means the most urgent first
    sorts={"score": Sort("-s.rank", "integer")},
    default_sort="-score",
    filters={
        "place_type": "p.place_type = ANY(:place_type::text[])",
        "region": "p.region = ANY(:region::text[])",
        "floor": ":floor = ANY(s.floor_reasons)",
    },
)
RUN = "SELECT id, as_of, place_count, opened_proposals FROM priority_run WHERE id = :run_id"

ONE_RUN_AT_A_TIME = "SELECT pg_advisory_xact_lock(4202201)"
DROP_DAY = "DELETE FROM place_score WHERE scored_on = :scored_on"
KEEP_SCORES = """
INSERT INTO place_score (id, place_id, run_id, scored_on, score, rank, parts, confidence, data_gaps, floor_reasons, inputs,
  months_since_last_visit, created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
SELECT gen_random_uuid(), x.place_id, :run_id, :scored_on, x.score, x.rank, x.parts, x.confidence,
  ARRAY(SELECT jsonb_array_elements_text(x.data_gaps)), ARRAY(SELECT jsonb_array_elements_text(x.floor_reasons)), x.inputs,
  x.months_since_last_visit, a22_now(), :by, a22_now(), :by, 1, 'INT', 'native'
FROM jsonb_to_recordset(:scores::jsonb) AS x(place_id uuid, score numeric, rank integer, parts jsonb, confidence float8,
  data_gaps jsonb, floor_reasons jsonb, inputs jsonb, months_since_last_visit float8)
"""

KEEP_RECOMMENDATION = """
INSERT INTO watched_recommendation (id, code, status, theme, priority, scope_kind, place_ids, place_types, regions, implementation_status,
  is_claimed_implemented, next_due_on, overdue_addressee_ids, is_contradicted, created_at, created_by, updated_at, updated_by, version,
  confidentiality, origin)
VALUES (:id, :code, :status, :theme, :priority, :scope_kind, :place_ids::uuid[], :place_types::text[], :regions::text[],
  :implementation_status, :is_claimed_implemented, :next_due_on::date, '{}', false, a22_now(), 'system', a22_now(), 'system', 1, 'INT', 'native')
ON CONFLICT (id) DO UPDATE SET code = excluded.code, status = excluded.status, theme = excluded.theme, priority = excluded.priority,
  scope_kind = excluded.scope_kind, place_ids = excluded.place_ids, place_types = excluded.place_types, regions = excluded.regions,
  implementation_status = excluded.implementation_status, is_claimed_implemented = excluded.is_claimed_implemented,
  next_due_on = excluded.next_due_on, updated_at = a22_now()
"""
SET_OVERDUE = """
UPDATE watched_recommendation SET overdue_addressee_ids = array_append(array_remove(overdue_addressee_ids, :addressee_id), :addressee_id),
  updated_at = a22_now() WHERE id = :id
"""
CLEAR_OVERDUE = """
UPDATE watched_recommendation SET overdue_addressee_ids = array_remove(overdue_addressee_ids, :addressee_id), updated_at = a22_now()
WHERE id = :id
"""
SET_CONTRADICTED = (
    "UPDATE watched_recommendation SET is_contradicted = :is_contradicted, updated_at = a22_now() WHERE id = :id"
)


async def facts(work: Work, place_ids: Sequence[UUID] | None) -> dict[str, list[dict[str, Any]]]:
    """Give everything that scores are computed from, for some places or for all in use."""
    ids = list(place_ids) if place_ids is not None else None
    return {name: await fetch_rows(work, statement, place_ids=ids) for name, statement in FACTS.items()}


async def of_types(work: Work, place_types: Sequence[str]) -> list[UUID]:
    """Give the places in use of these kinds."""
    return [row["id"] for row in await fetch_rows(work, OF_TYPES, place_types=list(place_types))]


async def matching(work: Work, filters: PriorityFilters) -> Page:
    """Give a page of the latest run."""
    return await fetch_page(work, PRIORITIES, filters)


async def run(work: Work, run_id: UUID) -> bytes:
    """Give one run, or raise NotFound."""
    return await fetch_one(work, RUN, run_id=run_id)


async def one_run_at_a_time(work: Work) -> None:
    """Wait for another run that is under way."""
    await fetch_rows(work, ONE_RUN_AT_A_TIME)


async def keep_scores(work: Work, run_id: UUID, scored_on: date, scores: list[dict[str, Any]]) -> None:
    """Keep the scores of a day, in the place of those of an earlier run of that day."""
    await execute(work, DROP_DAY, scored_on=scored_on)
    await execute(work, KEEP_SCORES, run_id=run_id, scored_on=scored_on, by=work.caller.person, scores=as_json(scores))


async def keep(work: Work, statement: str, **values: Any) -> None:
    """Keep a change of the projection of recommendations."""
    await execute(work, statement, **values)
