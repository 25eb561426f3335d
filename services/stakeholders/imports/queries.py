"""The reads of an import: which rows of a source are known, and which ids are taken."""

from collections.abc import Collection
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, select

from services.stakeholders.database import Sourced
from shared.db import Work

T = TypeVar("T", bound=Sourced)


async def imported(work: Work, table: type[T], source: str, rows: Collection[str]) -> dict[str, T]:
    """Give the records that came from these rows of a source, by row, taken for a change."""
    found = await work.session.exec(
        select(table).where(col(table.source) == source, col(table.source_row).in_(rows)).with_for_update()
    )
    return {str(record.source_row): record for record in found.all()}


async def taken(work: Work, table: type[T], ids: Collection[UUID]) -> set[UUID]:
    """Give those of the ids that records already have."""
    found = await work.session.exec(select(table.id).where(col(table.id).in_(ids)))
    return set(found.all())
