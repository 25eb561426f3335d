"""What the NPM sends and sees about the people of an institution. What the institution sees stands in `profiles`."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from services.stakeholders.authorities.rules import ContactLevel, DesignationKind
from shared.paging import Paging
from shared.schemas import Day, Name, Sent, ShortText, Shown

Post = Annotated[str, Field(max_length=200)]


class ContactChannelSent(Sent):
    """A way to reach somebody."""

    kind: Annotated[str, Field(min_length=1, max_length=50)]
    """Email, phone, address."""
    value: Annotated[str, Field(min_length=1, max_length=300)]
    """The number or address."""


class DesignationSent(Sent):
    """That the institution has designated somebody; ended with `until`, never taken away."""

    kind: DesignationKind
    """For what."""
    since: Day
    """From when on."""
    until: Day | None = None
    """The last day."""


Channels = Annotated[list[ContactChannelSent], Field(max_length=20)]
Designations = Annotated[list[DesignationSent], Field(max_length=50)]


class ContactCreate(Sent):
    """Somebody in an institution."""

    name: Name
    """The name."""
    post: Post = ""
    """The post held."""
    contact_level: ContactLevel | None = None
    """The level at which one talks."""
    channels: Channels = []
    """Ways to reach them."""
    safe_channels: Channels = []
    """Ways that are safe for them."""
    position_on_issue: ShortText | None = None
    """Where they stand."""
    notes: ShortText | None = None
    """What the NPM noted; never leaves."""
    designations: Designations = []
    """What the institution has designated them for."""


class ContactUpdate(Sent):
    """A correction; only what is sent changes."""

    name: Name | MISSING = MISSING
    """The name."""
    post: Post | MISSING = MISSING
    """The post held."""
    contact_level: ContactLevel | MISSING | None = MISSING
    """The level at which one talks."""
    channels: Channels | MISSING = MISSING
    """Ways to reach them."""
    safe_channels: Channels | MISSING = MISSING
    """Ways that are safe for them."""
    position_on_issue: ShortText | MISSING | None = MISSING
    """Where they stand."""
    notes: ShortText | MISSING | None = MISSING
    """What the NPM noted; never leaves."""
    designations: Designations | MISSING = MISSING
    """All designations; one that was is ended, not left out."""
    is_confirmed: Literal[True] | MISSING = MISSING
    """Takes over what the institution proposed."""


class ContactFilters(Paging):
    """How to narrow and order the people of an institution."""

    is_confirmed: bool | None = None
    """Only those taken over, or only those proposed."""
    sort: Literal["name", "-name"] = "name"
    """The order."""


class FocalPointFilters(Paging):
    """How to order the focal points of an institution."""

    sort: Literal["name", "-name"] = "name"
    """The order."""


class ContactChannel(Shown):
    """A way to reach somebody."""

    kind: str
    value: str


class ContactDesignation(Shown):
    """That the institution has designated somebody."""

    kind: DesignationKind
    since: Day
    until: Day | None


class InstitutionContact(Shown):
    """Somebody in an institution, with what the NPM knows."""

    id: UUID
    name: str
    post: str
    contact_level: ContactLevel | None
    channels: list[ContactChannel]
    safe_channels: list[ContactChannel]
    position_on_issue: str | None
    notes: str | None
    designations: list[ContactDesignation]
    is_confirmed: bool
    """False while it is only proposed by the institution."""


class InstitutionContactPage(Shown):
    """A page of the people of an institution."""

    items: list[InstitutionContact]
    next_cursor: str | None
    count: int | None = None


class FocalPoint(Shown):
    """Somebody who is focal point of an institution today (R-S07), or stands in."""

    id: UUID
    name: str
    post: str
    kind: DesignationKind
    since: Day
    until: Day | None
    channels: list[ContactChannel]


class FocalPointPage(Shown):
    """A page of focal points."""

    items: list[FocalPoint]
    next_cursor: str | None
    count: int | None = None
