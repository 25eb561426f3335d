"""The route of a complaint's steps: npm."""

from uuid import UUID

from starlette.responses import Response

from services.complaints.complaint_steps import usecases
from services.complaints.complaint_steps.schemas import ComplaintTransition
from services.complaints.complaints import queries
from services.complaints.complaints.schemas import Complaint
from shared.app import audience_router
from shared.http import NpmWork, one
from shared.schemas import IfMatch, Json

npm = audience_router("npm", "complaints")
ROUTERS = (npm,)


@npm.post("/{complaint_id}/transitions", response_model=Complaint)
async def transition_complaint(
    work: NpmWork, complaint_id: UUID, if_match: IfMatch, order: Json[ComplaintTransition]
) -> Response:
    """Record, assess, classify, decide and start action, record an outcome, close, stop, reopen, merge, separate.

    What is missing for a step answers 409 with the gaps in `errors`. Nothing starts that could reveal a person
    without valid consent, an approved disclosure or an anonymised form (OPCAT Art. 21).
    """
    await work.once(usecases.transition_complaint, complaint_id, if_match, order)
    return one(work, await queries.in_full(work, complaint_id))
