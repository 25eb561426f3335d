"""What an authority sends and sees about its own answers."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from services.recommendations.recommendations.rules import ImplementationStatus
from services.recommendations.responses.rules import (
    AnswerVersionState,
    AuthorityResponseAction,
    Obstacle,
    ResponsePosition,
)
from shared.paging import Paging
from shared.schemas import Day, Sent, ShortText, Shown

AnswerText = Annotated[str, Field(max_length=20_000)]


class Measure(Sent):
    """Something that was or will be done."""

    text: ShortText
    """What."""
    on: Day | None = None
    """When it was or will be done."""
    state: Literal["planned", "begun", "done"] = "planned"
    """How far it has come."""


Measures = Annotated[list[Measure], Field(max_length=50)]
Obstacles = Annotated[list[Obstacle], Field(max_length=11)]


class AuthorityResponseCreate(Sent):
    """A version of an answer. Only the authority sees it until its validating official submits it."""

    position: ResponsePosition | None = None
    """What the authority says to the recommendation; needed to submit."""
    measures: Measures = []
    """What was or will be done."""
    planned_on: Day | None = None
    """By when it will be put into practice."""
    obstacles: Obstacles = []
    """What stands in the way."""
    needs: AnswerText = ""
    """What the authority needs."""
    reasons: AnswerText = ""
    """The reasons; a rejection with reasons is a complete answer."""
    claimed_status: ImplementationStatus | None = None
    """How far the authority says it is; the NPM finds for itself."""


class AuthorityResponseUpdate(Sent):
    """A change of a draft; only what is sent changes."""

    position: ResponsePosition | MISSING = MISSING
    """What the authority says to the recommendation."""
    measures: Measures | MISSING = MISSING
    """What was or will be done."""
    planned_on: Day | MISSING | None = MISSING
    """By when it will be put into practice."""
    obstacles: Obstacles | MISSING = MISSING
    """What stands in the way."""
    needs: AnswerText | MISSING = MISSING
    """What the authority needs."""
    reasons: AnswerText | MISSING = MISSING
    """The reasons."""
    claimed_status: ImplementationStatus | MISSING | None = MISSING
    """How far the authority says it is."""


class AuthorityResponseTransition(Sent):
    """An act on a draft."""

    action: AuthorityResponseAction
    """Submit it, or throw it away."""


class AuthorityResponseFilters(Paging):
    """How to order the versions of an answer."""

    sort: Literal["number", "-number"] = "-number"
    """The order."""


class MeasureShown(Shown):
    """Something that was or will be done."""

    text: str
    on: Day | None
    state: str


class AuthorityResponse(Shown):
    """One version of the authority's own answer."""

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
    submitted_on: Day | None
    was_late: bool
    allowed_actions: list[AuthorityResponseAction]


class AuthorityResponsePage(Shown):
    """A page of versions of the authority's own answer."""

    items: list[AuthorityResponse]
    next_cursor: str | None
    count: int | None = None
