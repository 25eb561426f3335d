"""The routes of complaint referrals: partner. Own ones only; those of others are as if they were not there."""

from typing import Annotated

from fastapi import Header, Request
from starlette.responses import Response

from services.complaints.submissions import queries, usecases
from services.complaints.submissions.schemas import (
    PartnerReferralReceipt,
    PartnerReferralReceiptPage,
    ReferralFilters,
    ReferralStep,
    ReferralSubmission,
)
from shared.app import audience_router
from shared.http import PartnerWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

partner = audience_router("partner", "complaint-referrals")
ROUTERS = (partner,)

OptionalIfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=200, description="The ETag of the version that the change is meant for."),
]


@partner.get("", response_model=PartnerReferralReceiptPage, name="list_complaint_referrals")
async def list_own_referrals(work: PartnerWork, request: Request, filters: Filtered[ReferralFilters]) -> Response:
    """List what you sent, and what became of it."""
    return page(work, request, await queries.matching(work, filters))


@partner.post("", status_code=201, response_model=PartnerReferralReceipt)
async def submit_complaint_referral(work: PartnerWork, sent: Json[ReferralSubmission]) -> Response:
    """Send a complaint about detention that reached you.

    Names go into the NPM's vault and the narrative is sealed; neither can be read back here. A place or theme that we
    cannot tell waits for a person and is never guessed.
    """
    referral_id = await work.once(usecases.submit, sent)
    shown = await queries.receipt_by_id(work, referral_id)
    return created(work, shown, f"/v1/partner/complaint-referrals/{sent.external_id}")


@partner.get("/{external_id}", response_model=PartnerReferralReceipt, name="get_complaint_referral")
async def get_own_referral(work: PartnerWork, external_id: str) -> Response:
    """Read what became of one that you sent, by your own id."""
    return one(work, await queries.receipt(work, external_id))


@partner.put("/{external_id}", response_model=PartnerReferralReceipt)
async def put_complaint_referral(
    work: PartnerWork, external_id: str, sent: Json[ReferralSubmission], if_match: OptionalIfMatch = None
) -> Response:
    """Create or change one under your own id.

    Without If-Match it creates; the same content again changes nothing; other content needs the ETag that you read.
    Once it is accepted only `other_body` and the withdrawal of the consent may change.
    """
    is_new = await usecases.put(work, external_id, sent, if_match)
    shown = await queries.receipt(work, external_id)
    if is_new:
        return created(work, shown, f"/v1/partner/complaint-referrals/{external_id}")
    return one(work, shown)


@partner.post("/{external_id}/transitions", response_model=PartnerReferralReceipt, name="transition_complaint_referral")
async def step_own_referral(
    work: PartnerWork, external_id: str, if_match: IfMatch, order: Json[ReferralStep]
) -> Response:
    """Answer our question, or take a referral back."""
    await work.once(usecases.step, external_id, if_match, order)
    return one(work, await queries.receipt(work, external_id))
