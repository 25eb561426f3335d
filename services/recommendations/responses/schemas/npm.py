"""What the NPM sends and sees about answers: what an addressee owes, and the versions that were submitted."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.recommendations.addressees.schemas import AddresseeShown, ResponseDeadline, WorkingDays
from services.recommendations.extension_requests.rules import ExtensionRequestState
from services.recommendations.recommendations.rules import ImplementationStatus
from services.recommendations.responses.rules import (
    AnswerVersionState,
    Obstacle,
    ResponseAction,
    ResponsePosition,
    ResponsePublication,
    ResponseState,
)
from services.recommendations.responses.schemas.authority import AuthorityResponseCreate, MeasureShown
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown


class ResponseTransition(Sent):
    """An act on what an addressee owes."""

    action: ResponseAction
    """What to do."""
    question: ShortText | None = None
    """What is asked back, to ask for clarification; the authority reads it."""
    working_days: WorkingDays | None = None
    """How many working days the authority has from today, to ask back or to ask again."""
    reason: ShortText | None = None
    """Why: to ask again or to release."""


class PaperAnswer(AuthorityResponseCreate):
    """An answer that came on paper, entered by the NPM and marked so."""

    document_reference: Annotated[str, Field(min_length=1, max_length=500)]
    """Where the paper or its scan is kept."""
    submitted_on: Day
    """The day it arrived."""


class ResponseUpdate(Sent):
    """How much of the valid answer the NPM publishes."""

    publication: ResponsePublication
    """Nothing, a summary, or the whole answer."""


class ResponseFilters(Paging):
    """How to narrow and order what is owed."""

    state: Annotated[list[ResponseState], Field(max_length=10)] | None = None
    """Any of these states."""
    authority_id: UUID | None = None
    """Owed by this authority."""
    recommendation_id: UUID | None = None
    """About this recommendation."""
    is_overdue: bool | None = None
    """The day has passed and an answer is owed."""
    sort: Literal["due_on", "-due_on", "-updated_at"] = "due_on"
    """The order."""


class ResponseSummary(AddresseeShown):
    """What one addressee owes, in a list."""

    recommendation: Reference


class ResponsePage(Shown):
    """A page of what is owed."""

    items: list[ResponseSummary]
    next_cursor: str | None
    count: int | None = None


class ClarificationShown(Shown):
    """A question that the NPM asked back."""

    question: str
    asked_on: Day
    answered_on: Day | None


class AnswerVersion(Shown):
    """One submitted version of an answer: claims of the authority."""

    id: UUID
    number: int
    state: AnswerVersionState
    position: ResponsePosition | None
    measures: list[MeasureShown]
    planned_on: Day | None
    obstacles: list[Obstacle]
    needs: str
    reasons: str
    claimed_status: ImplementationStatus | None
    channel: str
    document_reference: str
    publication: ResponsePublication
    submitted_on: Day | None
    was_late: bool
    origin: str


class EarlierDeadline(ResponseDeadline):
    """A deadline of an earlier request, and whether it was met."""

    answered_on: Day | None
    was_met: bool


class ExtensionBrief(Shown):
    """A request for more time, in the view of its answer."""

    id: UUID
    state: ExtensionRequestState
    asked_on: Day
    asked_until: Day
    granted_until: Day | None


class ResponseShown(ResponseSummary):
    """What one addressee owes, with every submitted version. Drafts of the authority are not here: nobody inside sees them."""

    versions: list[AnswerVersion]
    clarifications: list[ClarificationShown]
    extension_requests: list[ExtensionBrief]
    earlier_deadlines: list[EarlierDeadline]
    request_reason: str
    release_reason: str
    allowed_actions: list[ResponseAction]
