"""What an authority sees of visits at places it runs: facts, and only once they have begun there."""

from typing import Literal
from uuid import UUID

from shared.paging import Paging
from shared.schemas import Day, Reference, Shown


class AuthorityVisitFilters(Paging):
    """How to order begun visits."""

    sort: Literal["started_on", "-started_on"] = "-started_on"
    """The order."""


class AuthorityVisit(Shown):
    """A visit as the authority that runs the place sees it. Its type stays inside: a reactive one has a reason."""

    id: UUID
    code: str
    places: list[Reference]
    """Those of the visit's places that the caller's authority runs."""
    started_on: Day
    """The first day at one of them."""
    days: list[Day]
    """The days there so far."""
    origin: str
    """Whether it was made with this system, or is imported history."""


class AuthorityVisitPage(Shown):
    """A page of begun visits at own places."""

    items: list[AuthorityVisit]
    next_cursor: str | None
    count: int | None = None
