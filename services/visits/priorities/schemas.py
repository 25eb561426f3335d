"""What the NPM sees about visit priorities. Nothing of it leaves the NPM."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.visits.places.rules import PlaceType
from services.visits.places.schemas.npm import Region
from services.visits.priorities.rules.inputs import DataGap, FloorReason, PartCode
from shared.paging import Paging
from shared.schemas import Day, Reference, Shown


class PriorityFilters(Paging):
    """How to narrow and order the places by priority."""

    place_type: Annotated[list[PlaceType], Field(max_length=40)] | None = None
    """Any of these kinds."""
    region: Annotated[list[Region], Field(max_length=50)] | None = None
    """Any of these regions."""
    floor: FloorReason | None = None
    """Places that this floor holds up."""
    sort: Literal["-score", "score"] = "-score"
    """The order; ties go to the place whose last in-depth visit is longer ago, then by code."""


class PriorityPartSummary(Shown):
    """One of the nine parts of a score."""

    code: PartCode
    points: float


class PrioritySummary(Shown):
    """The score of a place in the latest run. It advises; it changes no state."""

    id: UUID
    place: Reference
    place_type: PlaceType
    region: str
    as_of: Day
    rank: int
    score: float
    parts: list[PriorityPartSummary]
    confidence: float
    """The share of the weight that rests on data."""
    data_gaps: list[DataGap]
    floor_reasons: list[FloorReason]
    months_since_last_visit: float | None


class PriorityPage(Shown):
    """A page of places by priority."""

    items: list[PrioritySummary]
    next_cursor: str | None
    count: int | None = None


class PriorityPart(Shown):
    """One of the nine parts of a score, with its reason."""

    code: PartCode
    points: float
    value: float | None
    """The value from 0 to 1 behind a weighted part."""
    sentence: str


class PlacePriority(Shown):
    """The score of a place today, from what is known now, with all that is needed to understand and to doubt it."""

    place: Reference
    as_of: Day
    score: float
    parts: list[PriorityPart]
    confidence: float
    data_gaps: list[DataGap]
    floor_reasons: list[FloorReason]
    months_since_last_visit: float | None
    months_since_in_depth: float | None
    inputs: dict[str, Any]
    """What the score was computed from."""


class PriorityRun(Shown):
    """A computation of all scores."""

    id: UUID
    as_of: Day
    place_count: int
    opened_proposals: int
    """Proposals opened because torture was alleged."""
