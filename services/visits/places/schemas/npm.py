"""What the NPM sends and sees about places."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, Field

from services.visits.places.rules import (
    AuthorityInvolvement,
    ComplaintChannelQuality,
    PlaceAction,
    PlaceStatus,
    PlaceType,
    RiskFlag,
    VulnerableGroup,
)
from shared.paging import Paging
from shared.schemas import Day, Name, Reference, SearchText, Sent, ShortText, Shown, Whole

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Count = Annotated[int, Field(ge=0, le=100_000), Whole]
Region = Annotated[str, Field(max_length=200)]
Address = Annotated[str, Field(max_length=500)]


class MandateBasis(Sent):
    """Why the mandate reaches the place: the limbs of OPCAT Art. 4."""

    is_under_jurisdiction_and_control: bool
    """The State has jurisdiction and control over the place."""
    may_not_leave_at_will: bool
    """People may not leave when they want to."""
    authority_involvement: AuthorityInvolvement | None = None
    """How a public authority stands behind it."""
    national_law: Annotated[str, Field(max_length=500)] = ""
    """The provision of national law, if there is one."""


class Population(Sent):
    """How many people were held, when, and who said so."""

    count: Count
    """Number of people."""
    as_of: Day
    """The day of the count."""
    source: Annotated[str, Field(min_length=1, max_length=200)]
    """Who counted."""


class PlaceCreate(Sent):
    """A place to register; it stays unverified until somebody confirms kind and mandate basis."""

    name: Name
    """The name people use."""
    place_type: PlaceType
    """What kind of place it is; `unknown` keeps it unverified."""
    region: Region = ""
    """The region it lies in."""
    address: Address = ""
    """The postal address."""
    latitude: Latitude | None = None
    """Degrees north."""
    longitude: Longitude | None = None
    """Degrees east."""
    is_location_withheld: bool = False
    """Whether address and coordinates stay inside (refuges, secret places)."""
    operator_id: UUID | None = None
    """The authority that runs the place."""
    is_private_operator: bool = False
    """Whether a private body runs it for the authority."""
    capacity: Count | None = None
    """Official capacity, in persons."""
    population: Annotated[list[Population], Field(max_length=100)] = []
    """Counts of people held, the latest last."""
    vulnerable_groups: Annotated[list[VulnerableGroup], Field(max_length=20)] = []
    """Groups held there that are more exposed."""
    risk_flags: Annotated[list[RiskFlag], Field(max_length=10)] = []
    """What makes the place hazardous."""
    complaint_channel_quality: ComplaintChannelQuality = ComplaintChannelQuality.UNKNOWN
    """How well people can complain from inside."""
    mandate_basis: MandateBasis | None = None
    """Why the mandate reaches it."""


class PlaceUpdate(Sent):
    """A correction; only what is sent changes."""

    name: Name | MISSING = MISSING
    """The new name; the former one becomes an alias."""
    place_type: PlaceType | MISSING = MISSING
    """The corrected kind."""
    region: Region | MISSING = MISSING
    """The region."""
    address: Address | MISSING = MISSING
    """The postal address."""
    latitude: Latitude | MISSING | None = MISSING
    """Degrees north."""
    longitude: Longitude | MISSING | None = MISSING
    """Degrees east."""
    is_location_withheld: bool | MISSING = MISSING
    """Whether the location stays inside."""
    operator_id: UUID | MISSING | None = MISSING
    """The authority that runs the place."""
    is_private_operator: bool | MISSING = MISSING
    """Whether a private body runs it."""
    capacity: Count | MISSING | None = MISSING
    """Official capacity."""
    population: Annotated[list[Population], Field(max_length=100)] | MISSING = MISSING
    """Counts of people held."""
    vulnerable_groups: Annotated[list[VulnerableGroup], Field(max_length=20)] | MISSING = MISSING
    """Groups held there."""
    risk_flags: Annotated[list[RiskFlag], Field(max_length=10)] | MISSING = MISSING
    """What makes it hazardous."""
    complaint_channel_quality: ComplaintChannelQuality | MISSING = MISSING
    """How well people can complain."""
    mandate_basis: MandateBasis | MISSING | None = MISSING
    """Why the mandate reaches it."""


class PlaceTransition(Sent):
    """An act on a place that changes its state."""

    action: PlaceAction
    """What to do."""
    reason: ShortText | None = None
    """Why; needed to reject and to separate."""
    on: Day | None = None
    """The day of closing or reopening."""
    into_id: UUID | None = None
    """The place that this one is the same as, for merging."""


class PlaceFilters(Paging):
    """How to narrow and order the register."""

    place_type: Annotated[list[PlaceType], Field(max_length=40)] | None = None
    """Any of these kinds."""
    status: Annotated[list[PlaceStatus], Field(max_length=10)] | None = None
    """Any of these states."""
    region: Annotated[list[Region], Field(max_length=50)] | None = None
    """Any of these regions."""
    operator_id: UUID | None = None
    """Places that this authority runs."""
    q: SearchText | None = None
    """Words of the name, an alias or the code; accents do not matter."""
    sort: Literal["name", "-name", "code", "-code", "-updated_at"] = "name"
    """The order."""


class PlaceSummary(Shown):
    """A place in a list."""

    id: UUID
    code: str
    name: str
    status: PlaceStatus
    place_type: PlaceType
    region: str
    operator: Reference | None
    capacity: int | None
    origin: str


class PlacePage(Shown):
    """A page of places."""

    items: list[PlaceSummary]
    next_cursor: str | None
    count: int | None = None


class Alias(Shown):
    """Another name of a place."""

    text: str
    source: str
    since: str


class PlacePeriod(Shown):
    """What a place was called, or who ran it, as written at the visits of those days."""

    text: str
    from_on: Day
    """The first day it was written so."""
    to_on: Day | None
    """The last day it was written so; null for what was written last."""


class PopulationShown(Shown):
    """A count of people held."""

    count: int
    as_of: Day
    source: str


class MandateBasisShown(Shown):
    """Why the mandate reaches the place (OPCAT Art. 4)."""

    is_under_jurisdiction_and_control: bool
    may_not_leave_at_will: bool
    authority_involvement: AuthorityInvolvement | None
    national_law: str


class Origin(Shown):
    """Where an imported record comes from."""

    source: str
    row: str


class Place(Shown):
    """A place with everything the NPM keeps on it."""

    id: UUID
    code: str
    name: str
    aliases: list[Alias]
    names: list[PlacePeriod]
    """Its names through the years, where a history of visits tells them."""
    operators: list[PlacePeriod]
    """Who ran it through the years, as written; the authority of today is `operator`."""
    status: PlaceStatus
    place_type: PlaceType
    region: str
    address: str
    latitude: float | None
    longitude: float | None
    is_location_withheld: bool
    operator: Reference | None
    is_private_operator: bool
    capacity: int | None
    population: list[PopulationShown]
    vulnerable_groups: list[VulnerableGroup]
    risk_flags: list[RiskFlag]
    complaint_channel_quality: ComplaintChannelQuality
    mandate_basis: MandateBasisShown | None
    closed_on: Day | None
    reopened_on: Day | None
    status_reason: str
    """Why it was rejected or separated."""
    merged_into: Reference | None
    origin: str
    imported_from: Origin | None
    import_note: dict[str, Any] | None
    """What the source said beside the fields: provenance of single values, and doubts."""
    allowed_actions: list[PlaceAction]


class SignalShown(Shown):
    """What complaints and recommendations signal about a place. Aggregates only."""

    place: Reference
    as_of: Day | None
    """The day of the run; null when no run has seen the place."""
    signal: dict[str, Any] | None
