"""The route of the import: npm."""

from starlette.responses import Response

from services.complaints.complaint_imports import usecases
from services.complaints.complaint_imports.schemas import ComplaintImportRow
from shared.app import audience_router
from shared.http import JSON, NpmWork
from shared.imports import ImportOrder, ImportReport, report
from shared.schemas import Filtered, JsonLines

npm = audience_router("npm", "complaints")
ROUTERS = (npm,)


@npm.post("/imports", response_model=ImportReport)
async def import_complaints(
    work: NpmWork, order: Filtered[ImportOrder], rows: JsonLines[list[ComplaintImportRow]]
) -> Response:
    """Import complaints of former years as JSON Lines: coded facts, no identities, no narratives.

    A row is known by source and row id: sent again it changes nothing, or only what differs. Bad rows are reported
    with their line and field, the good ones are taken, unless all or nothing is asked for.
    """
    outcome = await usecases.import_complaints(work, order, list(rows))
    return Response(report(work, order, outcome), media_type=JSON)
