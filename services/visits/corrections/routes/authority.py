"""The routes of corrections for authorities: their own, on facts of a draft that they were sent."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.corrections import queries, usecases
from services.visits.corrections.schemas.authority import (
    AuthorityCorrection,
    AuthorityCorrectionFilters,
    AuthorityCorrectionPage,
    AuthorityCorrectionProposal,
    AuthorityCorrectionTransition,
)
from services.visits.transmissions import queries as transmissions
from shared.app import audience_router
from shared.http import AuthorityWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

router = audience_router("authority", "reports")


@router.get("/{report_id}/corrections", response_model=AuthorityCorrectionPage)
async def list_corrections(
    work: AuthorityWork, request: Request, report_id: UUID, filters: Filtered[AuthorityCorrectionFilters]
) -> Response:
    """List the corrections that your authority proposed on this draft, with what was decided."""
    await transmissions.received_state(work, report_id)
    return page(work, request, await queries.own_of(work, report_id, filters))


@router.post("/{report_id}/corrections", status_code=201, response_model=AuthorityCorrection)
async def propose_correction(work: AuthorityWork, report_id: UUID, new: Json[AuthorityCorrectionProposal]) -> Response:
    """Propose another value for a fact item of the draft, until the due date.

    Anything but a fact item of this draft answers 422 with the code `only_facts`: content and analysis are the NPM's.
    """
    correction_id = await work.once(usecases.propose_correction, report_id, new)
    shown = await queries.own(work, report_id, correction_id)
    return created(work, shown, f"/v1/authority/reports/{report_id}/corrections/{correction_id}")


@router.get("/{report_id}/corrections/{correction_id}", response_model=AuthorityCorrection)
async def get_correction(work: AuthorityWork, report_id: UUID, correction_id: UUID) -> Response:
    """Read one correction that your authority proposed."""
    return one(work, await queries.own(work, report_id, correction_id))


@router.post("/{report_id}/corrections/{correction_id}/transitions", response_model=AuthorityCorrection)
async def transition_correction(
    work: AuthorityWork,
    report_id: UUID,
    correction_id: UUID,
    if_match: IfMatch,
    order: Json[AuthorityCorrectionTransition],
) -> Response:
    """Take a correction back while it is not decided."""
    await work.once(usecases.withdraw_correction, report_id, correction_id, if_match, order)
    return one(work, await queries.own(work, report_id, correction_id))
