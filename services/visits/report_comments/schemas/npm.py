"""What the NPM sends and sees about experts' comments on a draft."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.visits.reports.rules.status import CommentAction, CommentKind, CommentStatus
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown, Whole


class CommentInvite(Sent):
    """An expert who is asked to comment on the draft."""

    person_id: UUID
    """The expert; of a visit of the report, if it has visits."""
    working_days: Annotated[int, Field(ge=1, le=60), Whole] = 10
    """How long the period is, in working days."""


class CommentFilters(Paging):
    """How to narrow the comments of one report."""

    status: Annotated[list[CommentStatus], Field(max_length=5)] | None = None
    """Any of these states."""


class CommentTransition(Sent):
    """An act on an invitation or a comment."""

    action: CommentAction
    """`withdraw`: the invitation ends; the text of a given comment stays."""
    reason: ShortText | None = None
    """Why."""


class ReportComment(Shown):
    """An expert's invitation, and the comment."""

    id: UUID
    person: Reference
    kind: CommentKind
    status: CommentStatus
    invited_on: Day
    due_on: Day
    due_explanation: str
    is_period_over: bool
    section_id: UUID | None
    text: str | None
    given_on: Day | None
    allowed_actions: list[CommentAction]


class ReportCommentPage(Shown):
    """A page of invitations and comments."""

    items: list[ReportComment]
    next_cursor: str | None
    count: int | None = None
