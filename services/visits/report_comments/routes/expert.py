"""The routes of reports for experts: drafts they are asked to comment on, while the period is open."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.report_comments import queries, usecases
from services.visits.report_comments.schemas.expert import (
    ExpertReport,
    ExpertReportComment,
    ExpertReportCommentFilters,
    ExpertReportCommentGiven,
    ExpertReportCommentPage,
    ExpertReportCommentTransition,
    ExpertReportCommentUpdate,
    ExpertReportFilters,
    ExpertReportPage,
)
from shared.app import audience_router
from shared.http import ExpertWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

router = audience_router("expert", "reports")


@router.get("", response_model=ExpertReportPage)
async def list_reports(work: ExpertWork, request: Request, filters: Filtered[ExpertReportFilters]) -> Response:
    """List the drafts that you are asked to comment on, while the period is open."""
    return page(work, request, await queries.drafts_matching(work, filters))


@router.get("/{report_id}", response_model=ExpertReport)
async def get_report(work: ExpertWork, report_id: UUID) -> Response:
    """Read a draft that you are asked to comment on, as it stands today."""
    return one(work, await queries.draft(work, report_id))


@router.get("/{report_id}/comments", response_model=ExpertReportCommentPage)
async def list_comments(
    work: ExpertWork, request: Request, report_id: UUID, filters: Filtered[ExpertReportCommentFilters]
) -> Response:
    """List your invitation and comment on this draft; what others say is not shown."""
    return page(work, request, await queries.own_of(work, report_id, filters))


@router.post("/{report_id}/comments", status_code=201, response_model=ExpertReportComment)
async def give_comment(work: ExpertWork, report_id: UUID, given: Json[ExpertReportCommentGiven]) -> Response:
    """Comment on the draft. It answers your invitation; revise it until the due date."""
    comment_id = await work.once(usecases.give_comment, report_id, given)
    shown = await queries.own(work, report_id, comment_id)
    return created(work, shown, f"/v1/expert/reports/{report_id}/comments/{comment_id}")


@router.get("/{report_id}/comments/{comment_id}", response_model=ExpertReportComment)
async def get_comment(work: ExpertWork, report_id: UUID, comment_id: UUID) -> Response:
    """Read your own comment."""
    return one(work, await queries.own(work, report_id, comment_id))


@router.patch("/{report_id}/comments/{comment_id}", response_model=ExpertReportComment)
async def update_comment(
    work: ExpertWork,
    report_id: UUID,
    comment_id: UUID,
    if_match: IfMatch,
    changes: MergePatch[ExpertReportCommentUpdate],
) -> Response:
    """Revise your own comment while the period is open."""
    await usecases.update_comment(work, report_id, comment_id, if_match, changes)
    return one(work, await queries.own(work, report_id, comment_id))


@router.post("/{report_id}/comments/{comment_id}/transitions", response_model=ExpertReportComment)
async def transition_comment(
    work: ExpertWork, report_id: UUID, comment_id: UUID, if_match: IfMatch, order: Json[ExpertReportCommentTransition]
) -> Response:
    """Decline: there is nothing to add."""
    await work.once(usecases.decline_comment, report_id, comment_id, if_match, order)
    return one(work, await queries.own(work, report_id, comment_id))
