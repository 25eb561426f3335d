"""Every read of recommendations, by audience, each starting from what the caller may see."""

import json
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.recommendations.addressees.queries import ADDRESSEES_OF, OVERDUE, OWES
from services.recommendations.evidence.queries import EVIDENCE_COLUMNS
from services.recommendations.known.queries import named, person_named, places_named
from services.recommendations.recommendations.rules import RECOMMENDATION
from services.recommendations.recommendations.schemas.authority import AuthorityRecommendationFilters
from services.recommendations.recommendations.schemas.expert import ExpertRecommendationFilters
from services.recommendations.recommendations.schemas.npm import RecommendationFilters
from services.recommendations.recommendations.schemas.public import PublicRecommendationFilters
from services.recommendations.recommendations.tables import Recommendation
from services.recommendations.reported.queries import (
    REPORTED_OUTCOME,
    REPORTED_STATUS,
    WRITTEN_ADDRESSEES,
    WRITTEN_BRIEF,
)
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

#: What is owed, what is claimed and what is found, each by itself: a claim never fills the place of a finding.
SOURCE = f"""recommendation r
LEFT JOIN LATERAL (SELECT bool_or({OVERDUE}) AS is_overdue, min(a.due_on) FILTER (WHERE {OWES}) AS due_on
  FROM addressee a WHERE a.recommendation_id = r.id) owed ON true
LEFT JOIN LATERAL (SELECT v.claimed_status, v.submitted_on FROM authority_response v JOIN addressee a ON a.id = v.addressee_id
  WHERE v.recommendation_id = r.id AND v.state = 'submitted' AND v.claimed_status IS NOT NULL
  ORDER BY (a.role = 'lead') DESC, v.submitted_on DESC, v.number DESC LIMIT 1) claim ON true
LEFT JOIN assessment f ON f.recommendation_id = r.id AND f.state = 'approved'"""
_VERIFIED = "(f.status IS NOT NULL AND f.status <> 'not_assessable' AND f.has_other_evidence)"
_ONLY_CLAIMED = "coalesce(claim.claimed_status = 'implemented' AND NOT (coalesce(f.status, '') = 'implemented' AND f.has_other_evidence IS TRUE), false)"
_CONTRADICTED = "coalesce(claim.claimed_status = 'implemented' AND r.signal_level IN ('weak', 'strong'), false)"
_IS_OVERDUE = "(coalesce(owed.is_overdue, false) OR coalesce(r.state = 'in_follow_up' AND r.implementation_due < a22_today() AND coalesce(f.status, '') <> 'implemented', false))"
_NEXT_DUE = "least(owed.due_on, CASE WHEN coalesce(f.status, '') <> 'implemented' THEN r.implementation_due END)"
_ADDRESSED = """(SELECT coalesce(json_agg(json_build_object('id', a.stakeholder_id, 'name', coalesce(s.name, '')) ORDER BY a.role DESC, s.name), '[]')
  FROM addressee a LEFT JOIN known_stakeholder s ON s.id = a.stakeholder_id WHERE a.recommendation_id = r.id)"""
SCOPE = f"json_build_object('kind', r.scope_kind, 'places', {places_named('r.place_ids')}, 'place_types', r.place_types, 'regions', r.regions)"

