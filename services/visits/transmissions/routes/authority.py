"""The routes of reports for authorities: what they were sent, as it was when it was sent."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.transmissions import queries, usecases
from services.visits.transmissions.schemas.authority import (
    AuthorityReport,
    AuthorityReportFilters,
    AuthorityReportPage,
    AuthorityReportTransition,
)
from shared.app import audience_router
from shared.http import AuthorityWork, one, page
from shared.schemas import Filtered, IfMatch, Json

router = audience_router("authority", "reports")


@router.get("", response_model=AuthorityReportPage)
async def list_reports(work: AuthorityWork, request: Request, filters: Filtered[AuthorityReportFilters]) -> Response:
    """List the drafts and final reports that were sent to your authority, the latest first."""
    return page(work, request, await queries.received_matching(work, filters))


@router.get("/{report_id}", response_model=AuthorityReport)
async def get_report(work: AuthorityWork, report_id: UUID) -> Response:
    """Read a report as it was sent to your authority.

    A draft is confidential and is sent for the correction of facts: only its fact items can be corrected.
    """
    return one(work, await queries.received(work, report_id))


@router.post("/{report_id}/transitions", response_model=AuthorityReport)
async def transition_report(
    work: AuthorityWork, report_id: UUID, if_match: IfMatch, order: Json[AuthorityReportTransition]
) -> Response:
    """Say that your authority is done with a draft, with or without corrections. Afterwards none can be proposed."""
    await work.once(usecases.answer_report, report_id, if_match, order)
    return one(work, await queries.received(work, report_id))
