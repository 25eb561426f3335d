"""The routes of visits for authorities: facts of visits that have begun at places they run."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.visits import queries
from services.visits.visits.schemas.authority import AuthorityVisit, AuthorityVisitFilters, AuthorityVisitPage
from shared.app import audience_router
from shared.http import AuthorityWork, one, page
from shared.schemas import Filtered

authority = audience_router("authority", "visits")


@authority.get("", response_model=AuthorityVisitPage)
async def list_visits(work: AuthorityWork, request: Request, filters: Filtered[AuthorityVisitFilters]) -> Response:
    """List the visits that have begun at places your authority runs."""
    return page(work, request, await queries.begun_at_own_places(work, filters))


@authority.get("/{visit_id}", response_model=AuthorityVisit)
async def get_visit(work: AuthorityWork, visit_id: UUID) -> Response:
    """Read one visit that has begun at a place your authority runs."""
    return one(work, await queries.one_begun_at_own_place(work, visit_id))