RECOMMENDATIONS = Listing(
    columns=f"r.id, r.code, r.text, r.state, r.theme, r.priority, {SCOPE} AS scope, {_ADDRESSED} AS addressees, "
    f"{_NEXT_DUE} AS next_due_on, {_IS_OVERDUE} AS is_overdue, f.status AS implementation_status, claim.claimed_status, "
    f"{_ONLY_CLAIMED} AS is_only_claimed, {_CONTRADICTED} AS is_contradicted, r.transmitted_on, {WRITTEN_BRIEF} AS written_addressees, "
    f"{REPORTED_OUTCOME} AS reported_outcome, r.origin",
    source=SOURCE,
    identity="r.id",
    sorts={
        "code": Sort("r.code", "text"),
        "next_due_on": Sort(f"coalesce({_NEXT_DUE}, 'infinity'::date)", "date"),
        "transmitted_on": Sort("coalesce(r.transmitted_on, '-infinity'::date)", "date"),
        "updated_at": Sort("r.updated_at", "timestamptz"),
    },
    default_sort="code",
    filters={
        "state": "r.state = ANY(:state::text[])",
        "theme": "(r.theme = ANY(:theme::text[]) OR r.more_themes && :theme::text[])",
        "priority": "r.priority = ANY(:priority::text[])",
        "authority_id": ":authority_id::uuid = ANY(r.addressed_ids)",
        "origin": "r.origin = ANY(:origin::text[])",
        "reported_status": f"{REPORTED_STATUS} = ANY(:reported_status::text[])",
        "place_id": ":place_id::uuid = ANY(r.place_ids)",
        "visit_id": "r.visit_id = :visit_id::uuid",
        "report_id": "r.report_id = :report_id::uuid",
        "is_overdue": f"{_IS_OVERDUE} = :is_overdue::boolean",
        "is_only_claimed": f"{_ONLY_CLAIMED} = :is_only_claimed::boolean",
        "is_contradicted": f"{_CONTRADICTED} = :is_contradicted::boolean",
        "implementation_status": "coalesce(f.status, '') = ANY(:implementation_status::text[])",
        "q": "to_tsvector('simple', unaccent(r.code || ' ' || r.text::text || ' ' || r.rationale)) @@ plainto_tsquery('simple', unaccent(:q))",
    },
)

_ASSESSMENTS = f"""(SELECT coalesce(json_agg(json_build_object('id', t.id, 'state', t.state, 'trigger', t.trigger, 'opened_on', t.opened_on,
  'status', t.status, 'assessed_on', t.assessed_on, 'reasons', t.reasons, 'has_other_evidence', t.has_other_evidence,
  'proposed_by', {person_named("t.proposed_by")}, 'approved_by', {person_named("t.approved_by")}, 'approved_on', t.approved_on)
  ORDER BY coalesce(t.assessed_on, t.opened_on) DESC, t.id), '[]') FROM assessment t WHERE t.recommendation_id = r.id)"""
_COMMENTS = """(SELECT coalesce(json_agg(json_build_object('id', c.id, 'expert', json_build_object('id', c.expert_id, 'name', coalesce(k.name, '')),
  'text', c.text, 'commented_on', c.commented_on) ORDER BY c.created_at, c.id), '[]')
  FROM draft_comment c LEFT JOIN known_person k ON k.id = c.expert_id WHERE c.recommendation_id = r.id)"""
_CLAIMS = """(SELECT coalesce(json_agg(json_build_object('authority', json_build_object('id', v.authority_id, 'name', coalesce(s.name, '')),
  'claimed_status', v.claimed_status, 'claimed_on', v.submitted_on) ORDER BY v.submitted_on, v.id), '[]') FROM authority_response v
  LEFT JOIN known_stakeholder s ON s.id = v.authority_id
  WHERE v.recommendation_id = r.id AND v.state = 'submitted' AND v.claimed_status IS NOT NULL)"""

