"""Every read of visits of other bodies."""

from uuid import UUID

from sqlmodel import col, select

from services.visits.external_visits.schemas import ExternalVisitFilters
from services.visits.external_visits.tables import ExternalVisit
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page

_COLUMNS = """x.id, x.body_id, x.body_kind, x.body_name,
  (SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.sort_name, p.id), '[]')
    FROM place p WHERE p.id = ANY(x.place_ids)) AS places,
  x.from_on, x.to_on, x.done_on, x.cancelled_on, x.purpose, x.is_source_confidential, x.reprisal_check_due_on, x.reprisal_checked_on"""

EXTERNAL_VISITS = Listing(
    columns=_COLUMNS,
    source="external_visit x",
    identity="x.id",
    sorts={"from_on": Sort("x.from_on", "date")},
    default_sort="-from_on",
    filters={"place_id": ":place_id::uuid = ANY(x.place_ids)"},
)
EXTERNAL_VISIT = f"SELECT {_COLUMNS} FROM external_visit x WHERE x.id = :external_visit_id"


async def matching(work: Work, filters: ExternalVisitFilters) -> Page:
    """Give a page of visits of others."""
    return await fetch_page(work, EXTERNAL_VISITS, filters)


async def in_full(work: Work, external_visit_id: UUID) -> bytes:
    """Give one visit of another body, or raise NotFound."""
    return await fetch_one(work, EXTERNAL_VISIT, external_visit_id=external_visit_id)


async def lock(work: Work, external_visit_id: UUID) -> ExternalVisit:
    """Take a visit of another body for a change, or raise NotFound."""
    found = await work.session.exec(
        select(ExternalVisit).where(col(ExternalVisit.id) == external_visit_id).with_for_update()
    )
    visit = found.one_or_none()
    if visit is None:
        raise NotFound
    return visit
