"""What the NPM sends and sees about rows that wait for a decision."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.visits.matches.rules import MatchAction, MatchKind, MatchState
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown


class PlaceMatchFilters(Paging):
    """How to narrow the rows that wait, or waited, for a decision."""

    state: Annotated[list[MatchState], Field(max_length=4)] | None = None
    """Any of these states."""
    kind: Annotated[list[MatchKind], Field(max_length=3)] | None = None
    """Any of these kinds."""
    source: Annotated[str, Field(max_length=50, pattern=r"^[a-z0-9-]+$")] | None = None
    """Rows of this source."""
    sort: Literal["name", "-name"] = "name"
    """The order."""


class PlaceMatchTransition(Sent):
    """A decision about a row."""

    action: MatchAction
    """What to do."""
    candidate_id: UUID | None = None
    """The place that is meant, to accept: one of the candidates or any other of the register."""
    reason: ShortText | None = None
    """Why; needed to drop."""


class PlaceCandidate(Shown):
    """A place that may be meant."""

    id: UUID
    name: str
    region: str
    score: float
    """How much the names have in common, from 0 to 1."""
    why: str


class PlaceMatch(Shown):
    """A row of an import that a person decides."""

    id: UUID
    source: str
    row: str
    kind: MatchKind
    name: str
    region: str
    reason: str
    """What is in doubt."""
    state: MatchState
    written_names: list[str]
    """Other ways of writing the name, which follow the decision."""
    candidates: list[PlaceCandidate]
    place: Reference | None
    """The place in doubt, where it may be a double; after the decision the place that it came to."""
    decided_by: str | None
    decided_on: Day | None
    decision_reason: str
    allowed_actions: list[MatchAction]


class PlaceMatchPage(Shown):
    """A page of rows that wait, or waited, for a decision."""

    items: list[PlaceMatch]
    next_cursor: str | None
    count: int | None = None