IN_FULL = f"""
SELECT r.id, r.code, r.text, r.rationale, r.expected_result, r.arose_from, r.visit_id, {named("r.report_id", "p")} AS report,
  r.finding_ids, r.pattern_id, r.stated_basis, {SCOPE} AS scope, r.theme, r.more_themes, r.priority, r.horizon, r.root_cause_level, r.kind, r.quality,
  r.state, r.remarks, {person_named("CASE WHEN r.origin = 'native' THEN r.created_by END")} AS drafted_by,
  {person_named("r.proposed_by")} AS proposed_by, {person_named("r.approved_by")} AS approved_by,
  r.transmitted_on, r.published_on, r.next_follow_up_on, r.implementation_due, r.closed_on, r.closed_reason, r.withdrawal_reason,
  {named("r.superseded_by_id", "later")} AS superseded_by, {_NEXT_DUE} AS next_due_on, {_IS_OVERDUE} AS is_overdue,
  coalesce(r.state = 'in_follow_up' AND a22_today() >= r.next_follow_up_on, false) AS is_follow_up_due,
  json_build_object('status', f.status, 'assessed_on', f.assessed_on, 'is_verified', {_VERIFIED}, 'claimed_status', claim.claimed_status,
    'claimed_on', claim.submitted_on, 'is_only_claimed', {_ONLY_CLAIMED},
    'is_claim_refuted', coalesce(claim.claimed_status = 'implemented' AND f.status NOT IN ('implemented', 'not_assessable'), false)) AS implementation,
  json_build_object('level', r.signal_level, 'count_band', r.signal_count_band, 'as_of', r.signal_as_of, 'is_contradicted', {_CONTRADICTED}) AS signal,
  EXISTS (SELECT 1 FROM assessment t WHERE t.recommendation_id = r.id AND t.state IN ('opened', 'gathering')) AS is_assessment_due,
  {_CLAIMS} AS claims, {ADDRESSEES_OF} AS addressees, {WRITTEN_ADDRESSEES} AS written_addressees,
  {REPORTED_OUTCOME} AS reported_outcome, {_ASSESSMENTS} AS assessments, {_COMMENTS} AS comments,
  (SELECT coalesce(json_agg(each ORDER BY each.observed_on DESC, each.id), '[]') FROM (SELECT {EVIDENCE_COLUMNS} FROM evidence e WHERE e.recommendation_id = r.id) each) AS evidence,
  r.origin, CASE WHEN r.source IS NULL THEN NULL ELSE json_build_object('source', r.source, 'row', r.source_row) END AS imported_from,
  r.source_note - 'digest' AS import_note,
  coalesce(:allowed::jsonb -> r.state, '[]') AS allowed_actions
FROM {SOURCE} LEFT JOIN (SELECT id, title AS name FROM known_report) p ON p.id = r.report_id
LEFT JOIN (SELECT id, code AS name FROM recommendation) later ON later.id = r.superseded_by_id
WHERE r.id = :recommendation_id
"""

TOLD = f"""
SELECT r.id, json_build_object('id', r.id, 'code', r.code, 'state', r.state, 'theme', r.theme, 'more_themes', r.more_themes, 'priority', r.priority,
  'scope_kind', r.scope_kind, 'place_ids', r.place_ids, 'place_types', r.place_types, 'regions', r.regions, 'transmitted_on', r.transmitted_on,
  'implementation_status', f.status, 'is_claimed_implemented', coalesce(claim.claimed_status = 'implemented', false),
  'claimed_on', CASE WHEN claim.claimed_status = 'implemented' THEN claim.submitted_on END, 'next_due_on', {_NEXT_DUE},
  'authority_ids', r.addressed_ids, 'origin', r.origin)::text AS told
FROM {SOURCE} WHERE r.id = ANY(:recommendation_ids::uuid[])
"""
_OWN = "recommendation r JOIN addressee a ON a.recommendation_id = r.id"
OWN = Listing(
    columns=f"r.id, r.code, r.text, r.state, r.theme, r.priority, a.role, a.state AS response_state, r.transmitted_on, a.due_on, {OVERDUE} AS is_overdue",
    source=_OWN,
    identity="a.id",
    sorts={"due_on": Sort("coalesce(a.due_on, 'infinity'::date)", "date"), "code": Sort("r.code", "text")},
    default_sort="due_on",
    filters={
        "response_state": "a.state = ANY(:response_state::text[])",
        "theme": "r.theme = ANY(:theme::text[])",
        "is_overdue": f"{OVERDUE} = :is_overdue::boolean",
    },
)
OWN_IN_FULL = f"""
SELECT r.id, r.code, r.text, r.rationale, r.expected_result, {SCOPE} AS scope, r.theme, r.more_themes, r.priority, r.horizon, r.kind, r.state,
  r.transmitted_on, r.published_on, r.implementation_due, r.withdrawal_reason, a.role, a.state AS response_state, a.asked_parts, a.requested_on,
  a.due_on, a.deadline, {OVERDUE} AS is_overdue, a.answered_on, a.clarifications
FROM {_OWN} WHERE r.id = :recommendation_id ORDER BY a.department_id NULLS FIRST LIMIT 1
"""

