"""What an import of complaints takes: coded facts of former years, without identities and narratives."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.complaints.complaints.rules import (
    ComplaintChannel,
    ComplaintKind,
    ComplaintState,
    Seriousness,
    SourceRole,
)
from services.complaints.complaints.schemas import GroupSize
from services.complaints.other_bodies.schemas import OtherBodySent
from shared.schemas import Code, Day, Name, Sent, Whole
from shared.themes import Theme


class ComplaintImportRow(Sent):
    """One complaint of former years."""

    row: Code
    """The id of the row in its source; the same id again is the same complaint."""
    line: Annotated[int, Field(ge=1, le=10_000_000), Whole]
    """The line in the file, for the report."""
    id: UUID | None = None
    """The id it shall have; otherwise it gets one."""
    received_on: Day
    """The day it arrived."""
    incident_from: Day | None = None
    """First day of what happened."""
    incident_to: Day | None = None
    """Last day of what happened."""
    place_id: UUID | None = None
    """Where: our id."""
    place_code: Code | None = None
    """Or our code, or with `place_source` the row id that the place was imported under."""
    place_source: Code | None = None
    """The source that the place was imported from."""
    present_place_code: Code | None = None
    """Where the person was taken since, in the same codes; one that means no place is left out."""
    place_name: Name | None = None
    """Or the name, with `place_region`."""
    place_region: Annotated[str, Field(max_length=200)] | None = None
    """The region, beside the name."""
    themes: Annotated[list[Theme], Field(max_length=4)]
    """Our themes, the main one first; none where the source's code means none of ours, and then it stands in the note."""
    seriousness: Seriousness | None = None
    """How grave."""
    source_role: SourceRole = SourceRole.OTHER
    """Who complained."""
    kind: ComplaintKind
    """What it was about."""
    channel: ComplaintChannel = ComplaintChannel.MAIL
    """How it arrived."""
    state: ComplaintState = ComplaintState.CLOSED
    """How it stands."""
    source_number: Annotated[int, Field(ge=0, le=10_000_000), Whole] | None = None
    """Tells one source from another without telling who: the same number is the same person."""
    group_size: GroupSize = 1
    """For how many people somebody spoke."""
    other_body: OtherBodySent | None = None
    """How the matter stood at another body, as that body says."""
    submission_number: Annotated[int, Field(ge=1, le=1001), Whole] | None = None
    """Which submission of the same matter to the other body this is, counted from one."""
    note: dict[str, Any] = {}
    """What the source says beside these fields; coded facts only."""
