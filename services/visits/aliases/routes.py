"""The route that takes in how names of places are written elsewhere. Parse, one use case, shape."""

from starlette.responses import Response

from services.visits.aliases import usecases
from services.visits.aliases.schemas import PlaceAliasImportRow
from shared.app import audience_router
from shared.http import JSON, NpmWork
from shared.imports import ImportOrder, ImportReport, report
from shared.schemas import Filtered, JsonLines

npm = audience_router("npm", "place-aliases")
ROUTERS = (npm,)


@npm.post("/imports", response_model=ImportReport)
async def import_place_aliases(
    work: NpmWork, order: Filtered[ImportOrder], rows: JsonLines[list[PlaceAliasImportRow]]
) -> Response:
    """Import how names of places are written elsewhere, as JSON Lines, the whole list at once.

    A name becomes an alias of the place that came from the named row. Where several places of the region go by it, it
    waits among the matches; where the row itself waits there, the name waits with it. Sent again it changes nothing.
    """
    outcome = await usecases.import_place_aliases(work, order, list(rows))
    return Response(report(work, order, outcome), media_type=JSON)
