"""What the NPM sends and sees about reports."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from services.visits.reports.rules.status import (
    FactSource,
    ReportAction,
    ReportKind,
    ReportStatus,
    RetractionGround,
)
from shared.paging import Paging
from shared.schemas import Day, LongText, Name, Reference, SearchText, Sent, ShortText, Shown, Whole

Ids = Annotated[list[UUID], Field(max_length=200)]
WorkingDays = Annotated[int, Field(ge=5, le=90), Whole]


class ReportSection(Sent):
    """A section of the text."""

    id: UUID | None = None
    """Of a section that is there already; left out for a new one."""
    heading: Name
    """Its heading."""
    text: LongText
    """Its text."""
    author_id: UUID | None = None
    """Who writes it; never goes out."""
    holds_restricted: bool = False
    """Whether it identifies a person. Such a text is not cleared and never frozen."""


class FactItem(Sent):
    """A fact: a value that can be right or wrong whatever one thinks of it. The only thing that an authority corrects."""

    id: UUID | None = None
    """Of a fact item that is there already; left out for a new one."""
    name: Name
    """What is counted or stated."""
    value: Annotated[str, Field(min_length=1, max_length=200)]
    """The value."""
    unit: Annotated[str, Field(max_length=50)] = ""
    """In what it is counted."""
    as_of: Day | None = None
    """On which day it held."""
    supplied_by: FactSource
    """Who gave it."""


Sections = Annotated[list[ReportSection], Field(max_length=200)]
FactItems = Annotated[list[FactItem], Field(max_length=500)]


class ReportCreate(Sent):
    """A report to draft."""

    kind: ReportKind
    """What kind of report it is; a visit report names its visits."""
    title: Name
    """The title, as it will be read outside."""
    visit_ids: Ids = []
    """The visits it reports on."""
    place_ids: Ids = []
    """The places it speaks of; left empty, those of its visits."""
    drafter_id: UUID | None = None
    """Who drafts it; the caller, if nobody else is named."""
    sections: Sections = []
    """The text."""
    annex: Sections = []
    """The confidential annex. It never leaves."""
    fact_items: FactItems = []
    """The facts."""
    finding_ids: Ids = []
    """The findings that the text rests on."""
    recommendation_ids: Ids = []
    """The recommendations that come with it."""


class ReportUpdate(Sent):
    """A change while the report is being written; a list that is sent replaces the former one."""

    title: Name | MISSING = MISSING
    """The title."""
    place_ids: Ids | MISSING = MISSING
    """The places."""
    drafter_id: UUID | MISSING = MISSING
    """Who drafts it."""
    sections: Sections | MISSING = MISSING
    """The text."""
    annex: Sections | MISSING = MISSING
    """The confidential annex."""
    fact_items: FactItems | MISSING = MISSING
    """The facts."""
    finding_ids: Ids | MISSING = MISSING
    """The findings."""
    recommendation_ids: Ids | MISSING = MISSING
    """The recommendations."""


class ReportRecipient(Sent):
    """An authority that a report goes to."""

    authority_id: UUID
    """The authority."""
    is_channel_safe: bool = False
    """Whether somebody made sure that it receives the draft confidentially: an active account, or another safe way."""
    working_days: WorkingDays = 15
    """For a draft: how long it has for its facts, in working days."""


class ReportTransition(Sent):
    """An act on a report. Each action takes the members named with it; what is missing is answered with 409 or 422."""

    action: ReportAction
    """What to do."""
    reason: ShortText | None = None
    """Why: return (the remarks), recall_draft, revise, withdraw_approval, withhold, prolong, correct (the erratum), drop."""
    recipients: Annotated[list[ReportRecipient], Field(max_length=50)] = []
    """The authorities: share_draft, transmit."""
    is_marked_confidential: bool = False
    """The draft is marked confidential: share_draft."""
    review_on: Day | None = None
    """When the decision is looked at again, within 12 months: withhold, prolong, retract."""
    ground: RetractionGround | None = None
    """The ground: retract."""
    is_redaction_checked: bool = False
    """Somebody read the text for what identifies a person, and found nothing left: publish."""
    is_consent_complete: bool = False
    """Nobody is named, or everybody named has consented to publication: publish (OPCAT Art. 21(2))."""
    are_translations_ready_or_waived: bool = False
    """Translations are ready, or were waived: publish."""
    is_harm_checked: bool = False
    """Somebody asked whom publication could harm: publish."""


class ReportFilters(Paging):
    """How to narrow and order the reports."""

    kind: Annotated[list[ReportKind], Field(max_length=10)] | None = None
    """Any of these kinds."""
    status: Annotated[list[ReportStatus], Field(max_length=20)] | None = None
    """Any of these states."""
    place_id: UUID | None = None
    """Reports that speak of this place."""
    visit_id: UUID | None = None
    """Reports on this visit."""
    q: SearchText | None = None
    """Words of title, code or text; accents do not matter."""
    sort: Literal["-updated_at", "code", "-code"] = "-updated_at"
    """The order."""


class ReportSectionShown(Shown):
    """A section of the text."""

    id: UUID
    heading: str
    text: str
    author: Reference | None
    holds_restricted: bool


class FactItemShown(Shown):
    """A fact of a report."""

    id: UUID
    name: str
    value: str
    unit: str
    as_of: Day | None
    supplied_by: FactSource


class ReportErratum(Shown):
    """A correction of a report that was already sent."""

    on: Day
    text: str


class ReportRemark(Shown):
    """What was said when a report was sent back, taken back or dropped."""

    action: ReportAction
    on: Day
    text: str


class ReportSummary(Shown):
    """A report in a list."""

    id: UUID
    code: str
    kind: ReportKind
    title: str
    status: ReportStatus
    drafter: Reference
    places: list[Reference]
    published_on: Day | None
    withheld_review_on: Day | None


class ReportPage(Shown):
    """A page of reports."""

    items: list[ReportSummary]
    next_cursor: str | None
    count: int | None = None


class Report(Shown):
    """A report with everything the NPM keeps on it."""

    id: UUID
    code: str
    kind: ReportKind
    title: str
    status: ReportStatus
    edition: int
    drafter: Reference
    visits: list[Reference]
    places: list[Reference]
    sections: list[ReportSectionShown]
    annex: list[ReportSectionShown]
    fact_items: list[FactItemShown]
    findings: list[Reference]
    recommendations: list[Reference]
    errata: list[ReportErratum]
    remarks: list[ReportRemark]
    approved_on: Day | None
    transmitted_on: Day | None
    published_on: Day | None
    withheld_reason: str | None
    withheld_review_on: Day | None
    is_withholding_review_due: bool
    allowed_actions: list[ReportAction]
