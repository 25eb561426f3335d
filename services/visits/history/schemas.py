"""What an import of visits takes; it reports as every import does."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.visits.findings.rules import FindingGrade
from services.visits.places.rules import PlaceType, VulnerableGroup
from services.visits.places.schemas.npm import Address, Count, Region
from services.visits.visits.rules.status import Announcement, VisitPurpose, VisitStatus, VisitType
from shared.schemas import Code, Day, LongText, Name, Sent, ShortText, Whole
from shared.themes import Theme


class VisitedPlace(Sent):
    """The place of a visit where the history itself tells of it; it is made when the register does not have it."""

    row: Code
    """The id of the place in the source; the same id again is the same place."""
    name: Name
    """Its name as written at that visit; a later visit with another name has renamed it."""
    place_type: PlaceType = PlaceType.UNKNOWN
    """The kind, by the mapping; unknown waits unverified."""
    region: Region = ""
    """The region."""
    address: Address = ""
    """The address."""
    operator_name: Annotated[str, Field(max_length=200)] = ""
    """Who ran it at that visit, as written."""
    is_private_operator: bool = False
    """Whether a private body runs it."""
    vulnerable_groups: Annotated[list[VulnerableGroup], Field(max_length=20)] = []
    """Groups held there."""


class GradedFinding(Sent):
    """What a visit found about one standard."""

    standard: ShortText
    """The standard that the place was measured by."""
    theme: Theme
    """The theme, by the mapping."""
    grade: FindingGrade | None = None
    """How far it is met; a standard that was not assessed is no finding and is not sent."""
    text: LongText | None = None
    """What was found, where the source says it."""


class VisitImportRow(Sent):
    """One visit that was made, or planned, before this system."""

    row: Code
    """The id of the row in its source; the same id again is the same visit."""
    line: Annotated[int, Field(ge=1, le=10_000_000), Whole]
    """The line in the file, for the report."""
    id: UUID | None = None
    """The id it is to have; one is made when none is given."""
    code: Code | None = None
    """The code that people quote; source and row when none is given."""
    type: VisitType
    """The type, by the mapping."""
    purposes: Annotated[list[VisitPurpose], Field(max_length=9)] = []
    """What it was for."""
    place_ids: Annotated[list[UUID], Field(max_length=50)] = []
    """Where it went, by id."""
    place_codes: Annotated[list[Code], Field(max_length=50)] = []
    """Where it went, by the code of the register."""
    place: VisitedPlace | None = None
    """Where it went, told by the history itself."""
    days: Annotated[list[Day], Field(min_length=1, max_length=60)]
    """On which days; they need not be consecutive."""
    status: VisitStatus = VisitStatus.CLOSED
    """The state it is in."""
    announcement: Announcement = Announcement.UNANNOUNCED
    """Whether the places were told beforehand."""
    people_present: Count | None = None
    """How many people were held there at the visit; only of a visit to one place."""
    findings: Annotated[list[GradedFinding], Field(max_length=200)] = []
    """What it found, standard by standard; only of a visit to one place."""
    is_shown_to_authorities: bool = False
    """Whether the authorities that run the places are shown that it was made; otherwise it stays with the NPM."""
    note: dict[str, Any] = {}
    """What the source says beside these fields."""
