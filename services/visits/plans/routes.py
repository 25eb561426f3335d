"""The routes of plans. Parse, one use case, shape. For the NPM alone."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.plans import queries, usecases
from services.visits.plans.schemas import Plan, PlanCreate, PlanFilters, PlanPage, PlanTransition, PlanUpdate
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "plans")
ROUTERS = (npm,)


@npm.get("", response_model=PlanPage)
async def list_plans(work: NpmWork, request: Request, filters: Filtered[PlanFilters]) -> Response:
    """List the plans, the latest first."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=Plan)
async def open_plan(work: NpmWork, new: Json[PlanCreate]) -> Response:
    """Open a plan; what is still missing is told when it is to be adopted."""
    plan_id = await work.once(usecases.open_plan, new)
    return created(work, await queries.in_full(work, plan_id), f"/v1/npm/plans/{plan_id}")


@npm.get("/{plan_id}", response_model=Plan)
async def get_plan(work: NpmWork, plan_id: UUID) -> Response:
    """Read one plan with all its parts."""
    return one(work, await queries.in_full(work, plan_id))


@npm.patch("/{plan_id}", response_model=Plan)
async def update_plan(work: NpmWork, plan_id: UUID, if_match: IfMatch, changes: MergePatch[PlanUpdate]) -> Response:
    """Change a draft. A plan in force takes results and lessons only; everything else is reviewed and amended."""
    await usecases.update_plan(work, plan_id, if_match, changes)
    return one(work, await queries.in_full(work, plan_id))


@npm.post("/{plan_id}/transitions", response_model=Plan)
async def transition_plan(work: NpmWork, plan_id: UUID, if_match: IfMatch, order: Json[PlanTransition]) -> Response:
    """Take a plan one step on. Adopting answers 409 with every gap in `errors` until nothing is missing."""
    await work.once(usecases.transition_plan, plan_id, if_match, order)
    return one(work, await queries.in_full(work, plan_id))
