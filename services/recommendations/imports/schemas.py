"""What an import of recommendations takes: imported history enters in any state, with past dates."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.recommendations.addressees.schemas import ShortLabel
from services.recommendations.recommendations.rules import (
    Horizon,
    ImplementationStatus,
    Priority,
    RecommendationKind,
    RecommendationOrigin,
    RecommendationState,
    RootCauseLevel,
)
from services.recommendations.recommendations.schemas.npm import (
    FreeText,
    MoreThemes,
    RecommendationScope,
    TextInLanguages,
)
from services.recommendations.reported.schemas import ReportedOutcomeSent, WrittenNames
from services.recommendations.responses.rules import AddresseeKind, AddresseeRole, ResponseState
from services.recommendations.responses.schemas.authority import AuthorityResponseCreate
from shared.schemas import Code, Day, Sent, Whole
from shared.themes import Theme


class ImportedAnswer(AuthorityResponseCreate):
    """An answer as the source tells it."""

    submitted_on: Day
    """The day it was given."""


class ImportedOutcome(Sent):
    """What a source tells without the answer itself."""

    replies_count: Annotated[int, Field(ge=0, le=10_000), Whole]
    """How many replies were counted."""
    as_of: Day
    """On which day."""


class ImportedAddressee(Sent):
    """Who was asked, until when, and what came of it. What the source does not say stays empty."""

    authority_id: UUID
    """The authority or monitoring body, of the directory."""
    stakeholder_kind: AddresseeKind = AddresseeKind.AUTHORITY
    """An authority, or another monitoring body."""
    department_id: UUID | None = None
    """The department inside it."""
    category: ShortLabel = ""
    """The category of the authority."""
    role: AddresseeRole = AddresseeRole.LEAD
    """Its part."""
    state: ResponseState
    """How far the answer has come."""
    requested_on: Day | None = None
    """The day it was asked; the day of transmission if left out."""
    due_on: Day | None = None
    """The day the answer was or is due, by the source's own calendar."""
    answer: ImportedAnswer | None = None
    """The answer, where the source has it."""
    reported_outcome: ImportedOutcome | None = None
    """Counts without the answer itself; never made into an answer."""


class ImportedFinding(Sent):
    """A finding on implementation as the source tells it."""

    on: Day
    """The day it was made."""
    status: ImplementationStatus
    """How far it was put into practice."""
    has_other_evidence: bool = False
    """Whether it rested on more than the authority's answer."""
    note: FreeText = ""
    """What the source says of it."""


class RecommendationImportRow(Sent):
    """One recommendation of an older register."""

    row: Code
    """The id of the row in its source; the same id again is the same recommendation."""
    line: Annotated[int, Field(ge=1, le=10_000_000), Whole]
    """The line in the file, for the report."""
    id: UUID | None = None
    """A stable id to keep; made if left out."""
    text: TextInLanguages
    """What was asked, by language."""
    state: RecommendationState
    """How far it has come."""
    rationale: FreeText = ""
    """Why."""
    expected_result: FreeText = ""
    """What was to be different."""
    arose_from: RecommendationOrigin = RecommendationOrigin.VISIT
    """What it came out of."""
    visit_id: UUID | None = None
    """The visit it came out of."""
    report_id: UUID | None = None
    """The report it stands in."""
    scope: RecommendationScope | None = None
    """How far it reaches."""
    theme: Theme | None = None
    """What it is about."""
    more_themes: MoreThemes = []
    """Up to three further themes."""
    priority: Priority = Priority.MEDIUM
    """How pressing it was."""
    horizon: Horizon | None = None
    """How long the change may take."""
    root_cause_level: RootCauseLevel | None = None
    """Where the cause lies."""
    kind: RecommendationKind = RecommendationKind.PRACTICE
    """What kind of change it asked for."""
    transmitted_on: Day | None = None
    """The day it was sent."""
    published_on: Day | None = None
    """The day it was published."""
    next_follow_up_on: Day | None = None
    """When it is looked at again."""
    implementation_due: Day | None = None
    """By when it was to be put into practice."""
    closed_on: Day | None = None
    """The day it was closed."""
    closed_reason: FreeText = ""
    """Why it was closed."""
    addressees: Annotated[list[ImportedAddressee], Field(max_length=30)] = []
    """Who was asked."""
    written_addressees: WrittenNames = []
    """Addressees whom the source gives by name alone, as written and in its order; one that is repeated stays repeated."""
    reported_outcome: ReportedOutcomeSent | None = None
    """Counts of replies to the whole recommendation; never made into answers."""
    recorded_on: Day | None = None
    """The day the source entered it."""
    findings: Annotated[list[ImportedFinding], Field(max_length=30)] = []
    """The findings, in any order; the latest holds."""
    note: dict[str, Any] = {}
    """What the source says beside these fields, with where each value comes from."""
