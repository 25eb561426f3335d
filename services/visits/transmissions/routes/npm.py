"""The routes of transmissions for the NPM. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.transmissions import queries, usecases
from services.visits.transmissions.schemas.npm import (
    Transmission,
    TransmissionCreate,
    TransmissionFilters,
    TransmissionPage,
    TransmissionTransition,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

router = audience_router("npm", "reports")


@router.get("/{report_id}/transmissions", response_model=TransmissionPage)
async def list_transmissions(
    work: NpmWork, request: Request, report_id: UUID, filters: Filtered[TransmissionFilters]
) -> Response:
    """List the authorities that have or had a draft of the report, each with its due date."""
    return page(work, request, await queries.of_report(work, report_id, filters))


@router.post("/{report_id}/transmissions", status_code=201, response_model=Transmission)
async def send_draft(work: NpmWork, report_id: UUID, new: Json[TransmissionCreate]) -> Response:
    """Send the draft to one more authority.

    The first ones get it when the draft is shared. What is sent is frozen as it stands, without the confidential annex.
    """
    sent_id = await work.once(usecases.send_draft, report_id, new)
    shown = await queries.in_full(work, report_id, sent_id)
    return created(work, shown, f"/v1/npm/reports/{report_id}/transmissions/{sent_id}")


@router.get("/{report_id}/transmissions/{transmission_id}", response_model=Transmission)
async def get_transmission(work: NpmWork, report_id: UUID, transmission_id: UUID) -> Response:
    """Read one transmission with exactly what was sent."""
    return one(work, await queries.in_full(work, report_id, transmission_id))


@router.post("/{report_id}/transmissions/{transmission_id}/transitions", response_model=Transmission)
async def transition_transmission(
    work: NpmWork, report_id: UUID, transmission_id: UUID, if_match: IfMatch, order: Json[TransmissionTransition]
) -> Response:
    """Extend a transmission, close it unanswered after its due date, or take it back; then the authority sees it no more."""
    await work.once(usecases.transition_transmission, report_id, transmission_id, if_match, order)
    return one(work, await queries.in_full(work, report_id, transmission_id))
