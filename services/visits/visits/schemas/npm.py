"""What the NPM sends and sees about visits."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, Field

from services.visits.assignments.rules import AssignmentStatus
from services.visits.visits.rules.status import (
    Announcement,
    MeetingKind,
    PlaceAccess,
    VisitAction,
    VisitPurpose,
    VisitRole,
    VisitStatus,
    VisitType,
)
from services.visits.visits.rules.team import PersonKind
from shared.paging import Paging
from shared.schemas import Day, Reference, SearchText, Sent, ShortText, Shown

Days = Annotated[list[Day], Field(max_length=60)]


class VisitPlaceCreate(Sent):
    """A place of a visit."""

    place_id: UUID
    """Which place."""
    days: Days = []
    """Its own days, some of the visit's; all of them when none is named."""


class VisitCreate(Sent):
    """A visit to propose."""

    type: VisitType
    """The type."""
    purposes: Annotated[list[VisitPurpose], Field(max_length=9)] = []
    """What it is for."""
    announcement: Announcement
    """Whether the places are told beforehand; an unannounced visit is hidden from everybody outside its team."""
    places: Annotated[list[VisitPlaceCreate], Field(min_length=1, max_length=50)]
    """Where it goes."""
    days: Days = []
    """On which days; they need not be consecutive."""
    lead_id: UUID | None = None
    """Who leads it."""
    justification: ShortText | None = None
    """Why; needed for a reactive visit."""
    activity_id: UUID | None = None
    """The activity of the plan that it belongs to."""
    proposal_id: UUID | None = None
    """The proposal that it answers."""


class VisitUpdate(Sent):
    """A change before the visit is ready; only what is sent changes."""

    type: VisitType | MISSING = MISSING
    """The type."""
    purposes: Annotated[list[VisitPurpose], Field(max_length=9)] | MISSING = MISSING
    """What it is for."""
    announcement: Announcement | MISSING = MISSING
    """Whether the places are told beforehand."""
    places: Annotated[list[VisitPlaceCreate], Field(min_length=1, max_length=50)] | MISSING = MISSING
    """Where it goes; the whole list."""
    days: Days | MISSING = MISSING
    """On which days; the whole list."""
    justification: ShortText | MISSING = MISSING
    """Why."""
    activity_id: UUID | MISSING | None = MISSING
    """The activity of the plan that it belongs to."""


class VisitTransition(Sent):
    """An act on a visit that changes its state."""

    action: VisitAction
    """What to do."""
    reason: ShortText | None = None
    """Why; needed to end early, postpone, cancel and reopen."""
    days: Days = []
    """The new days, to replan."""
    is_reprisal_watch_considered: bool = False
    """Whether a watch for those who spoke to the team was considered; needed to end early."""
    note_to_file: ShortText | None = None
    """What closes a follow-up or ad hoc visit without a report."""


class VisitFilters(Paging):
    """How to narrow and order the programme."""

    status: Annotated[list[VisitStatus], Field(max_length=11)] | None = None
    """Any of these states."""
    type: Annotated[list[VisitType], Field(max_length=5)] | None = None
    """Any of these types."""
    place_id: UUID | None = None
    """Visits to this place."""
    person_id: UUID | None = None
    """Visits in which this person has a role."""
    day_from: Day | None = None
    """Visits that end on this day or later."""
    day_to: Day | None = None
    """Visits that begin on this day or earlier."""
    origin: Literal["native", "imported"] | None = None
    """Made here, or imported history."""
    q: SearchText | None = None
    """The beginning of the code."""
    sort: Literal["first_on", "-first_on", "-updated_at"] = "-first_on"
    """The order."""


class VisitSummary(Shown):
    """A visit in a list."""

    id: UUID
    code: str
    type: VisitType
    status: VisitStatus
    announcement: Announcement
    first_on: Day | None
    last_on: Day | None
    places: list[Reference]
    lead: Reference | None
    origin: str


