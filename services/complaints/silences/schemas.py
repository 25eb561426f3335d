"""What the NPM sends and sees about silences. Counts below three are hidden outside the complaints service."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.complaints.silences.rules import (
    ComparedWith,
    SilenceAction,
    SilenceFlag,
    SilenceState,
    SilenceStatus,
)
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown


class SilenceTransition(Sent):
    """A judgement on a silence."""

    action: Literal[SilenceAction.TAKE_UP, SilenceAction.EXPLAIN, SilenceAction.REOPEN, SilenceAction.CLOSE]
    """What you say of it."""
    reason: ShortText | None = None
    """What is to be done, or why; needed but to close. Name nobody."""


class SilenceFilters(Paging):
    """How to narrow and order silences."""

    state: Annotated[list[SilenceState], Field(max_length=4)] | None = None
    """Any of these states."""
    flag: Annotated[list[SilenceFlag], Field(max_length=3)] | None = None
    """With any of these flags."""
    place_id: UUID | None = None
    """At this place."""
    sort: Literal["-raised_on", "raised_on"] = "-raised_on"
    """The order."""


class Silence(Shown):
    """A silence: few or no complaints where more were to be expected. It may mean several things."""

    id: UUID
    state: SilenceState
    place: Reference
    flags: list[SilenceFlag]
    q: float
    observed: int | None
    """Complaints in 12 months; null where they are fewer than three and you work outside the complaints service."""
    expected: float
    status: SilenceStatus
    compared_with: ComparedWith
    is_boosted: bool
    """Whether people are held there who are less able to complain."""
    has_no_channel: bool
    raised_on: Day
    last_found_on: Day
    sentence: str | None
    review: str
    allowed_actions: list[SilenceAction]


class SilencePage(Shown):
    """A page of silences."""

    items: list[Silence]
    next_cursor: str | None
    count: int | None = None
