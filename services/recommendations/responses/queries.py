"""Reads and writes of answers. What the authority's role may see and write is the row policies' matter first."""

import json
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.recommendations.addressees.queries import ADDRESSEE_COLUMNS, OVERDUE
from services.recommendations.responses.rules import AUTHORITY_RESPONSE, RESPONSE
from services.recommendations.responses.schemas.authority import AuthorityResponseFilters
from services.recommendations.responses.schemas.npm import ResponseFilters
from services.recommendations.responses.tables import AuthorityResponse
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_SUMMARY = f"{ADDRESSEE_COLUMNS}, json_build_object('id', r.id, 'name', r.code) AS recommendation"
_FROM = "addressee a JOIN recommendation r ON r.id = a.recommendation_id LEFT JOIN known_stakeholder s ON s.id = a.stakeholder_id"
RESPONSES = Listing(
    columns=_SUMMARY,
    source=_FROM,
    identity="a.id",
    sorts={
        "due_on": Sort("coalesce(a.due_on, 'infinity'::date)", "date"),
        "updated_at": Sort("a.updated_at", "timestamptz"),
    },
    default_sort="due_on",
    filters={
        "state": "a.state = ANY(:state::text[])",
        "authority_id": "a.stakeholder_id = :authority_id::uuid",
        "recommendation_id": "a.recommendation_id = :recommendation_id::uuid",
        "is_overdue": f"{OVERDUE} = :is_overdue::boolean",
    },
)
_VERSIONS = """(SELECT coalesce(json_agg(json_build_object('id', v.id, 'number', v.number, 'state', v.state, 'position', v.position,
  'measures', v.measures, 'planned_on', v.planned_on, 'obstacles', v.obstacles, 'needs', v.needs, 'reasons', v.reasons,
  'claimed_status', v.claimed_status, 'channel', v.channel, 'document_reference', v.document_reference, 'publication', v.publication,
  'submitted_on', v.submitted_on, 'was_late', v.was_late, 'origin', v.origin) ORDER BY v.number DESC), '[]')
  FROM authority_response v WHERE v.addressee_id = a.id)"""
_EXTENSIONS = """(SELECT coalesce(json_agg(json_build_object('id', x.id, 'state', x.state, 'asked_on', x.asked_on,
  'asked_until', x.asked_until, 'granted_until', x.granted_until) ORDER BY x.created_at, x.id), '[]')
  FROM extension_request x WHERE x.addressee_id = a.id)"""
RESPONSE_IN_FULL = f"""
SELECT {_SUMMARY}, {_VERSIONS} AS versions, a.clarifications, {_EXTENSIONS} AS extension_requests, a.earlier_deadlines,
  a.request_reason, a.release_reason, coalesce(:allowed::jsonb -> a.state, '[]') AS allowed_actions
FROM {_FROM} WHERE a.id = :addressee_id
"""

_OWN = """v.id, v.number, v.state, v.position, v.measures, v.planned_on, v.obstacles, v.needs, v.reasons, v.claimed_status,
  v.submitted_on, v.was_late, coalesce(:allowed::jsonb -> v.state, '[]') AS allowed_actions"""
OWN_VERSIONS = Listing(
    columns=_OWN,
    source="authority_response v",
    identity="v.id",
    where="v.recommendation_id = :recommendation_id::uuid",
    sorts={"number": Sort("v.number", "integer")},
    default_sort="-number",
)
OWN_VERSION = (
    f"SELECT {_OWN} FROM authority_response v WHERE v.id = :version_id AND v.recommendation_id = :recommendation_id"
)
OWN_ADDRESSEE = """
SELECT a.id, a.recommendation_id, a.stakeholder_id, a.state, a.due_on, a.answered_on, a.deadline
FROM addressee a WHERE a.recommendation_id = :recommendation_id AND (:addressee_id::uuid IS NULL OR a.id = :addressee_id::uuid) ORDER BY a.department_id NULLS FIRST LIMIT 1
"""
LOCK_ADDRESSEE = "SELECT id FROM addressee WHERE id = :addressee_id FOR UPDATE"
LOCK_VERSION = """
SELECT v.id, v.addressee_id, v.authority_id, v.state, v.position, v.claimed_status FROM authority_response v
WHERE v.id = :version_id AND v.recommendation_id = :recommendation_id FOR UPDATE
"""
DRAFT = """
INSERT INTO authority_response (id, addressee_id, recommendation_id, authority_id, number, state, position, measures, planned_on, obstacles,
  needs, reasons, claimed_status, channel, document_reference, publication, was_late, created_at, created_by, updated_at, updated_by,
  version, confidentiality, origin)
SELECT :id::uuid, :addressee_id::uuid, :recommendation_id::uuid, :authority_id::uuid,
  coalesce((SELECT max(v.number) FROM authority_response v WHERE v.addressee_id = :addressee_id::uuid), 0) + 1,
  'drafting', :position::text, :measures::jsonb, :planned_on::date, :obstacles::text[], :needs::text, :reasons::text, :claimed_status::text,
  'api', '', 'none', false, a22_now(), :by::text, a22_now(), :by::text, 1, 'AUT', 'native'
"""
REDRAFT = """
UPDATE authority_response SET position = :position, measures = :measures::jsonb, planned_on = :planned_on::date,
  obstacles = :obstacles::text[], needs = :needs, reasons = :reasons, claimed_status = :claimed_status, updated_at = a22_now(),
  updated_by = :by, version = version + 1
WHERE id = :version_id AND state = 'drafting'
"""
DISCARD = """
UPDATE authority_response SET state = 'discarded', updated_at = a22_now(), updated_by = :by, version = version + 1
WHERE id = :version_id AND state = 'drafting'
"""
SUPERSEDE = """
UPDATE authority_response SET state = 'superseded', updated_at = a22_now(), updated_by = :by, version = version + 1
WHERE addressee_id = :addressee_id AND state = 'submitted'
"""
SUBMIT = """
UPDATE authority_response SET state = 'submitted', submitted_on = a22_today(), was_late = :was_late, updated_at = a22_now(),
  updated_by = :by, version = version + 1,
  number = 1 + coalesce((SELECT max(before.number) FROM authority_response before
    WHERE before.addressee_id = authority_response.addressee_id AND before.state IN ('submitted', 'superseded')), 0)
WHERE id = :version_id AND state = 'drafting'
"""
ANSWERED = """
UPDATE addressee SET state = :state, answered_on = coalesce(answered_on, a22_today()), updated_at = a22_now(), updated_by = :by,
  version = version + 1
WHERE id = :addressee_id
"""
LATEST_NUMBER = "SELECT coalesce(max(number), 0) AS number FROM authority_response WHERE addressee_id = :addressee_id"


