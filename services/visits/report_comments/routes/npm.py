"""The routes of comments for the NPM. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.report_comments import queries, usecases
from services.visits.report_comments.schemas.npm import (
    CommentFilters,
    CommentInvite,
    CommentTransition,
    ReportComment,
    ReportCommentPage,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

router = audience_router("npm", "reports")


@router.get("/{report_id}/comments", response_model=ReportCommentPage)
async def list_comments(
    work: NpmWork, request: Request, report_id: UUID, filters: Filtered[CommentFilters]
) -> Response:
    """List the experts who were asked to comment, with what they said."""
    return page(work, request, await queries.of_report(work, report_id, filters))


@router.post("/{report_id}/comments", status_code=201, response_model=ReportComment)
async def invite_expert(work: NpmWork, report_id: UUID, new: Json[CommentInvite]) -> Response:
    """Ask an expert to comment. Those of the report's visits are asked by themselves when it is submitted."""
    comment_id = await work.once(usecases.invite_expert, report_id, new)
    shown = await queries.in_full(work, report_id, comment_id)
    return created(work, shown, f"/v1/npm/reports/{report_id}/comments/{comment_id}")


@router.get("/{report_id}/comments/{comment_id}", response_model=ReportComment)
async def get_comment(work: NpmWork, report_id: UUID, comment_id: UUID) -> Response:
    """Read one invitation with its comment."""
    return one(work, await queries.in_full(work, report_id, comment_id))


@router.post("/{report_id}/comments/{comment_id}/transitions", response_model=ReportComment)
async def transition_comment(
    work: NpmWork, report_id: UUID, comment_id: UUID, if_match: IfMatch, order: Json[CommentTransition]
) -> Response:
    """Withdraw an invitation; the text of a given comment stays."""
    await work.once(usecases.withdraw_comment, report_id, comment_id, if_match, order)
    return one(work, await queries.in_full(work, report_id, comment_id))
