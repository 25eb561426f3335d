"""The parts of a plan, as they are sent and shown."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.visits.findings.rules import RootCauseLevel
from services.visits.places.rules import PlaceType
from services.visits.plans.rules.status import ActivityKind, ObjectiveKind
from services.visits.visits.rules.status import VisitType
from shared.schemas import Day, LongText, Name, Sent, ShortText, Shown, Whole
from shared.themes import Theme

Part = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[A-Za-z0-9_-]+$")]
Level = Annotated[int, Field(ge=1, le=4), Whole]
Number = Annotated[float, Field(ge=0, le=100_000)]
Texts = Annotated[list[ShortText], Field(max_length=50)]
People = Annotated[list[UUID], Field(max_length=100)]
Places = Annotated[list[UUID], Field(max_length=500)]
Themes = Annotated[list[Theme], Field(max_length=40)]
PlaceTypes = Annotated[list[PlaceType], Field(max_length=40)]


class PlanIndicator(Sent):
    """How we will know. A baseline of zero is a baseline."""

    question: ShortText
    """What is asked."""
    baseline: ShortText | None = None
    """Where it stands now."""
    target: ShortText | None = None
    """Where it should be."""
    unit: ShortText | None = None
    """In what."""
    source: ShortText | None = None
    """From where it is known."""
    frequency: ShortText | None = None
    """How often it is read."""


class PlanObjective(Sent):
    """What the plan wants to change."""

    id: Part
    """A name of its own within the plan; activities refer to it."""
    text: ShortText
    """The objective."""
    kind: ObjectiveKind
    """Change in detention, or building the institution."""
    rationale: LongText | None = None
    """Why this one."""
    assumptions: Texts = []
    """Outside factors that could block it."""
    themes: Themes = []
    """On which themes."""
    place_types: PlaceTypes = []
    """At which kinds of place."""
    indicators: Annotated[list[PlanIndicator], Field(max_length=20)] = []
    """How we will know."""
    result: LongText | None = None
    """What came of it; for the evaluation."""
    lesson: LongText | None = None
    """What was learned; for the evaluation."""


class PlanActivity(Sent):
    """What the plan does."""

    id: Part
    """A name of its own within the plan."""
    title: Name
    """What."""
    kind: ActivityKind
    """What kind of work."""
    objective_id: Part | None = None
    """The objective it serves."""
    visit_type: VisitType | None = None
    """For visits: the type."""
    place_ids: Places = []
    """Places that it names."""
    place_types: PlaceTypes = []
    """Or kinds of place."""
    days: Number = 0
    """Days of work."""
    owner_ids: People = []
    """Who answers for it."""
    starts_on: Day | None = None
    """From."""
    ends_on: Day | None = None
    """To."""
    budget: Number | None = None
    """What it costs."""


class PlanRisk(Sent):
    """A risk that the analysis found."""

    theme: Theme
    """On which theme."""
    root_cause_level: RootCauseLevel
    """Where its cause lies."""
    likelihood: Level
    """From 1 to 4."""
    impact: Level
    """From 1 to 4."""
    sources: Texts = []
    """From where it is known."""
    not_prioritised_reason: ShortText | None = None
    """Why it is left for later."""


class PlanRiskAnalysis(Sent):
    """What the plan rests on."""

    from_on: Day
    """The period looked at."""
    to_on: Day
    """To."""
    frozen_on: Day | None = None
    """When it was closed; a strategy needs that."""
    findings: Annotated[list[PlanRisk], Field(max_length=200)] = []
    """What was found."""


class PlanConsultation(Sent):
    """A talk about the draft."""

    on: Day
    """When."""
    with_whom: ShortText
    """With whom."""
    is_outside: bool
    """Whether people outside the NPM."""
    note: ShortText | None = None
    """What came of it."""


class PlanTeamSession(Sent):
    """A sitting of the team on the plan."""

    on: Day
    """When."""
    participant_ids: People = []
    """Who."""


class PlanIndicatorShown(Shown):
    """How we will know."""

    question: str
    baseline: str | None
    target: str | None
    unit: str | None
    source: str | None
    frequency: str | None


class PlanObjectiveShown(Shown):
    """What the plan wants to change."""

    id: str
    text: str
    kind: ObjectiveKind
    rationale: str | None
    assumptions: list[str]
    themes: list[Theme]
    place_types: list[PlaceType]
    indicators: list[PlanIndicatorShown]
    result: str | None
    lesson: str | None


class PlanActivityShown(Shown):
    """What the plan does."""

    id: str
    title: str
    kind: ActivityKind
    objective_id: str | None
    visit_type: VisitType | None
    place_ids: list[UUID]
    place_types: list[PlaceType]
    days: float
    owner_ids: list[UUID]
    starts_on: Day | None
    ends_on: Day | None
    budget: float | None


class PlanRiskShown(Shown):
    """A risk that the analysis found."""

    theme: Theme
    root_cause_level: RootCauseLevel
    likelihood: int
    impact: int
    sources: list[str]
    not_prioritised_reason: str | None


class PlanRiskAnalysisShown(Shown):
    """What the plan rests on."""

    from_on: Day
    to_on: Day
    frozen_on: Day | None
    findings: list[PlanRiskShown]


class PlanConsultationShown(Shown):
    """A talk about the draft."""

    on: Day
    with_whom: str
    is_outside: bool
    note: str | None


class PlanTeamSessionShown(Shown):
    """A sitting of the team on the plan."""

    on: Day
    participant_ids: list[UUID]


class PlanReviewShown(Shown):
    """A progress review."""

    on: Day
    minutes: str


class PlanAmendmentShown(Shown):
    """A change of an adopted plan, with what it was before."""

    on: Day
    reason: str
    before: dict[str, Any]
