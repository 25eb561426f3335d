"""The routes of visits for experts: only those on whose team they are."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.visits import queries
from services.visits.visits.schemas.expert import ExpertVisit, ExpertVisitFilters, ExpertVisitPage
from shared.app import audience_router
from shared.http import ExpertWork, one, page
from shared.schemas import Filtered

expert = audience_router("expert", "visits")


@expert.get("", response_model=ExpertVisitPage)
async def list_visits(work: ExpertWork, request: Request, filters: Filtered[ExpertVisitFilters]) -> Response:
    """List the visits on whose team you are, while you are accredited for their places and no conflict excludes you."""
    return page(work, request, await queries.of_expert(work, filters))


@expert.get("/{visit_id}", response_model=ExpertVisit)
async def get_visit(work: ExpertWork, visit_id: UUID) -> Response:
    """Read one visit on whose team you are."""
    return one(work, await queries.one_of_expert(work, visit_id))
