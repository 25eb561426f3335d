"""What the NPM sends and sees about plans."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from services.visits.objectives.schemas import (
    Number,
    People,
    PlanActivity,
    PlanActivityShown,
    PlanAmendmentShown,
    PlanConsultation,
    PlanConsultationShown,
    PlanObjective,
    PlanObjectiveShown,
    PlanReviewShown,
    PlanRiskAnalysis,
    PlanRiskAnalysisShown,
    PlanTeamSession,
    PlanTeamSessionShown,
    Texts,
)
from services.visits.plans.rules.adoption import PlanWarning
from services.visits.plans.rules.status import PlanAction, PlanKind, PlanStatus
from shared.paging import Paging
from shared.schemas import Day, LongText, Name, Reference, Sent, ShortText, Shown


class PlanCreate(Sent):
    """A plan to open."""

    kind: PlanKind
    """Strategic, operational, preliminary or interim."""
    title: Name
    """Its title."""
    from_on: Day
    """First day."""
    to_on: Day
    """Last day."""
    strategic_plan_id: UUID | None = None
    """The strategy that an operational plan serves."""
    author_ids: People = []
    """Who writes it; at least one of the NPM."""
    mission: LongText | None = None
    """The mission."""
    vision: LongText | None = None
    """The vision."""
    principles: Texts = []
    """The principles."""
    mandate_text: LongText | None = None
    """The mandate."""
    legal_basis: LongText | None = None
    """Its legal basis."""
    available_days: Number = 0
    """Days of work there are."""
    reserve_days: Number = 0
    """Days kept for the unexpected."""
    risk_analysis: PlanRiskAnalysis | None = None
    """What it rests on."""
    objectives: Annotated[list[PlanObjective], Field(max_length=50)] = []
    """What it wants."""
    activities: Annotated[list[PlanActivity], Field(max_length=200)] = []
    """What it does."""
    team_sessions: Annotated[list[PlanTeamSession], Field(max_length=100)] = []
    """Sittings of the team."""
    consultations: Annotated[list[PlanConsultation], Field(max_length=100)] = []
    """Talks about the draft."""


class PlanUpdate(Sent):
    """A change of a draft; only what is sent changes, lists as a whole."""

    title: Name | MISSING = MISSING
    """Its title."""
    from_on: Day | MISSING = MISSING
    """First day."""
    to_on: Day | MISSING = MISSING
    """Last day."""
    strategic_plan_id: UUID | MISSING | None = MISSING
    """The strategy that an operational plan serves."""
    author_ids: People | MISSING = MISSING
    """Who writes it."""
    mission: LongText | MISSING = MISSING
    """The mission."""
    vision: LongText | MISSING = MISSING
    """The vision."""
    principles: Texts | MISSING = MISSING
    """The principles."""
    mandate_text: LongText | MISSING = MISSING
    """The mandate."""
    legal_basis: LongText | MISSING = MISSING
    """Its legal basis."""
    available_days: Number | MISSING = MISSING
    """Days of work there are."""
    reserve_days: Number | MISSING = MISSING
    """Days kept for the unexpected."""
    risk_analysis: PlanRiskAnalysis | MISSING | None = MISSING
    """What it rests on."""
    objectives: Annotated[list[PlanObjective], Field(max_length=50)] | MISSING = MISSING
    """What it wants."""
    activities: Annotated[list[PlanActivity], Field(max_length=200)] | MISSING = MISSING
    """What it does."""
    team_sessions: Annotated[list[PlanTeamSession], Field(max_length=100)] | MISSING = MISSING
    """Sittings of the team."""
    consultations: Annotated[list[PlanConsultation], Field(max_length=100)] | MISSING = MISSING
    """Talks about the draft."""


class PlanTransition(Sent):
    """An act on a plan that changes its state."""

    action: PlanAction
    """What to do."""
    reason: ShortText | None = None
    """Why, or with which remarks; needed to return, amend and abandon."""
    minutes: LongText | None = None
    """The minutes of the review; needed to review."""
    successor_id: UUID | None = None
    """The adopted plan that takes its place; needed to supersede."""


class PlanFilters(Paging):
    """How to narrow and order plans."""

    kind: Annotated[list[PlanKind], Field(max_length=4)] | None = None
    """Any of these kinds."""
    status: Annotated[list[PlanStatus], Field(max_length=10)] | None = None
    """Any of these states."""
    sort: Literal["from_on", "-from_on"] = "-from_on"
    """The order."""


class PlanSummary(Shown):
    """A plan in a list."""

    id: UUID
    code: str
    kind: PlanKind
    title: str
    status: PlanStatus
    from_on: Day
    to_on: Day
    is_in_force: bool


class PlanPage(Shown):
    """A page of plans."""

    items: list[PlanSummary]
    next_cursor: str | None
    count: int | None = None


class Plan(Shown):
    """A plan with all its parts."""

    id: UUID
    code: str
    kind: PlanKind
    title: str
    status: PlanStatus
    from_on: Day
    to_on: Day
    is_in_force: bool
    is_evaluation_due: bool
    mission: str
    vision: str
    principles: list[str]
    mandate_text: str
    legal_basis: str
    strategic_plan: Reference | None
    author_ids: list[UUID]
    available_days: float
    reserve_days: float
    risk_analysis: PlanRiskAnalysisShown | None
    objectives: list[PlanObjectiveShown]
    activities: list[PlanActivityShown]
    team_sessions: list[PlanTeamSessionShown]
    consultations: list[PlanConsultationShown]
    reviews: list[PlanReviewShown]
    amendments: list[PlanAmendmentShown]
    adopted_on: Day | None
    superseded_by: Reference | None
    last_reason: str
    warnings: list[PlanWarning]
    """What is unwise and stops nothing; worked out when the plan was last changed."""
    allowed_actions: list[PlanAction]