async def matching(work: Work, filters: ResponseFilters) -> Page:
    """Give a page of what is owed."""
    return await fetch_page(work, RESPONSES, filters)


async def in_full(work: Work, addressee_id: UUID) -> bytes:
    """Give what one addressee owes, with every submitted version, or raise NotFound."""
    allowed: dict[str, Any] = work.allowed_actions(RESPONSE, "transition_response")
    return await fetch_one(work, RESPONSE_IN_FULL, addressee_id=addressee_id, allowed=as_json(allowed))


async def valid_version(work: Work, addressee_id: UUID) -> AuthorityResponse | None:
    """Take the version that holds now, if there is one."""
    wanted = select(AuthorityResponse).where(
        col(AuthorityResponse.addressee_id) == addressee_id, col(AuthorityResponse.state) == "submitted"
    )
    return (await work.session.exec(wanted.with_for_update())).one_or_none()


async def next_number(work: Work, addressee_id: UUID) -> int:
    """Give the number of the next version that the NPM itself enters."""
    return int((await fetch_rows(work, LATEST_NUMBER, addressee_id=addressee_id))[0]["number"]) + 1


def _allowed(work: Work) -> str:
    allowed: dict[str, Any] = work.allowed_actions(AUTHORITY_RESPONSE, "transition_response")
    return as_json(allowed)


async def own_matching(work: Work, recommendation_id: UUID, filters: AuthorityResponseFilters) -> Page:
    """Give a page of the caller's own versions; NotFound where nothing was asked of it."""
    await own_addressee(work, recommendation_id)
    return await fetch_page(work, OWN_VERSIONS, filters, recommendation_id=recommendation_id, allowed=_allowed(work))


async def own_version(work: Work, recommendation_id: UUID, version_id: UUID) -> bytes:
    """Give one version of the caller's own answer under its own recommendation."""
    return await fetch_one(
        work, OWN_VERSION, recommendation_id=recommendation_id, version_id=version_id, allowed=_allowed(work)
    )


async def own_addressee(work: Work, recommendation_id: UUID, *, addressee_id: UUID | None = None) -> dict[str, Any]:
    """Give what was asked of the caller about a recommendation, or raise NotFound."""
    found = await fetch_rows(work, OWN_ADDRESSEE, recommendation_id=recommendation_id, addressee_id=addressee_id)
    if not found:
        raise NotFound
    return found[0]


async def lock_own(work: Work, recommendation_id: UUID, *, addressee_id: UUID | None = None) -> dict[str, Any]:
    """Take what was asked of the caller (of one department, where an answer names it): two acts take turns."""
    asked = await own_addressee(work, recommendation_id, addressee_id=addressee_id)
    await fetch_rows(work, LOCK_ADDRESSEE, addressee_id=asked["id"])
    return await own_addressee(work, recommendation_id, addressee_id=asked["id"])


async def lock_version(work: Work, recommendation_id: UUID, version_id: UUID) -> dict[str, Any]:
    """Take one version of the caller's own answer for a change, or raise NotFound."""
    found = await fetch_rows(work, LOCK_VERSION, recommendation_id=recommendation_id, version_id=version_id)
    if not found:
        raise NotFound
    return found[0]


async def write(work: Work, statement: str, **values: Any) -> None:
    """Run one of the statements above as the caller; NotFound when no row of the caller's was touched."""
    if await execute(work, statement, by=work.caller.person, **values) == 0:
        raise NotFound


async def supersede(work: Work, addressee_id: UUID) -> None:
    """Let a later version take the place of the valid one, where there is one."""
    await execute(work, SUPERSEDE, addressee_id=addressee_id, by=work.caller.person)


def content_of(shown: bytes) -> bytes:
    """Give the content of a shown version as it would be sent."""
    version = json.loads(shown)
    kept = ("position", "measures", "planned_on", "obstacles", "needs", "reasons", "claimed_status")
    return json.dumps({name: version[name] for name in kept}).encode()
