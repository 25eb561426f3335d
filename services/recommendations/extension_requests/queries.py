"""Reads and writes of requests for more time."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.recommendations.extension_requests.rules import EXTENSION_REQUEST
from services.recommendations.extension_requests.schemas import (
    AuthorityExtensionRequestFilters,
    ExtensionRequestFilters,
)
from services.recommendations.extension_requests.tables import ExtensionRequest
from services.recommendations.known.queries import named, person_named
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_CORE = "x.id, x.state, x.asked_on, x.asked_until, x.reason, x.granted_until, x.decision_reason, x.decided_on"
_ALLOWED = "coalesce(:allowed::jsonb -> x.state, '[]') AS allowed_actions"
_COLUMNS = f"""{_CORE}, {named("x.authority_id", "s")} AS authority, json_build_object('id', r.id, 'name', r.code) AS recommendation,
  x.addressee_id AS response_id, a.due_on, {person_named("x.decided_by")} AS decided_by, {_ALLOWED}"""
_FROM = """extension_request x JOIN addressee a ON a.id = x.addressee_id JOIN recommendation r ON r.id = x.recommendation_id
  LEFT JOIN known_stakeholder s ON s.id = x.authority_id"""
REQUESTS = Listing(
    columns=_COLUMNS,
    source=_FROM,
    identity="x.id",
    sorts={"asked_on": Sort("x.asked_on", "date")},
    default_sort="-asked_on",
    filters={"state": "x.state = ANY(:state::text[])", "authority_id": "x.authority_id = :authority_id::uuid"},
)
REQUEST = f"SELECT {_COLUMNS} FROM {_FROM} WHERE x.id = :request_id"
PARENT = "SELECT id FROM recommendation WHERE id = :recommendation_id"
OWN_REQUESTS = Listing(
    columns=f"{_CORE}, {_ALLOWED}",
    source="extension_request x",
    identity="x.id",
    where="x.recommendation_id = :recommendation_id::uuid",
    sorts={"asked_on": Sort("x.asked_on", "date")},
    default_sort="-asked_on",
)
OWN_REQUEST = f"SELECT {_CORE}, {_ALLOWED} FROM extension_request x WHERE x.id = :request_id AND x.recommendation_id = :recommendation_id"
LOCK_OWN = """
SELECT id, state, addressee_id FROM extension_request WHERE id = :request_id AND recommendation_id = :recommendation_id
"""
OPEN = "SELECT id FROM extension_request WHERE addressee_id = :addressee_id AND state = 'asked'"
ASK = """
INSERT INTO extension_request (id, addressee_id, recommendation_id, authority_id, state, asked_on, asked_until, reason, decision_reason,
  created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
VALUES (:id, :addressee_id, :recommendation_id, :authority_id, 'asked', a22_today(), :asked_until, :reason, '',
  a22_now(), :by, a22_now(), :by, 1, 'AUT', 'native')
"""
WITHDRAW = """
UPDATE extension_request SET state = 'withdrawn', updated_at = a22_now(), updated_by = :by, version = version + 1
WHERE addressee_id = :addressee_id AND state = 'asked'
"""


def _allowed(work: Work) -> str:
    allowed: dict[str, Any] = work.allowed_actions(EXTENSION_REQUEST, "transition_extension_request")
    return as_json(allowed)


async def matching(work: Work, filters: ExtensionRequestFilters) -> Page:
    """Give a page of requests for more time."""
    return await fetch_page(work, REQUESTS, filters, allowed=_allowed(work))


async def in_full(work: Work, request_id: UUID) -> bytes:
    """Give one request, or raise NotFound."""
    return await fetch_one(work, REQUEST, request_id=request_id, allowed=_allowed(work))


async def own_matching(work: Work, recommendation_id: UUID, filters: AuthorityExtensionRequestFilters) -> Page:
    """Give a page of the caller's own requests about one recommendation; NotFound where nothing was asked of it."""
    await fetch_one(work, PARENT, recommendation_id=recommendation_id)
    return await fetch_page(work, OWN_REQUESTS, filters, recommendation_id=recommendation_id, allowed=_allowed(work))


async def own(work: Work, recommendation_id: UUID, request_id: UUID) -> bytes:
    """Give one of the caller's own requests, or raise NotFound."""
    return await fetch_one(
        work, OWN_REQUEST, recommendation_id=recommendation_id, request_id=request_id, allowed=_allowed(work)
    )


async def own_row(work: Work, recommendation_id: UUID, request_id: UUID) -> dict[str, Any]:
    """Give the state of one of the caller's own requests, or raise NotFound."""
    found = await fetch_rows(work, LOCK_OWN, recommendation_id=recommendation_id, request_id=request_id)
    if not found:
        raise NotFound
    return found[0]


async def is_one_open(work: Work, addressee_id: UUID) -> bool:
    """Tell whether a request is waiting for the decision."""
    return bool(await fetch_rows(work, OPEN, addressee_id=addressee_id))


async def ask(work: Work, **values: Any) -> None:
    """Write a request as the caller; the row policy refuses what is not the caller's to ask."""
    await execute(work, ASK, by=work.caller.person, **values)


async def withdraw_open(work: Work, addressee_id: UUID) -> int:
    """Take back what is open for an addressee, because there is nothing to wait for any more."""
    return await execute(work, WITHDRAW, addressee_id=addressee_id, by=work.caller.person)


async def lock(work: Work, request_id: UUID) -> ExtensionRequest:
    """Take a request for a decision, or raise NotFound."""
    found = await work.session.exec(
        select(ExtensionRequest).where(col(ExtensionRequest.id) == request_id).with_for_update()
    )
    request = found.one_or_none()
    if request is None:
        raise NotFound
    return request
