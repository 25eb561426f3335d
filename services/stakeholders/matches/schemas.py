"""What the NPM sends and sees about rows that wait for somebody to recognise an institution."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.stakeholders.directory_imports.rules import AuthorityMatchAction, AuthorityMatchState
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown

SourceName = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[a-z0-9-]+$")]


class AuthorityMatchFilters(Paging):
    """How to narrow and order what waits."""

    state: Annotated[list[AuthorityMatchState], Field(max_length=4)] | None = None
    """Any of these states."""
    source: SourceName | None = None
    """Of this source."""
    sort: Literal["name"] = "name"
    """The order."""


class AuthorityMatchTransition(Sent):
    """A decision on a row that waits."""

    action: Literal[AuthorityMatchAction.ACCEPT, AuthorityMatchAction.MAKE_NEW, AuthorityMatchAction.DROP]
    """What to do."""
    candidate_id: UUID | None = None
    """To accept: the institution it is, one of the candidates or another of the directory."""
    reason: ShortText | None = None
    """To drop: why it is not taken."""


class AuthorityCandidate(Shown):
    """An institution that a row may be about."""

    id: UUID
    name: str
    score: float
    """How much alike the names are, from 0 to 1."""
    why: str


class AuthorityMatch(Shown):
    """A row of a source that may be an institution of the directory."""

    id: UUID
    source: str
    row: str
    kind: str
    name: str
    region: str | None
    """Always null: lists of institutions say nothing of a region."""
    reason: str
    state: AuthorityMatchState
    authority: Reference | None
    """What it was found to be."""
    candidates: list[AuthorityCandidate]
    """The most alike first; empty once it is decided."""
    decided_by: Reference | None
    decided_on: Day | None
    allowed_actions: list[AuthorityMatchAction]


class AuthorityMatchPage(Shown):
    """A page of rows that wait, or were decided."""

    items: list[AuthorityMatch]
    next_cursor: str | None
    count: int | None = None
