"""The route of narratives: npm. Restricted, by purpose, journaled before the answer."""

from uuid import UUID

from starlette.responses import Response

from services.complaints.narratives import usecases
from services.complaints.narratives.schemas import ComplaintNarrative
from shared.app import audience_router
from shared.http import NpmWork, one

npm = audience_router("npm", "complaints")
ROUTERS = (npm,)


@npm.get("/{complaint_id}/narrative", response_model=ComplaintNarrative)
async def get_complaint_narrative(work: NpmWork, complaint_id: UUID) -> Response:
    """Read what people told us in a case that you are assigned to.

    Say why in X-Access-Purpose. The head needs a second factor as well. Every reading is in the journal.
    """
    return one(work, await usecases.open_case(work, complaint_id))
