"""The route of the daily run over the deadlines: a person orders it."""

from starlette.responses import Response

from services.recommendations.deadlines import usecases
from services.recommendations.deadlines.schemas import DeadlineRun
from shared.app import audience_router
from shared.http import JSON, NpmWork

npm = audience_router("npm", "deadline-runs")
ROUTERS = (npm,)


@npm.post("", response_model=DeadlineRun)
async def run_deadlines(work: NpmWork) -> Response:
    """Tell the other services which deadlines have passed or are near, each date once.

    No state changes: an answer is overdue from the day after its date, whether or not anybody ran this.
    """
    return Response((await usecases.run_deadlines(work)).model_dump_json(), media_type=JSON)
