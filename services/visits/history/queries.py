"""What an import of visits looks up: places by code or id, and codes that are taken."""

from collections.abc import Iterable
from uuid import UUID

from shared.db import Work
from shared.paging import fetch_rows

PLACES = """
SELECT id, code FROM place WHERE (id = ANY(:ids::uuid[]) OR code = ANY(:codes::text[])) AND status NOT IN ('merged', 'rejected')
"""
TAKEN = "SELECT id, code, source, source_row FROM visit WHERE id = ANY(:ids::uuid[]) OR code = ANY(:codes::text[])"


async def places(work: Work, ids: Iterable[UUID], codes: Iterable[str]) -> dict[str, UUID]:
    """Give the ids of places by what they may be named with: their id or their code."""
    rows = await fetch_rows(work, PLACES, ids=list(ids), codes=list(codes))
    return {key: row["id"] for row in rows for key in (str(row["id"]), row["code"])}


async def taken(work: Work, ids: Iterable[UUID], codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Give which source and row hold these ids and codes already."""
    rows = await fetch_rows(work, TAKEN, ids=list(ids), codes=list(codes))
    return {
        key: (row["source"] or "", row["source_row"] or "") for row in rows for key in (str(row["id"]), row["code"])
    }
