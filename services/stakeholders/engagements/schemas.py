"""What goes in and out about meetings, calls and letters. Nothing of it leaves the NPM."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from services.stakeholders.engagements.rules import (
    EngagementAction,
    EngagementChannel,
    EngagementFormat,
    EngagementOutcomeKind,
    EngagementPurpose,
    EngagementStatus,
    EngagementTiming,
)
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown

Summary = Annotated[str, Field(max_length=20_000)]
Purposes = Annotated[list[EngagementPurpose], Field(max_length=15)]
People = Annotated[list[UUID], Field(max_length=50)]


class EngagementOutcomeSent(Sent):
    """What came of an engagement."""

    kind: EngagementOutcomeKind
    """An agreement, a challenge, a commitment …"""
    text: ShortText
    """What."""
    due_on: Day | None = None
    """When a commitment is due."""
    kept_on: Day | None = None
    """When it was kept."""
    broken_on: Day | None = None
    """When it was found broken."""
    with_id: UUID | None = None
    """Which institution committed itself."""


Outcomes = Annotated[list[EngagementOutcomeSent], Field(max_length=100)]


class DialogueEngagementCreate(Sent):
    """A meeting to plan, or a contact that has taken place and is logged."""

    action: Literal[EngagementAction.PLAN, EngagementAction.LOG]
    """`plan` for what is to come, `log` for what has been; logging needs a summary."""
    format: EngagementFormat
    """In what form."""
    channel: EngagementChannel
    """By what means."""
    timing: EngagementTiming = EngagementTiming.BEYOND_VISITS
    """When, seen from the visits."""
    purposes: Purposes = []
    """What for."""
    held_on: Day
    """The day."""
    counterpart_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    """The institutions."""
    participant_ids: People = []
    """Who of the NPM."""
    agenda_set_by: Literal["npm", "counterpart", "both"] | None = None
    """Who set the agenda."""
    aims: Summary = ""
    """What the NPM wants of it."""
    summary: Summary = ""
    """What was said, in short."""
    is_shared_in_confidence: bool = False
    """Whether something was told in confidence."""
    outcomes: Outcomes = []
    """What came of it."""


class DialogueEngagementUpdate(Sent):
    """A correction; only what is sent changes."""

    purposes: Purposes | MISSING = MISSING
    """What for."""
    participant_ids: People | MISSING = MISSING
    """Who of the NPM."""
    agenda_set_by: Literal["npm", "counterpart", "both"] | MISSING | None = MISSING
    """Who set the agenda."""
    aims: Summary | MISSING = MISSING
    """What the NPM wants of it."""
    summary: Summary | MISSING = MISSING
    """What was said, in short."""
    is_shared_in_confidence: bool | MISSING = MISSING
    """Whether something was told in confidence."""
    outcomes: Outcomes | MISSING = MISSING
    """All outcomes; a commitment that was kept or broken says when."""


class DialogueEngagementTransition(Sent):
    """An act on an engagement that changes its state."""

    action: EngagementAction
    """What to do."""
    held_on: Day | None = None
    """The new day, to reschedule."""
    reason: ShortText | None = None
    """Why; needed to cancel and to reopen."""


class DialogueEngagementFilters(Paging):
    """How to narrow and order the log."""

    authority_id: UUID | None = None
    """With this institution."""
    channel: Annotated[list[EngagementChannel], Field(max_length=10)] | None = None
    """By any of these means."""
    status: Annotated[list[EngagementStatus], Field(max_length=10)] | None = None
    """In any of these states."""
    held_on_from: Day | None = None
    """On this day or later."""
    held_on_to: Day | None = None
    """On this day or earlier."""
    sort: Literal["held_on", "-held_on"] = "-held_on"
    """The order."""


class EngagementOutcome(Shown):
    """What came of an engagement."""

    kind: EngagementOutcomeKind
    text: str
    due_on: Day | None
    kept_on: Day | None
    broken_on: Day | None
    with_id: UUID | None
    is_overdue: bool
    """A commitment that is due, and neither kept nor found broken."""


class DialogueEngagementSummary(Shown):
    """An engagement in the log."""

    id: UUID
    format: EngagementFormat
    channel: EngagementChannel
    purposes: list[EngagementPurpose]
    held_on: Day
    counterparts: list[Reference]
    status: EngagementStatus
    summary: str


class DialogueEngagementPage(Shown):
    """A page of the log."""

    items: list[DialogueEngagementSummary]
    next_cursor: str | None
    count: int | None = None


class DialogueEngagement(Shown):
    """A meeting, a call or a letter, and what came of it."""

    id: UUID
    format: EngagementFormat
    channel: EngagementChannel
    timing: EngagementTiming
    purposes: list[EngagementPurpose]
    held_on: Day
    counterparts: list[Reference]
    participants: list[Reference]
    agenda_set_by: str | None
    aims: str
    summary: str
    is_shared_in_confidence: bool
    outcomes: list[EngagementOutcome]
    status: EngagementStatus
    reason: str | None
    allowed_actions: list[EngagementAction]
