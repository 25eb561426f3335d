"""What goes in and out about the rules on what experts are paid."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.paging import Paging
from shared.schemas import Day, LongText, Sent, Shown


class RemunerationRulesCreate(Sent):
    """A version of the rules to publish."""

    edition: Annotated[str, Field(min_length=1, max_length=50)]
    """Its name."""
    content: LongText
    """The rules."""
    in_force_from: Day
    """From when on they hold."""


class RemunerationRulesFilters(Paging):
    """How to order the versions."""

    sort: Literal["in_force_from", "-in_force_from"] = "-in_force_from"
    """The order."""


class PublishedRemunerationRules(Shown):
    """A published version of the rules."""

    id: UUID
    edition: str
    content: str
    in_force_from: Day
    published_on: Day


class PublishedRemunerationRulesPage(Shown):
    """A page of versions."""

    items: list[PublishedRemunerationRules]
    next_cursor: str | None
    count: int | None = None
