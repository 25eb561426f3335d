"""The routes of visits of other bodies. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.external_visits import queries, usecases
from services.visits.external_visits.schemas import (
    ExternalVisit,
    ExternalVisitCreate,
    ExternalVisitFilters,
    ExternalVisitPage,
    ExternalVisitUpdate,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "external-visits")
ROUTERS = (npm,)


@npm.get("", response_model=ExternalVisitPage)
async def list_external_visits(work: NpmWork, request: Request, filters: Filtered[ExternalVisitFilters]) -> Response:
    """List the visits of other bodies, the latest first."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=ExternalVisit)
async def record_external_visit(work: NpmWork, new: Json[ExternalVisitCreate]) -> Response:
    """Record a visit of another body. A done one by an international body asks for a check for reprisals."""
    kept = await work.once(usecases.record_external_visit, new)
    return created(work, await queries.in_full(work, kept), f"/v1/npm/external-visits/{kept}")


@npm.get("/{external_visit_id}", response_model=ExternalVisit)
async def get_external_visit(work: NpmWork, external_visit_id: UUID) -> Response:
    """Read one visit of another body."""
    return one(work, await queries.in_full(work, external_visit_id))


@npm.patch("/{external_visit_id}", response_model=ExternalVisit)
async def update_external_visit(
    work: NpmWork, external_visit_id: UUID, if_match: IfMatch, changes: MergePatch[ExternalVisitUpdate]
) -> Response:
    """Keep that it was done, called off, or followed by a check for reprisals."""
    await usecases.update_external_visit(work, external_visit_id, if_match, changes)
    return one(work, await queries.in_full(work, external_visit_id))
