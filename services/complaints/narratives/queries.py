"""Writes and reads of sealed texts. What is read here is ciphertext; opening it is the use case's."""

from typing import Any
from uuid import UUID

from services.complaints.narratives.tables import COLUMNS
from shared.db import Work
from shared.errors import NotFound
from shared.paging import execute, fetch_rows
from shared.texts import as_json

_LISTED = ", ".join(COLUMNS)
ADD = f"INSERT INTO case_text ({_LISTED}) SELECT {_LISTED} FROM jsonb_populate_recordset(null::case_text, :rows::jsonb)"
CASE = "SELECT id, ref FROM complaint WHERE id = :case_id::uuid"
TEXTS = """
SELECT id, kind, language, sealed_text, created_at::date AS added_on FROM case_text
WHERE case_id = :case_id::uuid ORDER BY created_at, id
"""


async def add(work: Work, rows: list[dict[str, Any]]) -> None:
    """Add sealed texts."""
    if rows:
        await execute(work, ADD, rows=as_json(rows))


async def case(work: Work, case_id: UUID) -> dict[str, Any]:
    """Give id and ref of a case that the caller may see, or raise NotFound."""
    found = await fetch_rows(work, CASE, case_id=case_id)
    if not found:
        raise NotFound
    return found[0]


async def texts(work: Work, case_id: UUID) -> list[dict[str, Any]]:
    """Give the sealed texts of a case, the oldest first."""
    return await fetch_rows(work, TEXTS, case_id=case_id)
