"""What the NPM sends and sees about patterns. Counts below three are hidden outside the complaints service."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.complaints.patterns.rules import (
    CellKind,
    Direction,
    PatternAction,
    PatternKind,
    PatternLevel,
    PatternState,
)
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown


class PatternTransition(Sent):
    """A judgement on a pattern."""

    action: Literal[
        PatternAction.ACCEPT, PatternAction.EXPLAIN, PatternAction.DISMISS, PatternAction.REOPEN, PatternAction.CLOSE
    ]
    """What you say of it."""
    reason: ShortText | None = None
    """Why; needed but to close. Name nobody."""


class PatternFilters(Paging):
    """How to narrow and order patterns."""

    state: Annotated[list[PatternState], Field(max_length=5)] | None = None
    """Any of these states."""
    level: Annotated[list[PatternLevel], Field(max_length=5)] | None = None
    """Any of these levels."""
    kind: Annotated[list[PatternKind], Field(max_length=6)] | None = None
    """Any of these kinds."""
    place_id: UUID | None = None
    """At this place."""
    authority_id: UUID | None = None
    """Of this authority."""
    sort: Literal["-last_found_on", "last_found_on"] = "-last_found_on"
    """The order."""


class Pattern(Shown):
    """A pattern: theme, place and time, with how sure it is."""

    id: UUID
    state: PatternState
    kind: PatternKind
    cell_kind: CellKind | None
    theme: str | None
    """Our theme, of the first or second level."""
    place: Reference | None
    place_type: str | None
    region: str | None
    authority: Reference | None
    level: PatternLevel
    first_found_on: Day
    last_found_on: Day
    n: int | None
    """Incidents in 90 days; null where they are fewer than three and you work outside the complaints service."""
    baseline: int | None
    """Incidents in the year before; hidden alike."""
    expected: float | None
    ratio: float | None
    q: float
    direction: Direction
    sentence: str | None
    review: str
    allowed_actions: list[PatternAction]


class PatternPage(Shown):
    """A page of patterns."""

    items: list[Pattern]
    next_cursor: str | None
    count: int | None = None
