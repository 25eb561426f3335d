"""The route of the import of recommendations: the head alone, with a strong login."""

from starlette.responses import Response

from services.recommendations.imports import usecases
from services.recommendations.imports.schemas import (
    RecommendationImportOrder,
    RecommendationImportReport,
    RecommendationImportRow,
)
from shared.app import audience_router
from shared.http import JSON, NpmWork
from shared.schemas import Filtered, JsonLines

npm = audience_router("npm", "recommendations")
ROUTERS = (npm,)


@npm.post("/imports", response_model=RecommendationImportReport)
async def import_recommendations(
    work: NpmWork, order: Filtered[RecommendationImportOrder], rows: JsonLines[list[RecommendationImportRow]]
) -> Response:
    """Import recommendations of an older register as JSON Lines, with their addressees, answers and findings.

    A row enters in any state with past dates, and says that it is imported. A row is known by source and row id:
    sent again it changes nothing, or only the entry itself. Bad rows are reported with their line and field, the
    good ones are taken, unless all or nothing is asked for.
    """
    outcome = await usecases.import_recommendations(work, order, list(rows))
    if order.dry_run:
        work.discard()
    shown = RecommendationImportReport.model_validate(outcome.report(order))
    return Response(shown.model_dump_json(), media_type=JSON)
