"""The route of the import of recommendations: the head alone, with a strong login."""

from starlette.responses import Response

from services.recommendations.imports import usecases
from services.recommendations.imports.schemas import RecommendationImportRow
from shared.app import audience_router
from shared.http import JSON, NpmWork
from shared.imports import ImportOrder, ImportReport, report
from shared.schemas import Filtered, JsonLines

npm = audience_router("npm", "recommendations")
ROUTERS = (npm,)


@npm.post("/imports", response_model=ImportReport)
async def import_recommendations(
    work: NpmWork, order: Filtered[ImportOrder], rows: JsonLines[list[RecommendationImportRow]]
) -> Response:
    """Import recommendations of an older register as JSON Lines, with their addressees, answers and findings.

    A row enters in any state with past dates, and says that it is imported. A row is known by source and row id:
    sent again it changes nothing, or only the entry itself. Bad rows are reported with their line and field, the
    good ones are taken, unless all or nothing is asked for.
    """
    outcome = await usecases.import_recommendations(work, order, list(rows))
    return Response(report(work, order, outcome), media_type=JSON)
