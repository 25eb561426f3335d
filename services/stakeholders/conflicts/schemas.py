"""What goes in and out about conflicts of interest. The expert sees own ones, without who decided and why."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.stakeholders.conflicts.rules import (
    ConflictAction,
    ConflictEffect,
    ConflictKind,
    ConflictStatus,
    ConflictTargetKind,
)
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown


class ConflictCreate(Sent):
    """A conflict of interest of one's own."""

    kind: ConflictKind
    """Where it comes from."""
    target_kind: ConflictTargetKind
    """What it is about."""
    target_id: UUID
    """Which place, authority, person or visit."""
    explanation: ShortText | None = None
    """What there is to know."""
    from_on: Day | None = None
    """Since when."""
    until_on: Day | None = None
    """Until when."""


class ConflictTransition(Sent):
    """An act on a conflict that changes its state."""

    action: ConflictAction
    """What to do."""
    effect: ConflictEffect | None = None
    """What it does; needed to decide, and usual for some kinds."""
    from_on: Day | None = None
    """From when on; today unless said."""
    until_on: Day | None = None
    """The last day; needed for a tie between people."""
    reason: ShortText | None = None
    """Why; needed to find none and to lift."""
    is_risk_to_perceived_independence: bool = False
    """Whether it harms how independent the NPM looks."""


class ConflictFilters(Paging):
    """How to narrow and order conflicts."""

    person_id: UUID | None = None
    """Of this person."""
    status: Annotated[list[ConflictStatus], Field(max_length=10)] | None = None
    """In any of these states."""
    sort: Literal["created_at", "-created_at"] = "-created_at"
    """The order."""


class OwnConflictFilters(Paging):
    """How to order one's own conflicts."""

    status: Annotated[list[ConflictStatus], Field(max_length=10)] | None = None
    """In any of these states."""
    sort: Literal["created_at", "-created_at"] = "-created_at"
    """The order."""


class ConflictTarget(Shown):
    """What a conflict is about."""

    kind: ConflictTargetKind
    id: UUID
    name: str


class ConflictOfInterest(Shown):
    """A conflict of interest on record."""

    id: UUID
    person: Reference
    kind: ConflictKind
    target: ConflictTarget
    status: ConflictStatus
    effect: ConflictEffect
    """What was decided; while nobody has decided, the person is kept out as a precaution."""
    from_on: Day | None
    until_on: Day | None
    explanation: str | None
    reason: str | None
    is_risk_to_perceived_independence: bool
    declared_on: Day
    decided_by: Reference | None
    decided_on: Day | None
    usual_effect: ConflictEffect | None
    """What this kind does as a rule; null where each case is weighed by itself."""
    allowed_actions: list[ConflictAction]


class ConflictOfInterestPage(Shown):
    """A page of conflicts."""

    items: list[ConflictOfInterest]
    next_cursor: str | None
    count: int | None = None


class ExpertConflict(Shown):
    """A conflict of one's own."""

    id: UUID
    kind: ConflictKind
    target: ConflictTarget
    status: ConflictStatus
    effect: ConflictEffect
    from_on: Day | None
    until_on: Day | None
    explanation: str | None
    declared_on: Day


class ExpertConflictPage(Shown):
    """A page of one's own conflicts."""

    items: list[ExpertConflict]
    next_cursor: str | None
    count: int | None = None
