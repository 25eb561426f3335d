"""The routes of corrections for the NPM. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.corrections import queries, usecases
from services.visits.corrections.schemas.npm import (
    CorrectionFilters,
    CorrectionTransition,
    FactualCorrection,
    FactualCorrectionPage,
)
from shared.app import audience_router
from shared.http import NpmWork, one, page
from shared.schemas import Filtered, IfMatch, Json

router = audience_router("npm", "reports")


@router.get("/{report_id}/corrections", response_model=FactualCorrectionPage)
async def list_corrections(
    work: NpmWork, request: Request, report_id: UUID, filters: Filtered[CorrectionFilters]
) -> Response:
    """List what authorities proposed for facts of the draft."""
    return page(work, request, await queries.of_report(work, report_id, filters))


@router.get("/{report_id}/corrections/{correction_id}", response_model=FactualCorrection)
async def get_correction(work: NpmWork, report_id: UUID, correction_id: UUID) -> Response:
    """Read one proposed correction."""
    return one(work, await queries.in_full(work, report_id, correction_id))


@router.post("/{report_id}/corrections/{correction_id}/transitions", response_model=FactualCorrection)
async def transition_correction(
    work: NpmWork, report_id: UUID, correction_id: UUID, if_match: IfMatch, order: Json[CorrectionTransition]
) -> Response:
    """Accept a correction, which changes the fact item, or reject it; the authority reads the reason."""
    await work.once(usecases.decide_correction, report_id, correction_id, if_match, order)
    return one(work, await queries.in_full(work, report_id, correction_id))
