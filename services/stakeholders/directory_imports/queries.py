"""Reads of an import of institutions: what sources said before, and by what every body can be recognised."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select

from services.stakeholders.authorities.tables import Stakeholder
from services.stakeholders.directory_imports.rules import Known, site_of
from services.stakeholders.directory_imports.tables import AuthorityEntry
from shared.db import Work
from shared.paging import fetch_rows

BODIES = "SELECT id, sort_name, website FROM stakeholder"
NAMED = "SELECT stakeholder_id, folded, site, source = :source AS is_of_source FROM authority_entry WHERE stakeholder_id IS NOT NULL"
CHILDREN = """
SELECT id FROM authority_entry WHERE source = :source AND stakeholder_id IS NOT NULL AND said -> 'parents' @> to_jsonb(:row::text)
"""


async def entries_of(work: Work, source: str) -> dict[str, AuthorityEntry]:
    """Give what a source said before, by row, taken for a change."""
    found = await work.session.exec(select(AuthorityEntry).where(AuthorityEntry.source == source).with_for_update())
    return {entry.source_row: entry for entry in found.all()}


async def entries_about(work: Work, bodies: Collection[UUID]) -> dict[UUID, list[AuthorityEntry]]:
    """Give what all sources say of these institutions, the most trusted first."""
    found = await work.session.exec(
        select(AuthorityEntry)
        .where(col(AuthorityEntry.stakeholder_id).in_(bodies))
        .order_by(col(AuthorityEntry.rank), col(AuthorityEntry.source), col(AuthorityEntry.source_row))
    )
    about: dict[UUID, list[AuthorityEntry]] = {}
    for entry in found.all():
        if entry.stakeholder_id is not None:
            about.setdefault(entry.stakeholder_id, []).append(entry)
    return about


async def bodies(work: Work, ids: Collection[UUID]) -> dict[UUID, Stakeholder]:
    """Give institutions by id, taken for a change."""
    found = await work.session.exec(select(Stakeholder).where(col(Stakeholder.id).in_(ids)).with_for_update())
    return {body.id: body for body in found.all()}


async def known(work: Work, source: str) -> Known:
    """Give by what every institution of the directory can be recognised."""
    directory = Known()
    for row in await fetch_rows(work, BODIES):
        directory.learn(row["id"], row["sort_name"], site_of(row["website"]), is_of_source=False)
    for row in await fetch_rows(work, NAMED, source=source):
        directory.learn(row["stakeholder_id"], row["folded"], row["site"], is_of_source=row["is_of_source"])
    return directory


async def children(work: Work, source: str, row: str) -> list[AuthorityEntry]:
    """Give the rows of a source that name a row as their parent."""
    ids = [each["id"] for each in await fetch_rows(work, CHILDREN, source=source, row=row)]
    found = await work.session.exec(select(AuthorityEntry).where(col(AuthorityEntry.id).in_(ids)).with_for_update())
    return list(found.all())


async def lock(work: Work, entry_id: UUID) -> AuthorityEntry | None:
    """Take a row that waits or was decided for a change."""
    found = await work.session.exec(select(AuthorityEntry).where(col(AuthorityEntry.id) == entry_id).with_for_update())
    return found.one_or_none()
