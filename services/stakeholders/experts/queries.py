"""Every read of experts and their engagements, each starting from what the caller may see."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import col, select

from services.stakeholders import acting
from services.stakeholders.experts.rules import EXPERT_ENGAGEMENT
from services.stakeholders.experts.schemas import ExpertEngagementFilters, ExpertFilters
from services.stakeholders.experts.tables import ExpertEngagement
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.protection import KEPT_FROM_NOTHING
from shared.texts import as_json

_LATEST = "(SELECT e.status FROM expert_engagement e WHERE e.person_id = p.id ORDER BY e.created_at DESC, e.id LIMIT 1)"
_EMPLOYMENTS = f"""(SELECT coalesce(json_agg(json_build_object('employer_kind', h.employer_kind,
    'employer', json_build_object('id', h.employer_id, 'name', coalesce(a.name, l.name, '')), 'from_on', h.from_on, 'to_on', h.to_on)), '[]')
  FROM jsonb_to_recordset(p.employment_history) AS h(employer_kind text, employer_id uuid, from_on date, to_on date)
  LEFT JOIN stakeholder a ON a.id = h.employer_id LEFT JOIN known_place l ON l.id = h.employer_id
  WHERE {KEPT_FROM_NOTHING} OR a.id IS NOT NULL OR l.id IS NOT NULL)"""
#: The versions of a contract with the expert's signature, on paper or given here.
_VERSIONS = """(SELECT coalesce(json_agg(v.version || jsonb_build_object('signed_by_expert_on',
    coalesce(to_jsonb(g.signed_on), nullif(v.version -> 'signed_by_expert_on', 'null'::jsonb))) ORDER BY (v.version ->> 'version')::int), '[]')
  FROM jsonb_array_elements(e.contracts) AS v(version)
  LEFT JOIN expert_signature g ON g.engagement_id = e.id AND g.contract_version = (v.version ->> 'version')::int)"""
_ENGAGEMENT = """e.id, json_build_object('id', p.id, 'name', p.name) AS expert, e.modality, e.status, e.route_note,
  e.was_told_of_preparation, e.contracts -> -1 ->> 'from_on' AS from_on, e.contracts -> -1 ->> 'to_on' AS to_on,
  e.confidentiality_signed_on, e.reason, coalesce(:allowed::jsonb -> e.status, '[]') AS allowed_actions"""

EXPERTS = Listing(
    columns=f"p.id, p.name, p.profession, p.expertise, {_LATEST} AS status",
    source="person p",
    where="p.kind = 'expert'",
    identity="p.id",
    sorts={"name": Sort("p.sort_name", "text")},
    default_sort="name",
    filters={
        "expertise": "p.expertise && :expertise::text[]",
        "status": f"{_LATEST} = ANY(:status::text[])",
        "q": "to_tsvector('simple', unaccent(p.name)) @@ plainto_tsquery('simple', unaccent(:q))",
    },
)
EXPERT = f"""
SELECT p.id, p.name, p.profession, p.expertise, p.languages, p.background, p.organisation, {_EMPLOYMENTS} AS employment_history,
  p.trainings, p.vetting_passed_on, p.origin, :standing::jsonb AS standing
FROM person p WHERE p.id = :expert_id AND p.kind = 'expert'
"""
PARENT = "SELECT id FROM person WHERE id = :expert_id AND kind = 'expert'"
ENGAGEMENTS = Listing(
    columns=_ENGAGEMENT,
    source="expert_engagement e JOIN person p ON p.id = e.person_id",
    where="e.person_id = :expert_id::uuid",
    identity="e.id",
    sorts={"created_at": Sort("e.created_at", "timestamptz")},
    default_sort="-created_at",
)
ENGAGEMENT = f"""
SELECT {_ENGAGEMENT} FROM expert_engagement e JOIN person p ON p.id = e.person_id
WHERE e.id = :engagement_id AND e.person_id = :expert_id
"""
CONTRACTS = f"""
SELECT e.id AS engagement_id, {_VERSIONS} AS versions FROM expert_engagement e WHERE e.id = :engagement_id AND e.person_id = :expert_id
"""
OWN_CONTRACT = f"""
SELECT e.id, e.modality, e.status, {_VERSIONS} AS versions, e.confidentiality_signed_on, :standing::jsonb AS standing,
  coalesce(:allowed::jsonb -> e.status, '[]') AS allowed_actions
