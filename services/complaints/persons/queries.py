"""Writes and reads of the vault. What is read here is ciphertext; opening it is the use case's."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.complaints.persons.tables import COLUMNS
from shared.db import Work
from shared.errors import NotFound
from shared.paging import execute, fetch_rows
from shared.texts import as_json

_LISTED = ", ".join(COLUMNS)
ADD = f"INSERT INTO person_record ({_LISTED}) SELECT {_LISTED} FROM jsonb_populate_recordset(null::person_record, :rows::jsonb)"
SEALED_RECORD = """
SELECT id, case_id, role, sealed_name, sealed_birth_year, sealed_identifiers, sealed_contact, sealed_safe_contact
FROM person_record WHERE id = :record_id::uuid AND state <> 'erased'
"""
TAKE_TURNS = "SELECT pg_advisory_xact_lock(hashtextextended('reveal ' || :person_id, 22))::text AS taken"
#: Counted on the host's clock: a limit against haste, not a period of the domain.
REVEALED = "SELECT count(*) AS times, min(at) AS first FROM reveal WHERE person_id = :person_id AND at > now() - interval '1 hour'"
REVEALING = """
INSERT INTO reveal (id, person_id, at, purpose, created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
VALUES (gen_random_uuid(), :person_id, now(), :purpose, a22_now(), :person_id, a22_now(), :person_id, 1, 'RES', 'native')
"""


async def add(work: Work, rows: list[dict[str, Any]]) -> None:
    """Add sealed person records."""
    if rows:
        await execute(work, ADD, rows=as_json(rows))


async def sealed(work: Work, record_id: UUID) -> dict[str, Any]:
    """Give one sealed record that the caller may open, or raise NotFound."""
    found = await fetch_rows(work, SEALED_RECORD, record_id=record_id)
    if not found:
        raise NotFound
    return found[0]


async def reveals(work: Work, person_id: str) -> tuple[int, datetime | None]:
    """Count somebody's reveals of the last hour, one request at a time."""
    await fetch_rows(work, TAKE_TURNS, person_id=person_id)
    row = (await fetch_rows(work, REVEALED, person_id=person_id))[0]
    return row["times"], row["first"]


async def note_reveal(work: Work, person_id: str, purpose: str) -> None:
    """Keep that somebody asks for an identity."""
    await execute(work, REVEALING, person_id=person_id, purpose=purpose)
