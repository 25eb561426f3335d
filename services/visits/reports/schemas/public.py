"""What the public sees of reports: the published version and nothing that led to it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.visits.reports.rules.status import ReportKind
from shared.paging import Paging
from shared.schemas import Day, Reference, Shown


class PublicReportFilters(Paging):
    """How to narrow and order the published reports."""

    kind: Annotated[list[ReportKind], Field(max_length=10)] | None = None
    """Any of these kinds."""
    place_id: UUID | None = None
    """Reports that speak of this place."""
    sort: Literal["-published_on", "published_on"] = "-published_on"
    """The order."""


class PublicReportSummary(Shown):
    """A published report in a list."""

    id: UUID
    code: str
    kind: ReportKind
    title: str
    places: list[Reference]
    published_on: Day


class PublicReportPage(Shown):
    """A page of published reports."""

    items: list[PublicReportSummary]
    next_cursor: str | None
    count: int | None = None


class PublicReportSection(Shown):
    """A section of a published report."""

    id: UUID
    heading: str
    text: str


class PublicErratum(Shown):
    """A correction that was published afterwards."""

    on: Day
    text: str


class PublicReport(Shown):
    """A published report."""

    id: UUID
    code: str
    kind: ReportKind
    title: str
    places: list[Reference]
    sections: list[PublicReportSection]
    errata: list[PublicErratum]
    published_on: Day
