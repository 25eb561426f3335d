"""The names behind the caller's own ids; a class that keeps no persons or organisations asks for none."""

from typing import Any
from uuid import UUID

from shared.db import Work
from shared.paging import fetch_rows

PERSON = "SELECT p.id, p.name FROM person p WHERE p.id = :id"
ORGANISATION = "SELECT s.id, s.name FROM stakeholder s WHERE s.id = :id"


async def person(work: Work, person_id: str) -> dict[str, Any] | None:
    """Give somebody's own id and name, where there is an entry."""
    return await _named(work, PERSON, person_id)


async def organisation(work: Work, organisation_id: str) -> dict[str, Any] | None:
    """Give id and name of the own authority, department or partner; the id alone when the directory does not have it."""
    if not organisation_id:
        return None
    return await _named(work, ORGANISATION, organisation_id) or {"id": organisation_id, "name": ""}


async def _named(work: Work, sql: str, wanted: str) -> dict[str, Any] | None:
    try:
        rows = await fetch_rows(work, sql, id=UUID(wanted))
    except ValueError:
        return None
    return rows[0] if rows else None
