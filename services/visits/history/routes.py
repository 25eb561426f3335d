"""The route that takes in visits made before this system. Parse, one use case, shape."""

from starlette.responses import Response

from services.visits.history import usecases
from services.visits.history.schemas import VisitImportRow
from shared.app import audience_router
from shared.http import JSON, NpmWork
from shared.imports import ImportOrder, ImportReport, report
from shared.schemas import Filtered, JsonLines

npm = audience_router("npm", "visits")
ROUTERS = (npm,)


@npm.post("/imports", response_model=ImportReport)
async def import_visits(work: NpmWork, order: Filtered[ImportOrder], rows: JsonLines[list[VisitImportRow]]) -> Response:
    """Import the visits of earlier years as JSON Lines, with the place and the graded findings where the source has them.

    They stay with the NPM: an authority is shown that a visit was made only where the row says so, and nobody else sees them.

    A row is known by source and row id: sent again it changes nothing, or only what differs. Bad rows are reported
    with their line and field, the good ones are taken, unless all or nothing is asked for.
    """
    outcome = await usecases.import_visits(work, order, list(rows))
    return Response(report(work, order, outcome), media_type=JSON)
