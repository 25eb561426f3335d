"""What the NPM sends and sees about visits of other bodies."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from shared.paging import Paging
from shared.schemas import Day, Name, Reference, Sent, ShortText, Shown

BodyKind = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z_]+$")]


class ExternalVisitCreate(Sent):
    """A visit of another body."""

    body_id: UUID | None = None
    """The body's id in the directory."""
    body_kind: BodyKind
    """The kind of body, such as `spt`, `nhri` or `ngo_visitor`; it decides how far we are relieved."""
    body_name: Name | None = None
    """The body's name."""
    place_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    """Where it goes."""
    from_on: Day
    """First day."""
    to_on: Day
    """Last day."""
    done_on: Day | None = None
    """The last day there, once it is done."""
    purpose: ShortText | None = None
    """What for."""
    is_source_confidential: bool = False
    """Whether we may say how we know."""


class ExternalVisitUpdate(Sent):
    """A change; only what is sent changes."""

    done_on: Day | MISSING | None = MISSING
    """The last day there, once it is done."""
    cancelled_on: Day | MISSING | None = MISSING
    """When it was called off."""
    reprisal_checked_on: Day | MISSING | None = MISSING
    """When the places were checked for reprisals."""
    purpose: ShortText | MISSING = MISSING
    """What for."""


class ExternalVisitFilters(Paging):
    """How to narrow and order visits of others."""

    place_id: UUID | None = None
    """Visits to this place."""
    sort: Literal["from_on", "-from_on"] = "-from_on"
    """The order."""


class ExternalVisit(Shown):
    """A visit of another body."""

    id: UUID
    body_id: UUID | None
    body_kind: str
    body_name: str
    places: list[Reference]
    from_on: Day
    to_on: Day
    done_on: Day | None
    cancelled_on: Day | None
    purpose: str
    is_source_confidential: bool
    reprisal_check_due_on: Day | None
    """By when reprisals are checked; visits of international bodies only."""
    reprisal_checked_on: Day | None


class ExternalVisitPage(Shown):
    """A page of visits of others."""

    items: list[ExternalVisit]
    next_cursor: str | None
    count: int | None = None
