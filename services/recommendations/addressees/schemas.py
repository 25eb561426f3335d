"""What the NPM sends and sees about addressees and their deadlines."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.recommendations.recommendations.rules import ImplementationStatus
from services.recommendations.responses.rules import (
    RESPONSE_WORKING_DAYS,
    AddresseeKind,
    AddresseeRole,
    AskedPart,
    Obstacle,
    ResponsePosition,
    ResponseState,
)
from shared.schemas import Day, Reference, Sent, Shown, Whole

WorkingDays = Annotated[int, Field(ge=1, le=250), Whole]
ShortLabel = Annotated[str, Field(max_length=100)]


class AddresseeCreate(Sent):
    """Somebody who is asked for an answer."""

    authority_id: UUID
    """The authority or monitoring body, of the directory."""
    stakeholder_kind: AddresseeKind = AddresseeKind.AUTHORITY
    """An authority, or another monitoring body on its methods."""
    department_id: UUID | None = None
    """The department inside it."""
    category: ShortLabel = ""
    """The category of the authority."""
    level: ShortLabel = ""
    """The level inside it that can act."""
    role: AddresseeRole = AddresseeRole.LEAD
    """Its part."""
    working_days: WorkingDays = RESPONSE_WORKING_DAYS
    """How many working days it has to answer, counted from the day it is asked."""
    asked_parts: Annotated[list[AskedPart], Field(max_length=10)] = []
    """What the answer has to contain besides a position."""


class SkippedDay(Shown):
    """A day that was not counted, and why."""

    on: Day
    reason: str


class DeadlineStretch(Shown):
    """A time in which the clock stood still, or more time that was given."""

    from_: Annotated[Day, Field(alias="from")]
    to: Day
    reason: str
    by: str | None = None


class ResponseDeadline(Shown):
    """A date with the way it was counted: it explains itself."""

    started_on: Day
    due_on: Day
    unit: str
    counted: int
    calendar: str
    library: str
    skipped: list[SkippedDay]
    stops: list[DeadlineStretch]
    extensions: list[DeadlineStretch]
    sentence: str


class CurrentAnswer(Shown):
    """The valid version of an answer: what the authority claims."""

    id: UUID
    number: int
    position: ResponsePosition | None
    claimed_status: ImplementationStatus | None
    submitted_on: Day | None
    was_late: bool
    planned_on: Day | None
    obstacles: list[Obstacle]
    channel: str


class ReportedOutcome(Shown):
    """What a source tells without the answer itself: how many replies were counted, on which day."""

    replies_count: int
    as_of: Day


class AddresseeShown(Shown):
    """An addressee with what it owes."""

    id: UUID
    authority: Reference
    stakeholder_kind: AddresseeKind
    department: Reference | None
    category: str
    level: str
    role: AddresseeRole
    state: ResponseState
    working_days: int
    asked_parts: list[AskedPart]
    requested_on: Day | None
    due_on: Day | None
    deadline: ResponseDeadline | None
    is_overdue: bool
    """An answer is owed and the day has passed; told at reading, never kept."""
    answered_on: Day | None
    current_answer: CurrentAnswer | None
    reported_outcome: ReportedOutcome | None
