"""The routes of conflicts of interest: npm and expert. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.stakeholders.conflicts import queries, usecases
from services.stakeholders.conflicts.schemas import (
    ConflictCreate,
    ConflictFilters,
    ConflictOfInterest,
    ConflictOfInterestPage,
    ConflictTransition,
    ExpertConflict,
    ExpertConflictPage,
    OwnConflictFilters,
)
from shared.app import audience_router
from shared.http import ExpertWork, NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "conflicts")
expert = audience_router("expert", "conflicts")
ROUTERS = (npm, expert)


@npm.get("", response_model=ConflictOfInterestPage)
async def list_conflicts(work: NpmWork, request: Request, filters: Filtered[ConflictFilters]) -> Response:
    """List conflicts of interest: your own; all of them for the head and whoever the decision matrix names."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=ConflictOfInterest)
async def declare_conflict(work: NpmWork, new: Json[ConflictCreate]) -> Response:
    """Declare a conflict of your own. It keeps you out until somebody else has decided."""
    conflict_id = await work.once(usecases.declare_conflict, new)
    return created(work, await queries.in_full(work, conflict_id), f"/v1/npm/conflicts/{conflict_id}")


@npm.get("/{conflict_id}", response_model=ConflictOfInterest)
async def get_conflict(work: NpmWork, conflict_id: UUID) -> Response:
    """Read one conflict of interest."""
    return one(work, await queries.in_full(work, conflict_id))


@npm.post("/{conflict_id}/transitions", response_model=ConflictOfInterest)
async def transition_conflict(
    work: NpmWork, conflict_id: UUID, if_match: IfMatch, order: Json[ConflictTransition]
) -> Response:
    """Review, decide, clear or lift a conflict; never one's own (409 `own_case`)."""
    await work.once(usecases.transition_conflict, conflict_id, if_match, order)
    return one(work, await queries.in_full(work, conflict_id))


@expert.get("", response_model=ExpertConflictPage, name="list_conflicts")
async def list_own_conflicts(work: ExpertWork, request: Request, filters: Filtered[OwnConflictFilters]) -> Response:
    """List your own conflicts of interest."""
    return page(work, request, await queries.own_matching(work, filters))


@expert.post("", status_code=201, response_model=ExpertConflict, name="declare_conflict")
async def declare_own_conflict(work: ExpertWork, new: Json[ConflictCreate]) -> Response:
    """Declare a conflict of your own. It keeps you out until the NPM has decided."""
    conflict_id = await work.once(usecases.declare_conflict, new)
    return created(work, await queries.own_in_full(work, conflict_id), f"/v1/expert/conflicts/{conflict_id}")


@expert.get("/{conflict_id}", response_model=ExpertConflict, name="get_conflict")
async def get_own_conflict(work: ExpertWork, conflict_id: UUID) -> Response:
    """Read one of your own conflicts."""
    return one(work, await queries.own_in_full(work, conflict_id))
