"""What an import of visits takes; it reports as every import does."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.visits.visits.rules.status import Announcement, VisitPurpose, VisitStatus, VisitType
from shared.schemas import Code, Day, Sent, Whole


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
    days: Annotated[list[Day], Field(min_length=1, max_length=60)]
    """On which days."""
    status: VisitStatus = VisitStatus.CLOSED
    """The state it is in."""
    announcement: Announcement = Announcement.UNANNOUNCED
    """Whether the places were told beforehand."""
    note: dict[str, Any] = {}
    """What the source says beside these fields."""
