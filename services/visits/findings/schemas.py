"""What the NPM sends and sees about findings."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from services.visits.findings.rules import FindingGrade, FindingWarning, RootCauseLevel, SourceKind
from shared.paging import Paging
from shared.schemas import Day, LongText, Reference, Sent, ShortText, Shown, Whole
from shared.themes import Theme

Severity = Annotated[int, Field(ge=1, le=4), Whole]
Sources = Annotated[list[SourceKind], Field(min_length=1, max_length=9)]
Standards = Annotated[list[ShortText], Field(max_length=30)]


class ComplaintEvidence(Sent):
    """What complaints add: a band, never a count or a case."""

    band: Literal["1-2", "3-9", "10+"]
    """How many, as a band."""
    theme: Theme
    """On what."""
    from_on: Day
    """From."""
    to_on: Day
    """To."""


class FindingCreate(Sent):
    """A conclusion of the team. No names, no single complaint."""

    place_id: UUID
    """About which place of the visit."""
    theme: Theme
    """The main theme."""
    text: LongText
    """What was found."""
    root_cause_level: RootCauseLevel
    """Where the cause lies."""
    severity: Severity
    """From 1 to 4."""
    sources: Sources
    """The kinds of source behind it; two kinds make it triangulated."""
    standard_refs: Standards = []
    """The standards it is measured by."""
    complaint_evidence: ComplaintEvidence | None = None
    """What complaints add."""
    recurrence_of: UUID | None = None
    """The earlier finding that it repeats."""


class FindingUpdate(Sent):
    """A correction; only what is sent changes."""

    theme: Theme | MISSING = MISSING
    """The main theme."""
    text: LongText | MISSING = MISSING
    """What was found."""
    root_cause_level: RootCauseLevel | MISSING = MISSING
    """Where the cause lies."""
    severity: Severity | MISSING = MISSING
    """From 1 to 4."""
    sources: Sources | MISSING = MISSING
    """The kinds of source behind it."""
    standard_refs: Standards | MISSING = MISSING
    """The standards it is measured by."""
    complaint_evidence: ComplaintEvidence | MISSING | None = MISSING
    """What complaints add."""
    recurrence_of: UUID | MISSING | None = MISSING
    """The earlier finding that it repeats."""


class FindingFilters(Paging):
    """How to narrow the findings of a visit."""

    theme: Annotated[list[Theme], Field(max_length=40)] | None = None
    """Any of these themes."""
    place_id: UUID | None = None
    """About this place."""
    grade: Annotated[list[FindingGrade], Field(max_length=3)] | None = None
    """Any of these grades; only imported findings have one."""
    sort: Literal["code", "-severity"] = "code"
    """The order."""


class ComplaintEvidenceShown(Shown):
    """What complaints add: a band, never a count or a case."""

    band: str
    theme: Theme
    from_on: Day
    to_on: Day


class Finding(Shown):
    """A conclusion of a team."""

    id: UUID
    code: str
    visit: Reference
    place: Reference
    theme: Theme
    text: str
    root_cause_level: RootCauseLevel | None
    """Where the cause lies; null where imported history does not say it."""
    severity: int | None
    """From 1 to 4; null where imported history does not say it."""
    grade: FindingGrade | None
    """How far the standard is met, where the source of imported history grades."""
    sources: list[SourceKind]
    is_triangulated: bool
    """At least two independent kinds of source support it."""
    warnings: list[FindingWarning]
    standard_refs: list[str]
    complaint_evidence: ComplaintEvidenceShown | None
    recurrence_of: UUID | None
    origin: str
    """Whether the team recorded it here, or it is imported history."""


class FindingPage(Shown):
    """A page of findings."""

    items: list[Finding]
    next_cursor: str | None
    count: int | None = None
