"""The routes of information on places for partners: what they send, and its fate."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.information import queries, usecases
from services.visits.information.schemas.partner import (
    PartnerInformation,
    PartnerInformationCreate,
    PartnerInformationFilters,
    PartnerInformationPage,
)
from shared.app import audience_router
from shared.http import PartnerWork, created, one, page
from shared.schemas import Filtered, Json

partner = audience_router("partner", "place-information")


@partner.get("", response_model=PartnerInformationPage)
async def list_place_information(
    work: PartnerWork, request: Request, filters: Filtered[PartnerInformationFilters]
) -> Response:
    """List what you told about places, the latest first."""
    return page(work, request, await queries.own(work, filters))


@partner.post("", status_code=201, response_model=PartnerInformation)
async def submit_place_information(work: PartnerWork, new: Json[PartnerInformationCreate]) -> Response:
    """Tell the NPM about a place. Name nobody who is deprived of liberty: use the complaint routes for persons."""
    made = await work.once(usecases.submit_information, new)
    return created(work, await queries.own_one(work, made), f"/v1/partner/place-information/{made}")


@partner.get("/{information_id}", response_model=PartnerInformation)
async def get_place_information(work: PartnerWork, information_id: UUID) -> Response:
    """Read one piece of what you told."""
    return one(work, await queries.own_one(work, information_id))
