"""The routes of visit priorities. Parse, one use case, shape. For the NPM alone."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.priorities import queries, usecases
from services.visits.priorities.schemas import PlacePriority, PriorityFilters, PriorityPage, PriorityRun
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered

npm = audience_router("npm", "priorities")
places = audience_router("npm", "places")
runs = audience_router("npm", "priority-runs")
ROUTERS = (npm, places, runs)


@npm.get("", response_model=PriorityPage)
async def list_priorities(work: NpmWork, request: Request, filters: Filtered[PriorityFilters]) -> Response:
    """List the places by the score of the latest run, the most urgent first. It advises and decides nothing."""
    return page(work, request, await queries.matching(work, filters))


@places.get("/{place_id}/priority", response_model=PlacePriority)
async def get_place_priority(work: NpmWork, place_id: UUID) -> Response:
    """Read the score of one place, computed now, with a sentence for each of its nine parts and what it rests on."""
    return one(work, await usecases.shown(work, place_id))


@runs.post("", status_code=201, response_model=PriorityRun)
async def run_priorities(work: NpmWork) -> Response:
    """Score every place in use now. The scores of the day take the place of those of an earlier run of that day."""
    run_id = await work.once(usecases.run_now)
    return created(work, await queries.run(work, run_id), f"/v1/npm/priority-runs/{run_id}")


@runs.get("/{run_id}", response_model=PriorityRun)
async def get_priority_run(work: NpmWork, run_id: UUID) -> Response:
    """Read one run."""
    return one(work, await queries.run(work, run_id))
