"""What the public sees about places."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.visits.places.rules import PlaceStatus, PlaceType
from services.visits.places.schemas.npm import Region
from shared.paging import Paging
from shared.schemas import Reference, Shown


class PublicPlaceFilters(Paging):
    """How to narrow and order the public register."""

    place_type: Annotated[list[PlaceType], Field(max_length=40)] | None = None
    """Any of these kinds."""
    region: Annotated[list[Region], Field(max_length=50)] | None = None
    """Any of these regions."""
    sort: Literal["name", "-name"] = "name"
    """The order."""


class PublicPlace(Shown):
    """A place as the public sees it."""

    id: UUID
    code: str
    name: str
    status: PlaceStatus
    place_type: PlaceType
    region: str
    address: str | None
    """Null where the location is withheld."""
    latitude: float | None
    longitude: float | None
    operator: Reference | None
    is_private_operator: bool


class PublicPlacePage(Shown):
    """A page of places as the public sees them."""

    items: list[PublicPlace]
    next_cursor: str | None
    count: int | None = None
