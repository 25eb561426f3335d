"""Every statement on the list of revocations."""

from typing import Any
from uuid import UUID

from gateway.own.revocations.rules import REVOCATION
from gateway.own.revocations.schemas import AccessRevocationFilters
from shared.caller import Caller
from shared.db import Database, Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.revocations.following import Changes, Position, Source
from shared.revocations.rules import Entry, RevocationKind
from shared.texts import as_json

MOST_CHANGES = 1000

_COLUMNS = """x.id, x.kind, x.value, x.issuer, x.effect, x.issued_before, x.reason, x.status, x.lift_reason,
  x.created_at, x.created_by, x.updated_at, x.updated_by, coalesce(:allowed::jsonb -> x.status, '[]') AS allowed_actions"""

REVOCATIONS = Listing(
    columns=_COLUMNS,
    source="access_revocation x",
    identity="x.id",
    sorts={"created_at": Sort("x.created_at", "timestamptz")},
    default_sort="-created_at",
    filters={
        "status": "x.status = ANY(:status::text[])",
        "kind": "x.kind = ANY(:kind::text[])",
        "value": "x.value = :value::text",
        "reason": "x.reason = ANY(:reason::text[])",
    },
)
REVOCATION_SHOWN = f"SELECT {_COLUMNS} FROM access_revocation x WHERE x.id = :revocation_id"

#: Changes take turns until they are committed, so that their numbers come in the order in which they can be seen.
TAKE_TURNS = "SELECT pg_advisory_xact_lock(4202024)"
NEXT = "(SELECT coalesce(max(m.changed), 0) + 1 FROM access_revocation m)"
#: Tokens go by the host's clock, and so does this: `now()` and never `a22_now()`.
SECONDS_AGO = "SELECT extract(epoch FROM now() - :at::timestamptz)::float8 AS ago"
SAME_BLOCK = """
SELECT x.id FROM access_revocation x
WHERE x.kind = :kind::text AND x.value = :value::text AND x.issuer = :issuer::text AND x.effect = 'blocked' AND x.status = 'in_force'
"""
INSERT = f"""
INSERT INTO access_revocation (id, created_at, created_by, updated_at, updated_by, version, confidentiality, origin, kind,
  value, issuer, effect, issued_before, reason, status, changed)
VALUES (:id::uuid, a22_now(), :by::text, a22_now(), :by::text, 1, 'RES', 'native', :kind::text, :value::text, :issuer::text,
  :effect::text, CASE WHEN :effect::text = 'blocked' THEN NULL ELSE coalesce(:at::timestamptz, now()) END, :reason::text,
  :status::text, {NEXT})
"""
LOCK = """
SELECT x.kind, x.value, x.issuer, x.status, x.issued_before FROM access_revocation x WHERE x.id = :revocation_id FOR UPDATE
"""
LIFT = f"""
UPDATE access_revocation SET status = :status::text, lift_reason = :lift_reason::text, updated_at = a22_now(), updated_by = :by::text,
  version = version + 1, changed = {NEXT}
WHERE id = :revocation_id
"""
#: What is lifted already matters to who reads on, and to nobody who begins.
CHANGES = """
WITH known AS (SELECT EXISTS (SELECT 1 FROM access_revocation k WHERE k.changed = $1 AND k.id = $2::uuid) AS yes)
SELECT x.id::text AS id, x.changed, x.kind, x.value, x.issuer, floor(extract(epoch FROM x.issued_before))::bigint AS issued_before,
  x.status = 'lifted' AS is_lifted, known.yes AS is_known
FROM known LEFT JOIN access_revocation x
  ON x.changed > CASE WHEN known.yes THEN $1 ELSE 0 END AND (known.yes OR x.status <> 'lifted')
ORDER BY x.changed LIMIT $3
"""

_FOLLOWER = Caller(subject="gateway-service", audience_class="worker", roles=frozenset({"system"}))


def _allowed(work: Work) -> str:
    return as_json(work.allowed_actions(REVOCATION, "transition_access_revocation"))


async def matching(work: Work, filters: AccessRevocationFilters) -> Page:
    """Give a page of the list, the latest first."""
    return await fetch_page(work, REVOCATIONS, filters, allowed=_allowed(work))


async def in_full(work: Work, revocation_id: UUID) -> bytes:
    """Give one entry, or raise NotFound."""
    return await fetch_one(work, REVOCATION_SHOWN, revocation_id=revocation_id, allowed=_allowed(work))


async def lock(work: Work, revocation_id: UUID) -> dict[str, Any]:
    """Take an entry for a change, or raise NotFound."""
    rows = await fetch_rows(work, LOCK, revocation_id=revocation_id)
    if not rows:
        raise NotFound
    return rows[0]


async def take_turns(work: Work) -> None:
    """Wait until no other change of the list is under way."""
    await work.connection.execute(TAKE_TURNS)


async def seconds_ago(work: Work, at: Any) -> float:
    """Tell how long ago an instant was, by the host's clock."""
    rows = await fetch_rows(work, SECONDS_AGO, at=at)
    return float(rows[0]["ago"])


async def same_block(work: Work, **entry: Any) -> UUID | None:
    """Give the block in force that names the same, if there is one."""
    rows = await fetch_rows(work, SAME_BLOCK, **entry)
    return rows[0]["id"] if rows else None


async def insert(work: Work, **entry: Any) -> None:
    """Keep a new entry."""
    await execute(work, INSERT, by=work.caller.subject, **entry)


async def lift(work: Work, revocation_id: UUID, **values: Any) -> None:
    """Note that an entry holds no longer."""
    await execute(work, LIFT, revocation_id=revocation_id, by=work.caller.subject, **values)


async def changes(work: Work, position: Position) -> Changes:
    """Give what changed after a position, or the whole list in force where the position is not known."""
    after_id = position.after_id or None
    rows = await work.connection.fetch(CHANGES, position.after, after_id, MOST_CHANGES)
    is_known = bool(rows[0]["is_known"])
    entries = tuple(
        Entry(
            id=row["id"], kind=RevocationKind(row["kind"]), value=row["value"], issuer=row["issuer"],
            issued_before=row["issued_before"], is_lifted=row["is_lifted"],
        )
        for row in rows
        if row["id"] is not None
    )  # fmt: skip
    reached = Position(rows[-1]["changed"], rows[-1]["id"]) if entries else position if is_known else Position()
    return Changes(entries, reached, is_whole=not is_known, is_end=len(rows) < MOST_CHANGES)


def from_database(database: Database) -> Source:
    """Read the list from its own database, as the gateway's process does."""

    async def read(position: Position) -> Changes:
        async with database.work(_FOLLOWER, writing=False) as work:
            return await changes(work, position)

    return read