OF_VISITS = Listing(
    columns="r.id, r.code, r.text, r.state, r.theme, r.visit_id",
    source="recommendation r",
    identity="r.id",
    sorts={"code": Sort("r.code", "text")},
    default_sort="code",
    filters={"visit_id": "r.visit_id = :visit_id::uuid", "state": "r.state = ANY(:state::text[])"},
)
OF_VISIT_IN_FULL = f"""
SELECT r.id, r.code, r.text, r.rationale, r.expected_result, {SCOPE} AS scope, r.theme, r.more_themes, r.priority, r.horizon, r.kind, r.state,
  r.visit_id, r.transmitted_on, r.published_on, {_ADDRESSED} AS addressees,
  (SELECT coalesce(json_agg(json_build_object('id', c.id, 'text', c.text, 'commented_on', c.commented_on) ORDER BY c.commented_on, c.id), '[]')
    FROM draft_comment c WHERE c.recommendation_id = r.id) AS comments
FROM recommendation r WHERE r.id = :recommendation_id
"""
COMMENT = """
INSERT INTO draft_comment (id, recommendation_id, expert_id, text, commented_on, created_at, created_by, updated_at, updated_by, version,
  confidentiality, origin)
VALUES (:id, :recommendation_id, :expert_id, :text, a22_today(), a22_now(), :by, a22_now(), :by, 1, 'INT', 'native')
"""
ONE_COMMENT = "SELECT c.id, c.text, c.commented_on FROM draft_comment c WHERE c.id = :comment_id AND c.recommendation_id = :recommendation_id"
STATE = "SELECT state FROM recommendation WHERE id = :recommendation_id"

PUBLISHED = Listing(
    columns=f"r.id, r.code, r.text, r.theme, {_ADDRESSED} AS addressees, r.state, r.implementation_status, r.published_on",
    source="recommendation r",
    identity="r.id",
    where="r.published_on IS NOT NULL",
    sorts={"code": Sort("r.code", "text"), "published_on": Sort("r.published_on", "date")},
    default_sort="-published_on",
    filters={
        "theme": "(r.theme = ANY(:theme::text[]) OR r.more_themes && :theme::text[])",
        "authority_id": "EXISTS (SELECT 1 FROM addressee a WHERE a.recommendation_id = r.id AND a.stakeholder_id = :authority_id::uuid)",
        "place_id": ":place_id::uuid = ANY(r.place_ids)",
        "implementation_status": "coalesce(r.implementation_status, '') = ANY(:implementation_status::text[])",
        "q": "to_tsvector('simple', unaccent(r.code || ' ' || r.text::text)) @@ plainto_tsquery('simple', unaccent(:q))",
    },
)
PUBLISHED_IN_FULL = f"""
SELECT r.id, r.code, r.text, {SCOPE} AS scope, r.theme, r.more_themes, r.kind, {_ADDRESSED} AS addressees, r.state, r.implementation_status,
  r.transmitted_on, r.published_on, r.closed_on,
  (SELECT coalesce(json_agg(json_build_object('authority', json_build_object('id', v.authority_id, 'name', coalesce(s.name, '')),
    'position', v.position, 'submitted_on', v.submitted_on, 'reasons', CASE WHEN v.publication = 'full' THEN v.reasons END)
    ORDER BY v.submitted_on, v.id), '[]') FROM authority_response v LEFT JOIN known_stakeholder s ON s.id = v.authority_id
    WHERE v.recommendation_id = r.id AND v.state = 'submitted' AND v.publication <> 'none') AS answers
FROM recommendation r WHERE r.id = :recommendation_id AND r.published_on IS NOT NULL
"""
EXISTS = "SELECT 1 FROM recommendation WHERE id = :recommendation_id"
OF_PLACES = """
SELECT id FROM recommendation WHERE state = 'in_follow_up' AND place_ids && :place_ids::uuid[] ORDER BY id
"""
TO_PUBLISH = """
SELECT id FROM recommendation WHERE report_id = :report_id AND published_on IS NULL
  AND state IN ('transmitted', 'in_follow_up', 'closed') ORDER BY id
"""


async def matching(work: Work, filters: RecommendationFilters) -> Page:
    """Give a page of recommendations."""
    return await fetch_page(work, RECOMMENDATIONS, filters)