class VisitPage(Shown):
    """A page of visits."""

    items: list[VisitSummary]
    next_cursor: str | None
    count: int | None = None


class VisitPlaceShown(Shown):
    """A place of a visit."""

    place: Reference
    days: list[Day]
    access: PlaceAccess
    people_present: int | None
    """How many people were held there, where imported history says it."""
    name_then: str | None
    """What the source of imported history called it at that visit."""
    operator_then: str | None
    """Who ran it at that visit, as written there."""


class TeamRoleShown(Shown):
    """A role in a visit and who holds it."""

    id: UUID
    person: Reference
    kind: PersonKind | None
    role: VisitRole
    tasks: list[str]
    assignment_status: AssignmentStatus | None
    """Experts only."""
    prepared_on: Day | None
    debriefed_on: Day | None


class ParticipationShown(Shown):
    """Somebody's part in the preparation."""

    person_id: UUID
    on: Day


class VisitPreparationShown(Shown):
    """How a visit was prepared."""

    issues: list[str]
    required_expertise: list[str]
    missing_expertise: list[str]
    """What nobody on the team brings; advice, it stops nothing."""
    is_expertise_checked: bool
    interview_strategy: str
    documents: list[str]
    participations: list[ParticipationShown]


class JointAgreementShown(Shown):
    """What the partners of a joint visit agreed on beforehand."""

    partner_ids: list[UUID]
    urgent_action_protocol: str | None
    information_use_terms: str | None
    are_partners_assured: bool
    signed_on: Day | None


class InterviewPlanItemShown(Shown):
    """A unit of the place and how many of its people are interviewed."""

    unit: str
    unit_population: int | None
    cover_count: int
    files_reviewed: int
    is_cover_thin: bool
    """So few that staff could single somebody out."""


class VisitSessionShown(Shown):
    """A stretch of work at a place."""

    id: UUID
    place_id: UUID
    on: Day
    started_at: datetime | None
    ended_at: datetime | None
    area: str
    present_ids: list[UUID]


class VisitMeetingShown(Shown):
    """A talk with the place, or why there was none."""

    id: UUID
    place_id: UUID
    kind: MeetingKind
    is_held: bool
    reason: str
    on: Day
    with_whom: str
    points: list[str]
    commitments: list[str]


class ExpertInputShown(Shown):
    """What an expert wrote instead of attending."""

    person_id: UUID
    text: str


class VisitDebriefingShown(Shown):
    """What the team said afterwards."""

    on: Day
    participant_ids: list[UUID]
    lessons: list[str]
    urgent_points: list[str]
    expert_inputs: list[ExpertInputShown]


class ReportOutcome(Shown):
    """What became of the report."""

    is_published: bool
    withheld_reason: str


class VisitOrigin(Shown):
    """Where an imported visit comes from."""

    source: str
    row: str


class Visit(Shown):
    """A visit with all its parts."""

    id: UUID
    code: str
    type: VisitType
    purposes: list[VisitPurpose]
    announcement: Announcement
    status: VisitStatus
    days: list[Day]
    places: list[VisitPlaceShown]
    team: list[TeamRoleShown]
    justification: str
    activity_id: UUID | None
    proposal_id: UUID | None
    begun_on: Day | None
    completed_on: Day | None
    is_overrun: bool
    """Still on after its last day."""
    preparation: VisitPreparationShown | None
    interview_plan: list[InterviewPlanItemShown]
    joint_agreement: JointAgreementShown | None
    sessions: list[VisitSessionShown]
    meetings: list[VisitMeetingShown]
    debriefing: VisitDebriefingShown | None
    report_outcome: ReportOutcome | None
    note_to_file: str
    last_reason: str
    origin: str
    imported_from: VisitOrigin | None
    import_note: dict[str, Any] | None
    """What the source said beside the fields."""
    allowed_actions: list[VisitAction]
