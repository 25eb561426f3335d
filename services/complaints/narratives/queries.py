"""Writes and reads of sealed texts. What is read here is ciphertext; opening it is the use case's."""

from typing import Any
from uuid import UUID

from services.complaints.narratives.tables import COLUMNS
from shared.db import Work
from shared.errors import NotFound
from shared.paging import execute, fetch_rows
from shared.texts import as_json

_OWN = ("id", "case_id", "kind", "language", "sealed_text")
_SAME = tuple(column for column in COLUMNS if column not in _OWN)
#: What differs from row to row comes as arrays: as one JSON text it would be read a second time, byte by byte.
ADD = f"""
INSERT INTO case_text ({", ".join((*_OWN, *_SAME))}) SELECT n.*, {", ".join(f"s.{column}" for column in _SAME)}
FROM unnest(:id::uuid[], :case_id::uuid[], :kind::text[], :language::text[], :sealed_text::bytea[]) n,
  jsonb_populate_record(null::case_text, :same::jsonb) s
"""
CASE = "SELECT id, ref FROM complaint WHERE id = :case_id::uuid"
TEXTS = """
SELECT id, kind, language, sealed_text, created_at::date AS added_on FROM case_text
WHERE case_id = :case_id::uuid ORDER BY created_at, id
"""


async def add(work: Work, rows: list[dict[str, Any]]) -> None:
    """Add sealed texts, all of one moment: what is in no row's own columns is the same in all."""
    if rows:
        same = as_json({column: rows[0][column] for column in _SAME})
        await execute(work, ADD, same=same, **{column: [row[column] for row in rows] for column in _OWN})


async def case(work: Work, case_id: UUID) -> dict[str, Any]:
    """Give id and ref of a case that the caller may see, or raise NotFound."""
    found = await fetch_rows(work, CASE, case_id=case_id)
    if not found:
        raise NotFound
    return found[0]


async def texts(work: Work, case_id: UUID) -> list[dict[str, Any]]:
    """Give the sealed texts of a case, the oldest first."""
    return await fetch_rows(work, TEXTS, case_id=case_id)
