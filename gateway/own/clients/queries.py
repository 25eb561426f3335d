"""Every read of the registry of machine clients: for the people who keep it, and for the token endpoint."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from gateway.own.clients.rules import CLIENT, CLIENT_KEY
from gateway.own.clients.schemas import ClientFilters, ClientProposalFilters
from gateway.own.clients.tables import Client, ClientKey
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page
from shared.texts import as_json

_KEYS = """(SELECT coalesce(json_agg(json_build_object('kid', k.kid, 'x', k.x, 'y', k.y, 'status', k.status,
    'proposed_by', k.proposed_by, 'approved_by', k.approved_by, 'vouched_by', k.vouched_by,
    'allowed_actions', coalesce(:allowed_of_keys::jsonb -> k.status, '[]')) ORDER BY k.created_at, k.kid), '[]')
  FROM client_key k WHERE k.client_id = c.id)"""

CLIENTS = Listing(
    columns="c.id, c.name, c.audience_class, c.roles, c.partner_id, c.authority_id, c.status, c.valid_until",
    source="client c",
    identity="c.id",
    sorts={"name": Sort("c.name", "text")},
    default_sort="name",
    filters={"status": "c.status = ANY(:status::text[])"},
)
#: What waits for a second person: a client, or a key of one that is let in.
PROPOSALS = Listing(
    columns=CLIENTS.columns,
    source=CLIENTS.source,
    identity="c.id",
    where="c.status = 'proposed' OR (c.status = 'active' AND EXISTS "
    "(SELECT 1 FROM client_key k WHERE k.client_id = c.id AND k.status = 'proposed'))",
    sorts=CLIENTS.sorts,
    default_sort="name",
)
IN_FULL = f"""
SELECT c.id, c.name, c.audience_class, c.roles, c.institution_id, c.authority_id, c.department_id, c.partner_id, c.mou_id,
  c.scopes, {_KEYS} AS keys, c.package_key, c.rate_class, c.valid_until, c.status, c.proposed_by, c.approved_by,
  coalesce(:allowed::jsonb -> c.status, '[]') AS allowed_actions
FROM client c WHERE c.id = :client_id
"""
PRESENTED = """
SELECT c.audience_class, c.roles, c.institution_id, c.authority_id, c.department_id, c.partner_id, c.mou_id, c.scopes,
  c.valid_until, c.status, k.x, k.y, k.status AS key_status, a22_today() AS today
FROM client c JOIN client_key k ON k.client_id = c.id WHERE c.id = $1 AND k.kid = $2
"""
#: One insert decides who used a proof first; whoever was revoked since it was looked at gets nothing.
USE_ONCE = """
INSERT INTO client_assertion (client_id, jti_digest, ends_at)
SELECT c.id, $3, $4 FROM client c JOIN client_key k ON k.client_id = c.id
WHERE c.id = $1 AND k.kid = $2 AND c.status = 'active' AND k.status = 'active'
ON CONFLICT DO NOTHING RETURNING client_id
"""
FORGET = "DELETE FROM client_assertion WHERE ends_at < $1"


async def matching(work: Work, filters: ClientFilters) -> Page:
    """Give a page of machine clients, by name."""
    return await fetch_page(work, CLIENTS, filters)


async def waiting(work: Work, filters: ClientProposalFilters) -> Page:
    """Give a page of the clients of which something waits for a second person, by name."""
    return await fetch_page(work, PROPOSALS, filters)


async def in_full(work: Work, client_id: UUID) -> bytes:
    """Give one client with its keys, or raise NotFound."""
    allowed = as_json(work.allowed_actions(CLIENT, "transition_client"))
    of_keys = as_json(work.allowed_actions(CLIENT_KEY, "transition_client_key"))
    return await fetch_one(work, IN_FULL, client_id=client_id, allowed=allowed, allowed_of_keys=of_keys)


async def is_known(work: Work, client_id: UUID) -> bool:
    """Tell whether a client of this id was ever registered."""
    return (await work.session.exec(select(col(Client.id)).where(col(Client.id) == client_id))).first() is not None


async def lock(work: Work, client_id: UUID) -> Client:
    """Take a client for a change of it or of its keys, or raise NotFound."""
    found = await work.session.exec(select(Client).where(col(Client.id) == client_id).with_for_update())
    client = found.one_or_none()
    if client is None:
        raise NotFound
    return client


async def keys_of(work: Work, client_id: UUID) -> list[ClientKey]:
    """Give every key a client ever had, the removed ones too."""
    found = await work.session.exec(select(ClientKey).where(col(ClientKey.client_id) == client_id))
    return list(found.all())


async def presented(work: Work, client_id: UUID, kid: str) -> dict[str, Any] | None:
    """Give what is registered for a client and the key it names, with today's date; None when there is no such pair."""
    row = await work.connection.fetchrow(PRESENTED, client_id, kid)
    return dict(row) if row else None


async def use_once(work: Work, client_id: UUID, kid: str, *, digest: bytes, ends_at: datetime) -> bool:
    """Use a proof up; False when it was used before, or client or key are no longer let in."""
    return await work.connection.fetchval(USE_ONCE, client_id, kid, digest, ends_at) is not None


async def forget(work: Work, *, ended_before: datetime) -> None:
    """Forget proofs that nobody could use any longer."""
    await work.connection.execute(FORGET, ended_before)
