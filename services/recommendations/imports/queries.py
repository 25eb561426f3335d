"""Reads of an import: what came from the same rows before, and which ids are taken."""

from uuid import UUID

from sqlmodel import col, select

from services.recommendations.recommendations.tables import Recommendation
from shared.db import Work
from shared.paging import fetch_rows

KNOWN = """
SELECT source_row, source_note->>'digest' AS digest FROM recommendation WHERE source = :source AND source_row = ANY(:rows::text[])
"""
TAKEN = "SELECT id FROM recommendation WHERE id = ANY(:ids::uuid[])"


async def known(work: Work, source: str, rows: list[str]) -> dict[str, str]:
    """Give by row what was kept of the rows of a source: the digest of what was sent."""
    found = await fetch_rows(work, KNOWN, source=source, rows=rows)
    return {row["source_row"]: str(row["digest"]) for row in found}


async def imported(work: Work, source: str, rows: list[str]) -> dict[str, Recommendation]:
    """Give the recommendations that came from these rows of a source, by row, taken for a change."""
    found = await work.session.exec(
        select(Recommendation)
        .where(Recommendation.source == source, col(Recommendation.source_row).in_(rows))
        .with_for_update()
    )
    return {str(recommendation.source_row): recommendation for recommendation in found.all()}


async def taken(work: Work, ids: list[UUID]) -> set[UUID]:
    """Give those ids that stand for a recommendation already."""
    return {row["id"] for row in await fetch_rows(work, TAKEN, ids=ids)}
