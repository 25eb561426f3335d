"""The routes of runs: npm."""

from uuid import UUID

from starlette.responses import Response

from services.complaints.analysis_runs import queries, usecases
from services.complaints.analysis_runs.schemas import AnalysisRun
from shared.app import audience_router
from shared.http import NpmWork, created, one

npm = audience_router("npm", "analysis-runs")
ROUTERS = (npm,)


@npm.post("", status_code=201, response_model=AnalysisRun)
async def order_analysis_run(work: NpmWork) -> Response:
    """Look for patterns, silences and signs of non-implementation now, not tonight.

    Only aggregates come of it; the signals of all places are renewed, in random order.
    """
    run_id = await work.once(usecases.order_run)
    return created(work, await queries.run(work, run_id), f"/v1/npm/analysis-runs/{run_id}")


@npm.get("/{run_id}", response_model=AnalysisRun)
async def get_analysis_run(work: NpmWork, run_id: UUID) -> Response:
    """Read what a run looked at and found."""
    return one(work, await queries.run(work, run_id))
