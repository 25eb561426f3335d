"""Reads of escalation: the steps on record, and what the ladder looks at."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.recommendations.addressees.queries import OVERDUE
from services.recommendations.escalations.rules import ESCALATION
from services.recommendations.escalations.schemas import EscalationFilters
from services.recommendations.escalations.tables import Escalation
from services.recommendations.known.queries import named, person_named
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_COLUMNS = f"""e.id, {named("e.stakeholder_id", "s")} AS authority,
  (SELECT coalesce(json_agg(json_build_object('id', r.id, 'name', r.code) ORDER BY r.code), '[]') FROM recommendation r
    WHERE r.id = ANY(e.recommendation_ids)) AS recommendations,
  e.step, e.path, e.ground, e.state, e.suggestion, e.is_round_table, e.suggested_on, {person_named("e.suggested_by")} AS suggested_by,
  e.retained_channel, e.is_harm_checked, {person_named("e.approved_by")} AS approved_by, e.approved_on, e.carried_out_on, e.outcome, e.reason,
  coalesce(:allowed::jsonb -> e.state, '[]') AS allowed_actions"""
_FROM = "escalation e LEFT JOIN known_stakeholder s ON s.id = e.stakeholder_id"
ESCALATIONS = Listing(
    columns=_COLUMNS,
    source=_FROM,
    identity="e.id",
    sorts={"suggested_on": Sort("e.suggested_on", "date")},
    default_sort="-suggested_on",
    filters={"state": "e.state = ANY(:state::text[])", "authority_id": "e.stakeholder_id = :authority_id::uuid"},
)
ESCALATION_IN_FULL = f"SELECT {_COLUMNS} FROM {_FROM} WHERE e.id = :escalation_id"
_BARE = "coalesce(v.position = 'rejected' AND cardinality(v.obstacles) = 0 AND btrim(v.reasons) = '' AND a.state <> 'released', false)"
#: Who is late, and who turned down without a word: one row per addressee and open recommendation.
NOT_ENGAGING = f"""
SELECT a.stakeholder_id, coalesce(s.name, '') AS name, r.id AS recommendation_id, r.code, a.due_on,
  CASE WHEN {OVERDUE} THEN a22_today() - a.due_on ELSE 0 END AS days,
  (SELECT count(*) FROM jsonb_array_elements(a.earlier_deadlines) AS each WHERE each ->> 'was_met' = 'false')::integer
    + {OVERDUE}::integer AS deadlines_missed,
  {_BARE} AS is_bare_rejection,
  (SELECT count(DISTINCT o.stakeholder_id) FROM addressee o WHERE o.recommendation_id = r.id)::integer AS authorities
FROM addressee a JOIN recommendation r ON r.id = a.recommendation_id LEFT JOIN known_stakeholder s ON s.id = a.stakeholder_id
LEFT JOIN authority_response v ON v.addressee_id = a.id AND v.state = 'submitted'
WHERE r.state IN ('transmitted', 'in_follow_up') AND ({OVERDUE} OR {_BARE})
  AND (:authority_id::uuid IS NULL OR a.stakeholder_id = :authority_id::uuid)
ORDER BY a.stakeholder_id, a.due_on, r.code
"""
TAKEN = "SELECT stakeholder_id, step, suggested_on, recommendation_ids FROM escalation WHERE state <> 'withdrawn'"
ADDRESSED = """
SELECT count(*) AS found FROM recommendation r WHERE r.id = ANY(:ids::uuid[]) AND :authority_id::uuid = ANY(r.addressed_ids)
"""


def _allowed(work: Work) -> str:
    allowed: dict[str, Any] = work.allowed_actions(ESCALATION, "transition_escalation")
    return as_json(allowed)


async def matching(work: Work, filters: EscalationFilters) -> Page:
    """Give a page of steps."""
    return await fetch_page(work, ESCALATIONS, filters, allowed=_allowed(work))


async def in_full(work: Work, escalation_id: UUID) -> bytes:
    """Give one step, or raise NotFound."""
    return await fetch_one(work, ESCALATION_IN_FULL, escalation_id=escalation_id, allowed=_allowed(work))


async def lock(work: Work, escalation_id: UUID) -> Escalation:
    """Take a step for a change, or raise NotFound."""
    found = await work.session.exec(select(Escalation).where(col(Escalation.id) == escalation_id).with_for_update())
    escalation = found.one_or_none()
    if escalation is None:
        raise NotFound
    return escalation


async def not_engaging(work: Work, authority_id: UUID | None = None) -> list[dict[str, Any]]:
    """Give what the ladder looks at, of one authority or of all."""
    return await fetch_rows(work, NOT_ENGAGING, authority_id=authority_id)


async def taken(work: Work) -> list[dict[str, Any]]:
    """Give the steps on record, by authority."""
    return await fetch_rows(work, TAKEN)


async def are_addressed(work: Work, authority_id: UUID, ids: list[UUID]) -> bool:
    """Tell whether all these recommendations are addressed to this authority."""
    rows = await fetch_rows(work, ADDRESSED, authority_id=authority_id, ids=ids)
    return int(rows[0]["found"]) == len(set(ids))
