"""The routes of partner profiles: npm."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.complaints.partner_profiles import queries, usecases
from services.complaints.partner_profiles.schemas import (
    PartnerProfile,
    PartnerProfileCreate,
    PartnerProfileFilters,
    PartnerProfilePage,
    PartnerProfileUpdate,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "partner-profiles")
ROUTERS = (npm,)


@npm.get("", response_model=PartnerProfilePage)
async def list_partner_profiles(work: NpmWork, request: Request, filters: Filtered[PartnerProfileFilters]) -> Response:
    """List what was agreed with partners about their codes."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=PartnerProfile)
async def create_partner_profile(work: NpmWork, new: Json[PartnerProfileCreate]) -> Response:
    """Write down what a partner's theme codes and places mean."""
    profile_id = await work.once(usecases.create_profile, new)
    return created(work, await queries.in_full(work, profile_id), f"/v1/npm/partner-profiles/{profile_id}")


@npm.get("/{profile_id}", response_model=PartnerProfile)
async def get_partner_profile(work: NpmWork, profile_id: UUID) -> Response:
    """Read a profile, with the codes that wait to be mapped."""
    return one(work, await queries.in_full(work, profile_id))


@npm.patch("/{profile_id}", response_model=PartnerProfile)
async def update_partner_profile(
    work: NpmWork, profile_id: UUID, if_match: IfMatch, changes: MergePatch[PartnerProfileUpdate]
) -> Response:
    """Change what a partner's codes mean; every referral that waits is looked at anew at once."""
    await usecases.update_profile(work, profile_id, if_match, changes)
    return one(work, await queries.in_full(work, profile_id))
