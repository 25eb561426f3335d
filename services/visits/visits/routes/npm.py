"""The routes of visits for the NPM. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.visits import queries, usecases
from services.visits.visits.schemas.npm import (
    Visit,
    VisitCreate,
    VisitFilters,
    VisitPage,
    VisitTransition,
    VisitUpdate,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "visits")


@npm.get("", response_model=VisitPage)
async def list_visits(work: NpmWork, request: Request, filters: Filtered[VisitFilters]) -> Response:
    """List the programme, the latest first. Unannounced visits of other teams show only once they have begun."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=Visit)
async def propose_visit(work: NpmWork, new: Json[VisitCreate]) -> Response:
    """Propose a visit to at least one place; the head or its lead plans it."""
    visit_id = await work.once(usecases.propose_visit, new)
    return created(work, await queries.in_full(work, visit_id), f"/v1/npm/visits/{visit_id}")


@npm.get("/{visit_id}", response_model=Visit)
async def get_visit(work: NpmWork, visit_id: UUID) -> Response:
    """Read one visit with its team and all its parts."""
    return one(work, await queries.in_full(work, visit_id))


@npm.patch("/{visit_id}", response_model=Visit)
async def update_visit(work: NpmWork, visit_id: UUID, if_match: IfMatch, changes: MergePatch[VisitUpdate]) -> Response:
    """Change a visit before it is ready. New days are taken over by all its places unless these are sent too."""
    await usecases.update_visit(work, visit_id, if_match, changes)
    return one(work, await queries.in_full(work, visit_id))


@npm.post("/{visit_id}/transitions", response_model=Visit)
async def transition_visit(work: NpmWork, visit_id: UUID, if_match: IfMatch, order: Json[VisitTransition]) -> Response:
    """Take a visit one step on.

    Most steps are the lead's. What is missing answers 409 with every gap in `errors`: accreditation for each place and
    day, conflicts of interest, an expert alone or unprepared, the interview plan.
    """
    await work.once(usecases.transition_visit, visit_id, if_match, order)
    return one(work, await queries.in_full(work, visit_id))
