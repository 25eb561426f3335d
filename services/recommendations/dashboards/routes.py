"""The routes of the implementation dashboard: figures, chart and picture. npm only."""

from starlette.responses import Response

from services.recommendations.dashboards import usecases
from services.recommendations.dashboards.schemas import DashboardFilters, ImplementationChart, ImplementationDashboard
from shared.app import audience_router
from shared.http import NpmWork, one
from shared.schemas import Filtered

npm = audience_router("npm", "dashboards")
ROUTERS = (npm,)


class Picture(Response):
    """A drawing."""

    media_type = "image/svg+xml"


@npm.get("/implementation", response_model=ImplementationDashboard)
async def get_implementation(work: NpmWork, filters: Filtered[DashboardFilters]) -> Response:
    """Read how far recommendations are put into practice and how authorities answer: rates with their numbers.

    A claim of an authority is never counted as a finding.
    """
    return one(work, (await usecases.dashboard(work, filters)).model_dump_json().encode())


@npm.get("/implementation/chart", response_model=ImplementationChart)
async def get_implementation_chart(work: NpmWork, filters: Filtered[DashboardFilters]) -> Response:
    """Read the chart of the NPM's findings by authority as a Vega-Lite specification."""
    return one(work, (await usecases.chart(work, filters)).model_dump_json().encode())


@npm.get("/implementation/picture", response_class=Picture)
async def get_implementation_picture(work: NpmWork, filters: Filtered[DashboardFilters]) -> Response:
    """Read the chart of the NPM's findings by authority as a picture (SVG)."""
    return Picture(await usecases.picture(work, filters), headers={"Cache-Control": "no-store"})