FROM expert_engagement e WHERE e.person_id = :expert_id ORDER BY (e.status = 'ended'), e.created_at DESC, e.id LIMIT 1
"""
STATES = f"""
SELECT e.id, e.status, {_VERSIONS} AS versions FROM expert_engagement e WHERE e.person_id = :expert_id
ORDER BY (e.status = 'ended'), e.created_at DESC, e.id
"""
TRAINED_UNTIL = """
SELECT max(t.valid_until) AS valid_until FROM person p, jsonb_to_recordset(p.trainings) AS t(valid_until date) WHERE p.id = :expert_id
"""
ACCREDITED = "SELECT a.from_on, a.to_on FROM accreditation a WHERE a.person_id = :expert_id AND a.status = 'granted'"
SIGN_CONTRACT = """
INSERT INTO expert_signature (id, engagement_id, person_id, contract_version, signed_on,
  created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
VALUES (:id, :engagement_id, :person_id, :contract_version, a22_today(), a22_now(), :by, a22_now(), :by, 1, 'INT', 'native')
ON CONFLICT (engagement_id, contract_version) DO NOTHING
"""
SIGN_CONFIDENTIALITY = """
UPDATE expert_engagement SET status = :status, confidentiality_signed_on = a22_today(), updated_at = a22_now(), updated_by = :by,
  version = version + 1 WHERE id = :engagement_id
"""
# an expert writes a reason and reads none: what stands there may be the NPM's
END_OWN = """
UPDATE expert_engagement SET status = :status, reason = :reason::text, updated_at = a22_now(), updated_by = :by,
  version = version + 1 WHERE id = :engagement_id
"""


async def matching(work: Work, filters: ExpertFilters) -> Page:
    """Give a page of experts."""
    return await fetch_page(work, EXPERTS, filters)


async def in_full(work: Work, expert_id: UUID, standing: Any) -> bytes:
    """Give one expert with today's standing, or raise NotFound."""
    return await fetch_one(work, EXPERT, expert_id=expert_id, standing=as_json(standing))


def _allowed(work: Work, operation: str) -> str:
    return as_json(acting.allowed_actions(work, EXPERT_ENGAGEMENT, operation))


async def engagements(work: Work, expert_id: UUID, filters: ExpertEngagementFilters) -> Page:
    """Give a page of an expert's engagements; NotFound where nobody of that id is an expert."""
    await fetch_one(work, PARENT, expert_id=expert_id)
    allowed = _allowed(work, "transition_expert_engagement")
    return await fetch_page(work, ENGAGEMENTS, filters, expert_id=expert_id, allowed=allowed)


async def engagement(work: Work, expert_id: UUID, engagement_id: UUID) -> bytes:
    """Give one engagement, or raise NotFound."""
    allowed = _allowed(work, "transition_expert_engagement")
    return await fetch_one(work, ENGAGEMENT, expert_id=expert_id, engagement_id=engagement_id, allowed=allowed)


async def contracts(work: Work, expert_id: UUID, engagement_id: UUID) -> bytes:
    """Give the versions of a contract, or raise NotFound."""
    return await fetch_one(work, CONTRACTS, expert_id=expert_id, engagement_id=engagement_id)


async def lock(work: Work, expert_id: UUID, engagement_id: UUID) -> ExpertEngagement:
    """Take an engagement for a change, or raise NotFound."""
    found = await work.session.exec(
        select(ExpertEngagement)
        .where(col(ExpertEngagement.id) == engagement_id, col(ExpertEngagement.person_id) == expert_id)
        .with_for_update()
    )
    engaged = found.one_or_none()
    if engaged is None:
        raise NotFound
    return engaged


async def own_contract(work: Work, standing: Any) -> bytes:
    """Give the calling expert's own engagement, or raise NotFound."""
    return await fetch_one(
        work, OWN_CONTRACT, expert_id=UUID(work.caller.expert_id), standing=as_json(standing),
        allowed=_allowed(work, "transition_contract"),
    )  # fmt: skip


async def states(work: Work, expert_id: UUID) -> Sequence[dict[str, Any]]:
    """Give state and contract versions of an expert's engagements, the present one first."""
    return await fetch_rows(work, STATES, expert_id=expert_id)


async def trained_until(work: Work, expert_id: UUID) -> date | None:
    """Give the last day that any training of somebody counts."""
    rows = await fetch_rows(work, TRAINED_UNTIL, expert_id=expert_id)
    return rows[0]["valid_until"] if rows else None


async def accredited(work: Work, expert_id: UUID) -> list[dict[str, Any]]:
    """Give the dates of the accreditations that authorities have granted to somebody."""
    return await fetch_rows(work, ACCREDITED, expert_id=expert_id)


async def sign_contract(work: Work, engagement_id: UUID, contract_version: int) -> None:
    """Keep the calling expert's signature under a version; a second one changes nothing."""
    await execute(
        work, SIGN_CONTRACT, id=uuid4(), engagement_id=engagement_id, person_id=UUID(work.caller.expert_id),
        contract_version=contract_version, by=work.caller.person,
    )  # fmt: skip


async def sign_confidentiality(work: Work, engagement_id: UUID, status: str) -> None:
    """Keep that the calling expert signed the duty of secrecy today."""
    await execute(work, SIGN_CONFIDENTIALITY, engagement_id=engagement_id, status=status, by=work.caller.person)


async def end_own(work: Work, engagement_id: UUID, status: str, reason: str | None) -> None:
    """Keep that the calling expert ended the own engagement."""
    await execute(work, END_OWN, engagement_id=engagement_id, status=status, reason=reason, by=work.caller.person)
