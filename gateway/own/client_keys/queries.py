"""Reads and writes of a machine's own keys, as its own class: row policies give it its own client and no other."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from gateway.own.client_keys.schemas import OwnClientKeyFilters
from gateway.own.clients.rules import CLIENT_KEY
from gateway.own.clients.schemas import ClientKeyCreate
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page
from shared.texts import as_json

_COLUMNS = """k.kid, k.x, k.y, k.status, k.created_at::date AS added_on,
  coalesce(:allowed::jsonb -> k.status, '[]') AS allowed_actions"""
KEYS = Listing(
    columns=_COLUMNS,
    source="client_key k",
    identity="k.id",
    where="k.client_id::text = :client_id",
    sorts={"kid": Sort("k.kid", "text")},
    default_sort="kid",
)
IN_FULL = f"SELECT {_COLUMNS} FROM client_key k WHERE k.client_id::text = :client_id AND k.kid = :kid"
LOCK = "SELECT status FROM client WHERE id::text = $1 FOR UPDATE"
EVERY = "SELECT id, kid, x, y, status FROM client_key WHERE client_id = $1"
ADD = """
INSERT INTO client_key (id, created_at, created_by, updated_at, updated_by, version, confidentiality, origin,
  client_id, kid, x, y, status, proposed_by, vouched_by)
VALUES ($1, $2, $3, $2, $3, 1, 'INT', 'native', $4, $5, $6, $7, $8, $3, $9)
"""
MOVE = """
UPDATE client_key SET status = $3, updated_at = $4, updated_by = $5, version = version + 1 WHERE client_id = $1 AND kid = $2
"""
TOUCH = "UPDATE client SET updated_at = $2, updated_by = $3, version = version + 1 WHERE id = $1"
USE_ONCE = """
INSERT INTO client_assertion (client_id, jti_digest, ends_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING client_id
"""


def _own(work: Work) -> dict[str, str]:
    return {"client_id": work.caller.client_id, "allowed": _allowed(work)}


def _allowed(work: Work) -> str:
    return as_json(work.allowed_actions(CLIENT_KEY, "transition_own_client_key"))


async def matching(work: Work, filters: OwnClientKeyFilters) -> Page:
    """Give a page of the keys that the calling machine has or had; nobody else has any."""
    return await fetch_page(work, KEYS, filters, **_own(work))


async def in_full(work: Work, kid: str) -> bytes:
    """Give one of the calling machine's keys, or raise NotFound."""
    return await fetch_one(work, IN_FULL, kid=kid, **_own(work))


async def lock(work: Work, client_id: str) -> str:
    """Take the calling machine's registration, so that its keys change one after the other; gives where it stands."""
    status: str | None = await work.connection.fetchval(LOCK, client_id)
    if status is None:
        raise NotFound
    return status


async def every(work: Work, client_id: UUID) -> list[dict[str, Any]]:
    """Give every key the machine ever had, the removed ones too."""
    return [dict(row) for row in await work.connection.fetch(EVERY, client_id)]


async def add(work: Work, client_id: UUID, key: ClientKeyCreate, *, status: str, vouched_by: str) -> UUID:
    """Keep a key that another of the machine's keys signed for."""
    made = uuid4()
    await work.connection.execute(
        ADD, made, await work.now(), work.caller.person, client_id, key.kid, key.x, key.y, status, vouched_by
    )
    await work.connection.execute(TOUCH, client_id, await work.now(), work.caller.person)
    return made


async def move(work: Work, client_id: UUID, kid: str, status: str) -> None:
    """Change where a key stands."""
    await work.connection.execute(MOVE, client_id, kid, status, await work.now(), work.caller.person)
    await work.connection.execute(TOUCH, client_id, await work.now(), work.caller.person)


async def use_once(work: Work, client_id: UUID, digest: bytes, ends_at: datetime) -> bool:
    """Use a statement up; False when it was used before."""
    return await work.connection.fetchval(USE_ONCE, client_id, digest, ends_at) is not None
