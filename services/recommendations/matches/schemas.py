"""What the NPM sends and sees about written names that wait for a decision."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.recommendations.matches.rules import AddresseeMatchAction, AddresseeMatchState
from shared.paging import Paging
from shared.schemas import Day, Reference, SearchText, Sent, ShortText, Shown

SourceName = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[a-z0-9-]+$")]


class AddresseeMatchFilters(Paging):
    """How to narrow and order the written names."""

    state: Annotated[list[AddresseeMatchState], Field(max_length=3)] | None = None
    """Any of these states."""
    source: SourceName | None = None
    """Written in this source."""
    q: SearchText | None = None
    """Words of the name."""
    sort: Literal["name", "-uses"] = "name"
    """The order; `-uses` gives the names first that most recommendations are written to."""


class AddresseeMatchTransition(Sent):
    """A decision on a written name."""

    action: Literal[AddresseeMatchAction.ACCEPT, AddresseeMatchAction.DROP]
    """What to do."""
    candidate_id: UUID | None = None
    """To accept: the authority that the name stands for, one of the candidates or another of the directory."""
    reason: ShortText | None = None
    """To drop: why the name stays as it is written."""


class AddresseeCandidate(Shown):
    """An authority that a written name may stand for."""

    id: UUID
    name: str
    score: float
    """How much alike the names are, from 0 to 1; short and former names count too."""
    why: str


class AddresseeMatch(Shown):
    """A name that a source writes to."""

    id: UUID
    source: str
    row: str
    """The first row of the source that has it."""
    kind: str
    name: str
    """As it is written."""
    region: str | None
    """Always null: a name says nothing of a region."""
    reason: str
    """Why it waits, or why it was decided so."""
    state: AddresseeMatchState
    uses: int
    """How many recommendations of the source are written to this name."""
    authority: Reference | None
    """The authority it stands for."""
    candidates: list[AddresseeCandidate]
    """The most alike first; empty once it is decided."""
    decided_by: Reference | None
    """Who decided; null where the directory alone decided."""
    decided_on: Day | None
    allowed_actions: list[AddresseeMatchAction]


class AddresseeMatchPage(Shown):
    """A page of written names."""

    items: list[AddresseeMatch]
    next_cursor: str | None
    count: int | None = None
