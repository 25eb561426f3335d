"""The routes of reports for the NPM. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.reports import queries, usecases
from services.visits.reports.schemas.npm import (
    Report,
    ReportCreate,
    ReportFilters,
    ReportPage,
    ReportTransition,
    ReportUpdate,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

router = audience_router("npm", "reports")


@router.get("", response_model=ReportPage)
async def list_reports(work: NpmWork, request: Request, filters: Filtered[ReportFilters]) -> Response:
    """List the reports that the caller may see, the last changed first.

    A report that is being written is seen by the teams of its visits, by members and by the head.
    """
    return page(work, request, await queries.matching(work, filters))


@router.post("", status_code=201, response_model=Report)
async def draft_report(work: NpmWork, new: Json[ReportCreate]) -> Response:
    """Begin a report."""
    report_id = await work.once(usecases.draft_report, new)
    return created(work, await queries.in_full(work, report_id), f"/v1/npm/reports/{report_id}")


@router.get("/{report_id}", response_model=Report)
async def get_report(work: NpmWork, report_id: UUID) -> Response:
    """Read one report with everything the NPM keeps on it."""
    return one(work, await queries.in_full(work, report_id))


@router.patch("/{report_id}", response_model=Report)
async def update_report(
    work: NpmWork, report_id: UUID, if_match: IfMatch, changes: MergePatch[ReportUpdate]
) -> Response:
    """Change a report that is being written. What was sent to anybody stays as it was sent."""
    await usecases.update_report(work, report_id, if_match, changes)
    return one(work, await queries.in_full(work, report_id))


@router.post("/{report_id}/transitions", response_model=Report)
async def transition_report(
    work: NpmWork, report_id: UUID, if_match: IfMatch, order: Json[ReportTransition]
) -> Response:
    """Take a report one step on, from drafting to publication.

    Submitting invites every expert of the visits to comment. Sharing the draft and transmitting freeze a version for
    each authority. Everything that is missing for the act is told at once, in `errors` of a 409.
    """
    await work.once(usecases.transition_report, report_id, if_match, order)
    return one(work, await queries.in_full(work, report_id))
