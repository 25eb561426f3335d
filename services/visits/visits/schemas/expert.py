"""What an expert sees of the visits on whose team the expert is."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.visits.assignments.rules import AssignmentStatus
from services.visits.visits.rules.status import Announcement, VisitPurpose, VisitRole, VisitStatus, VisitType
from shared.paging import Paging
from shared.schemas import Day, Reference, Shown


class ExpertVisitFilters(Paging):
    """How to narrow and order own visits."""

    status: Annotated[list[VisitStatus], Field(max_length=11)] | None = None
    """Any of these states."""
    sort: Literal["first_on", "-first_on"] = "-first_on"
    """The order."""


class ExpertOwnRole(Shown):
    """The caller's own role in a visit."""

    role: VisitRole
    tasks: list[str]
    assignment_status: AssignmentStatus
    prepared_on: Day | None
    debriefed_on: Day | None


class ExpertVisitPlace(Shown):
    """A place of the visit."""

    place: Reference
    days: list[Day]


class ExpertVisitSummary(Shown):
    """A visit in the list of an expert."""

    id: UUID
    code: str
    type: VisitType
    status: VisitStatus
    days: list[Day]
    places: list[Reference]
    origin: str


class ExpertVisitPage(Shown):
    """A page of own visits."""

    items: list[ExpertVisitSummary]
    next_cursor: str | None
    count: int | None = None


class ExpertInterviewPlanItem(Shown):
    """A unit of the place and how many of its people are interviewed."""

    unit: str
    unit_population: int | None
    cover_count: int
    files_reviewed: int
    is_cover_thin: bool


class ExpertVisit(Shown):
    """A visit as an expert on its team sees it."""

    id: UUID
    code: str
    type: VisitType
    purposes: list[VisitPurpose]
    announcement: Announcement
    status: VisitStatus
    days: list[Day]
    places: list[ExpertVisitPlace]
    own_roles: list[ExpertOwnRole]
    interview_plan: list[ExpertInterviewPlanItem]
    origin: str