async def in_full(work: Work, recommendation_id: UUID) -> bytes:
    """Give one recommendation with everything the NPM keeps on it, or raise NotFound."""
    allowed: dict[str, Any] = work.allowed_actions(RECOMMENDATION, "transition_recommendation")
    return await fetch_one(work, IN_FULL, recommendation_id=recommendation_id, allowed=as_json(allowed))


async def told(work: Work, recommendation_id: UUID) -> dict[str, Any]:
    """Give what other services keep of a recommendation: coded facts, no text."""
    return (await told_of(work, [recommendation_id]))[recommendation_id]


async def told_of(work: Work, recommendation_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Give the same of several recommendations, by id."""
    rows = await fetch_rows(work, TOLD, recommendation_ids=recommendation_ids)
    return {row["id"]: json.loads(row["told"]) for row in rows}


async def lock(work: Work, recommendation_id: UUID) -> Recommendation:
    """Take a recommendation for a change, or raise NotFound."""
    found = await work.session.exec(
        select(Recommendation).where(col(Recommendation.id) == recommendation_id).with_for_update()
    )
    recommendation = found.one_or_none()
    if recommendation is None:
        raise NotFound
    return recommendation


async def in_follow_up_at(work: Work, place_ids: list[str]) -> list[UUID]:
    """Give the recommendations in follow-up that concern any of these places."""
    return [row["id"] for row in await fetch_rows(work, OF_PLACES, place_ids=place_ids)]


async def unpublished_of(work: Work, report_id: UUID) -> list[UUID]:
    """Give the sent recommendations of a report that are not public yet."""
    return [row["id"] for row in await fetch_rows(work, TO_PUBLISH, report_id=report_id)]


async def exists(work: Work, recommendation_id: UUID) -> bool:
    """Tell whether there is such a recommendation for this caller."""
    return bool(await fetch_rows(work, EXISTS, recommendation_id=recommendation_id))


async def own_matching(work: Work, filters: AuthorityRecommendationFilters) -> Page:
    """Give a page of what was sent to the caller's authority."""
    return await fetch_page(work, OWN, filters)


async def own_in_full(work: Work, recommendation_id: UUID) -> bytes:
    """Give one recommendation as it was sent to the caller's authority, or raise NotFound."""
    return await fetch_one(work, OWN_IN_FULL, recommendation_id=recommendation_id)


async def of_visits_matching(work: Work, filters: ExpertRecommendationFilters) -> Page:
    """Give a page of the recommendations of the caller's visits."""
    return await fetch_page(work, OF_VISITS, filters)


async def of_visit_in_full(work: Work, recommendation_id: UUID) -> bytes:
    """Give one recommendation of a visit of the caller, or raise NotFound."""
    return await fetch_one(work, OF_VISIT_IN_FULL, recommendation_id=recommendation_id)


async def state_of(work: Work, recommendation_id: UUID) -> str:
    """Give the state of a recommendation that the caller may see, or raise NotFound."""
    rows = await fetch_rows(work, STATE, recommendation_id=recommendation_id)
    if not rows:
        raise NotFound
    return str(rows[0]["state"])


async def comment(work: Work, comment_id: UUID, recommendation_id: UUID, text: str) -> None:
    """Write a comment as the expert who is calling."""
    who = {"expert_id": work.caller.expert_id, "by": work.caller.person}
    await execute(work, COMMENT, id=comment_id, recommendation_id=recommendation_id, text=text, **who)


async def one_comment(work: Work, recommendation_id: UUID, comment_id: UUID) -> bytes:
    """Give one comment of the caller's, or raise NotFound."""
    return await fetch_one(work, ONE_COMMENT, recommendation_id=recommendation_id, comment_id=comment_id)


async def published_matching(work: Work, filters: PublicRecommendationFilters) -> Page:
    """Give a page of published recommendations."""
    return await fetch_page(work, PUBLISHED, filters)


async def published(work: Work, recommendation_id: UUID) -> bytes:
    """Give one published recommendation."""
    return await fetch_one(work, PUBLISHED_IN_FULL, recommendation_id=recommendation_id)
