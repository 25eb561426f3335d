"""What the NPM sends and sees about information on places."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.visits.information.rules import InformationAction, InformationKind, InformationSource, InformationStatus
from shared.paging import Paging
from shared.schemas import Day, LongText, Reference, Sent, ShortText, Shown, Whole
from shared.themes import Theme

Reliability = Annotated[float, Field(ge=0, le=1)]
Severity = Annotated[int, Field(ge=1, le=4), Whole]


class PlaceInformationCreate(Sent):
    """What somebody told about a place."""

    source_kind: InformationSource
    """Who told."""
    source_id: UUID | None = None
    """Their id in the directory."""
    kind: InformationKind
    """What kind it is."""
    theme: Theme | None = None
    """On what."""
    text: LongText
    """What was told; no names of people deprived of liberty."""
    received_on: Day | None = None
    """When; today unless told otherwise."""
    is_shared_in_confidence: bool = False
    """Whether the source is kept to ourselves."""


class PlaceInformationTransition(Sent):
    """What becomes of a piece of information."""

    action: InformationAction
    """What to do."""
    reliability: Reliability | None = None
    """How far it can be relied on, 0 to 1; needed to accept."""
    severity: Severity | None = None
    """How severe what it tells is, 1 to 4; needed to accept."""
    valid_until: Day | None = None
    """Until when it counts."""
    reason: ShortText | None = None
    """Why; needed to dismiss."""


class PlaceInformationFilters(Paging):
    """How to narrow and order information."""

    status: Annotated[list[InformationStatus], Field(max_length=4)] | None = None
    """Any of these states."""
    sort: Literal["received_on", "-received_on"] = "-received_on"
    """The order."""


class PlaceInformation(Shown):
    """What somebody told about a place, and how it was weighed."""

    id: UUID
    place: Reference
    source_kind: InformationSource
    source_id: UUID | None
    kind: InformationKind
    theme: Theme | None
    text: str
    status: InformationStatus
    is_shared_in_confidence: bool
    received_on: Day
    reliability: float | None
    severity: int | None
    valid_until: Day | None
    is_valid: bool
    """Whether it counts in the priority today."""
    last_reason: str
    allowed_actions: list[InformationAction]


class PlaceInformationPage(Shown):
    """A page of information."""

    items: list[PlaceInformation]
    next_cursor: str | None
    count: int | None = None
