"""What an import of places takes; it is ordered and reports as every import does."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.visits.places.rules import ComplaintChannelQuality, PlaceType, RiskFlag, VulnerableGroup
from services.visits.places.schemas.npm import Address, Count, Latitude, Longitude, MandateBasis, Population, Region
from shared.schemas import Code, Name, Sent, ShortText, Whole


class PlaceImportRow(Sent):
    """One row of a register that is being imported."""

    row: Code
    """The id of the row in its source; the same id again is the same place."""
    line: Annotated[int, Field(ge=1, le=10_000_000), Whole]
    """The line in the file, for the report."""
    id: UUID | None = None
    """The id the place is to have; counts only when the place is made."""
    name: Name
    """The name as written."""
    place_type: PlaceType
    """The kind, by the mapping."""
    region: Region = ""
    """The region."""
    address: Address = ""
    """The address."""
    latitude: Latitude | None = None
    """Degrees north."""
    longitude: Longitude | None = None
    """Degrees east."""
    operator_id: UUID | None = None
    """The authority that runs it; what is not sent stays as it is."""
    is_location_withheld: bool = False
    """Whether address and coordinates stay inside (refuges, secret places)."""
    is_private_operator: bool = False
    """Whether a private body runs it."""
    capacity: Count | None = None
    """Capacity."""
    population: Annotated[list[Population], Field(max_length=10)] = []
    """Counts of people held."""
    vulnerable_groups: Annotated[list[VulnerableGroup], Field(max_length=20)] = []
    """Groups held there."""
    risk_flags: Annotated[list[RiskFlag], Field(max_length=10)] = []
    """What makes the place hazardous; what is not sent stays as it is."""
    complaint_channel_quality: ComplaintChannelQuality = ComplaintChannelQuality.UNKNOWN
    """How well people can complain from inside; what is not sent stays as it is."""
    mandate_basis: MandateBasis | None = None
    """Why the mandate reaches it; what is not sent stays as it is."""
    doubt: ShortText | None = None
    """Why the row may be no place: it then waits in state unverified."""
    review: ShortText | None = None
    """Why the row is hardly a place: none is made, the row waits among the matches until a person has decided."""
    note: dict[str, Any] = {}
    """What the source says beside these fields, with where each value comes from."""
