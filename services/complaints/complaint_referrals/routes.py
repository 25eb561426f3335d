"""The routes of complaint referrals: npm. The partner's own routes stand with the submissions."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.complaints.complaint_referrals import queries, usecases
from services.complaints.complaint_referrals.schemas import (
    ComplaintReferral,
    ComplaintReferralFilters,
    ComplaintReferralPage,
    ComplaintReferralTransition,
)
from shared.app import audience_router
from shared.http import NpmWork, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "complaint-referrals")
ROUTERS = (npm,)


@npm.get("", response_model=ComplaintReferralPage)
async def list_complaint_referrals(
    work: NpmWork, request: Request, filters: Filtered[ComplaintReferralFilters]
) -> Response:
    """List what partners sent in, the oldest first: the unit's rota, and with `state=needs_mapping` its queue."""
    return page(work, request, await queries.matching(work, filters))


@npm.get("/{referral_id}", response_model=ComplaintReferral)
async def get_complaint_referral(work: NpmWork, referral_id: UUID) -> Response:
    """Read a referral without what is sealed."""
    return one(work, await queries.in_full(work, referral_id))


@npm.post("/{referral_id}/transitions", response_model=ComplaintReferral)
async def transition_complaint_referral(
    work: NpmWork, referral_id: UUID, if_match: IfMatch, order: Json[ComplaintReferralTransition]
) -> Response:
    """Map place and themes, ask the partner, accept, decline, conclude, reopen.

    Accepting makes a complaint that you work on. A mapping that is kept serves all that wait and all that come.
    """
    await work.once(usecases.transition_complaint_referral, referral_id, if_match, order)
    return one(work, await queries.in_full(work, referral_id))
