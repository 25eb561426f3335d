"""What the NPM sends and sees about access incidents."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.visits.access_incidents.rules import IncidentAction, IncidentKind, IncidentStatus
from shared.paging import Paging
from shared.schemas import Day, LongText, Reference, Sent, ShortText, Shown


class AccessIncidentCreate(Sent):
    """Refused, delayed or limited access."""

    place_id: UUID
    """Where."""
    visit_id: UUID | None = None
    """On which visit."""
    occurred_on: Day
    """When."""
    kind: IncidentKind
    """What was refused or limited."""
    refused_by: ShortText
    """Who refused, by function."""
    authority_id: UUID | None = None
    """Which authority stands behind it."""
    account: LongText | None = None
    """What happened."""
    is_serious: bool = False
    """Whether it lifts the priority of the place while it is open."""


class AccessIncidentTransition(Sent):
    """An act on an access incident."""

    action: IncidentAction
    """What to do."""
    authority_id: UUID | None = None
    """With which authority it is raised."""
    channel: ShortText | None = None
    """How it is raised."""
    result: ShortText | None = None
    """What changed or was answered."""
    ground: ShortText | None = None
    """Why it is escalated."""
    retained_channel: ShortText | None = None
    """Which channel to the authority stays open."""
    reason: ShortText | None = None
    """Why it is reopened."""


class AccessIncidentFilters(Paging):
    """How to narrow and order access incidents."""

    status: Annotated[list[IncidentStatus], Field(max_length=6)] | None = None
    """Any of these states."""
    place_id: UUID | None = None
    """At this place."""
    sort: Literal["occurred_on", "-occurred_on"] = "-occurred_on"
    """The order."""


class AccessIncident(Shown):
    """Refused, delayed or limited access, and what became of it."""

    id: UUID
    place: Reference
    visit_id: UUID | None
    occurred_on: Day
    kind: IncidentKind
    status: IncidentStatus
    refused_by: str
    authority: Reference | None
    channel: str
    account: str
    is_serious: bool
    opcat_article: str | None
    """The power of OPCAT Art. 20 that was touched."""
    result: str
    ground: str
    retained_channel: str
    last_reason: str
    allowed_actions: list[IncidentAction]


class AccessIncidentPage(Shown):
    """A page of access incidents."""

    items: list[AccessIncident]
    next_cursor: str | None
    count: int | None = None
