"""What an expert sends and sees: the draft while the comment period is open, and the own comment."""

from typing import Literal
from uuid import UUID

from pydantic import MISSING

from services.visits.reports.rules.status import (
    CommentAction,
    CommentKind,
    CommentStatus,
    FactSource,
    ReportKind,
    ReportStatus,
)
from shared.paging import Paging
from shared.schemas import Day, LongText, Reference, Sent, Shown


class ExpertReportFilters(Paging):
    """How to order the drafts."""

    sort: Literal["code", "-code"] = "-code"
    """The order."""


class ExpertReportSummary(Shown):
    """A draft that waits for a comment."""

    id: UUID
    code: str
    kind: ReportKind
    title: str
    status: ReportStatus
    comment_due_on: Day


class ExpertReportPage(Shown):
    """A page of drafts."""

    items: list[ExpertReportSummary]
    next_cursor: str | None
    count: int | None = None


class DraftSection(Shown):
    """A section of the draft."""

    id: UUID
    heading: str
    text: str


class DraftFactItem(Shown):
    """A fact of the draft."""

    id: UUID
    name: str
    value: str
    unit: str
    as_of: Day | None
    supplied_by: FactSource


class ExpertReport(Shown):
    """A draft as an invited expert reads it: text and facts."""

    id: UUID
    code: str
    kind: ReportKind
    title: str
    status: ReportStatus
    places: list[Reference]
    sections: list[DraftSection]
    fact_items: list[DraftFactItem]
    comment_due_on: Day
    comment_due_explanation: str


class ExpertReportCommentGiven(Sent):
    """A comment on the draft."""

    text: LongText
    """The comment."""
    kind: CommentKind = CommentKind.INPUT
    """Written input on the whole, or a proposal for one section."""
    section_id: UUID | None = None
    """The section that it is about."""


class ExpertReportCommentUpdate(Sent):
    """A change of the own comment while the period is open."""

    text: LongText | MISSING = MISSING
    """The comment."""
    section_id: UUID | MISSING | None = MISSING
    """The section that it is about."""


class ExpertReportCommentFilters(Paging):
    """How to page through the own comments on one draft."""


class ExpertReportCommentTransition(Sent):
    """An act on the own invitation."""

    action: CommentAction
    """`decline`: there is nothing to add."""


class ExpertReportComment(Shown):
    """The own invitation and comment."""

    id: UUID
    kind: CommentKind
    status: CommentStatus
    invited_on: Day
    due_on: Day
    due_explanation: str
    section_id: UUID | None
    text: str | None
    given_on: Day | None
    allowed_actions: list[CommentAction]


class ExpertReportCommentPage(Shown):
    """A page of own comments."""

    items: list[ExpertReportComment]
    next_cursor: str | None
    count: int | None = None
