"""The route of many complaint referrals at once: partner."""

from starlette.responses import Response

from services.complaints.bulk_submissions import usecases
from services.complaints.bulk_submissions.schemas import BulkReceipt
from services.complaints.submissions.schemas import ReferralSubmission
from shared.app import audience_router
from shared.http import JSON, PartnerBatches
from shared.lines import Lines
from shared.schemas import JsonLines

partner = audience_router("partner", "complaint-referrals")
ROUTERS = (partner,)


@partner.post("/bulk", response_model=BulkReceipt)
async def submit_complaint_referrals(batches: PartnerBatches, lines: JsonLines[Lines[ReferralSubmission]]) -> Response:
    """Send many as JSON Lines, one object a line; the good lines are kept, the others reported.

    They are kept a thousand at a time while you send. Where the connection or the server ends in between, what was
    kept stays: send the same again, what was sent before with the same content changes nothing.
    """
    return Response(await usecases.submit_many(batches, lines), media_type=JSON)
