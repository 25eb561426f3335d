"""What an authority sees of reports: the frozen version that it was sent, and nothing behind it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.visits.reports.rules.contents import ReportStage
from services.visits.reports.rules.status import FactSource, ReportKind, TransmissionAction, TransmissionStatus
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, Shown


class AuthorityReportFilters(Paging):
    """How to narrow and order the received reports."""

    stage: Annotated[list[ReportStage], Field(max_length=2)] | None = None
    """Drafts, final reports, or both."""
    sort: Literal["-sent_on", "sent_on"] = "-sent_on"
    """The order."""


class AuthorityReportTransition(Sent):
    """An act of the authority on a draft that it was sent."""

    action: TransmissionAction
    """`answer`: the authority is done with its facts, with or without corrections."""


class AuthorityReportSummary(Shown):
    """A received report in a list."""

    id: UUID
    code: str
    kind: ReportKind
    title: str
    stage: ReportStage
    status: TransmissionStatus | None
    """Of a draft; null for a final report."""
    sent_on: Day
    due_on: Day | None


class AuthorityReportPage(Shown):
    """A page of received reports."""

    items: list[AuthorityReportSummary]
    next_cursor: str | None
    count: int | None = None


class ReceivedSection(Shown):
    """A section as it was sent."""

    id: UUID
    heading: str
    text: str


class ReceivedFactItem(Shown):
    """A fact as it was sent: what a correction may target."""

    id: UUID
    name: str
    value: str
    unit: str
    as_of: Day | None
    supplied_by: FactSource


class ReceivedErratum(Shown):
    """A correction of the NPM in a later version."""

    on: Day
    text: str


class AuthorityReport(Shown):
    """A received report: frozen when it was sent."""

    id: UUID
    code: str
    kind: ReportKind
    title: str
    stage: ReportStage
    status: TransmissionStatus | None
    places: list[Reference]
    sections: list[ReceivedSection]
    fact_items: list[ReceivedFactItem]
    errata: list[ReceivedErratum]
    sent_on: Day
    due_on: Day | None
    due_explanation: str | None
    """How the date came about."""
    answered_on: Day | None
    allowed_actions: list[TransmissionAction]
