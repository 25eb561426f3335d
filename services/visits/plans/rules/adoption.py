"""What is missing before a plan may be consulted on, finalised, adopted or evaluated, and what is only unwise.

Pure: no database, no HTTP, no clock. Stages may be skipped, the conditions of adoption never (R-V20);
warnings advise and stop nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from services.visits.plans.rules.status import ActivityKind, PlanKind
from shared.workflow import Vocabulary

PRELIMINARY_MONTHS = (12, 18)
#: First visits, training and the first annual report (R-V26); time to build the institution and the strategy (R-V27).
PRELIMINARY_KINDS = (
    ActivityKind.VISIT,
    ActivityKind.TRAINING,
    ActivityKind.REPORT,
    ActivityKind.INSTITUTIONAL_DEVELOPMENT,
    ActivityKind.STRATEGY_PREPARATION,
)
KINDS_THAT_NEED_DAYS = frozenset(
    {ActivityKind.INSTITUTIONAL_DEVELOPMENT, ActivityKind.TRAINING, ActivityKind.STRATEGY_PREPARATION}
)
LEAST_RESERVE = 0.10
MOST_ACTIVITIES = 12


class PlanGap(Vocabulary):
    """What is missing before an act on a plan."""

    MISSION = "mission", "the mission is not written"
    VISION = "vision", "the vision is not written"
    PRINCIPLES = "principles", "the principles are not written"
    MANDATE = "mandate", "the mandate is not written"
    LEGAL_BASIS = "legal_basis", "the legal basis of the mandate is not stated"
    RISK_ANALYSIS = "risk_analysis", "the risk analysis is not frozen"
    OBJECTIVES = "objectives", "the plan has no objective"
    RATIONALE = "rationale", "an objective has no rationale"
    INDICATOR = "indicator", "an objective has no indicator with baseline, target, source and frequency"
    INTERNAL_AUTHOR = "internal_author", "nobody of the NPM is among the authors"
    TEAM_SESSION = "team_session", "no session of the team is logged"
    COMMENTS = "comments", "an institution has not commented"
    SIGN_OFF = "sign_off", "an institution has not signed off"
    DURATION = "duration", "a preliminary plan runs for 12 to 18 months"
    ACTIVITY_KIND = "activity_kind", "a required kind of activity is missing, or has no days"
    ACTIVITIES = "activities", "the plan has no activity"
    ACTIVITY_OBJECTIVE = "activity_objective", "an activity serves no objective of the strategy"
    ACTIVITY_OWNER = "activity_owner", "an activity has no owner"
    ACTIVITY_DATES = "activity_dates", "an activity has no dates"
    ACTIVITY_BUDGET = "activity_budget", "an activity has no budget"
    RESULT = "result", "an objective has no result"
    LESSON = "lesson", "an objective has no lesson"


class Shortfall(NamedTuple):
    """One thing that is missing, and in which objective, activity or institution."""

    gap: PlanGap
    about: str = ""

    @property
    def code(self) -> str:
        """The code of what is missing."""
        return self.gap.value

    @property
    def sentence(self) -> str:
        """What is missing, in words."""
        return f"{self.gap.label}: {self.about}" if self.about else self.gap.label


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """How we will know. A baseline of zero is a baseline."""

    baseline: str | float | None = None
    target: str | float | None = None
    source: str = ""
    frequency: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether all four answers are given (R-V22)."""
        return (
            self.baseline not in (None, "") and self.target not in (None, "") and bool(self.source and self.frequency)
        )


@dataclass(frozen=True, kw_only=True)
class Objective:
    """An objective, as far as adoption and evaluation look at it."""

    text: str
    rationale: str = ""
    indicators: tuple[Indicator, ...] = ()
    has_assumptions: bool = False
    result: str = ""
    lesson: str = ""


@dataclass(frozen=True, kw_only=True)
class Activity:
    """An activity, as far as adoption looks at it."""

    title: str
    kind: ActivityKind
    objective_id: str | None = None
    owner_ids: frozenset[str] = frozenset()
    has_dates: bool = False
    has_budget: bool = False
    days: float = 0


@dataclass(frozen=True, kw_only=True)
class PlanContent:
    """A plan with what its adoption asks for; `objective_ids` are those that an activity may serve."""

    kind: PlanKind
    from_on: date
    to_on: date
    mission: str = ""
    vision: str = ""
    principles: tuple[str, ...] = ()
    mandate_text: str = ""
    legal_basis: str = ""
    is_risk_analysis_frozen: bool = False
    objectives: tuple[Objective, ...] = ()
    objective_ids: frozenset[str] = frozenset()
    activities: tuple[Activity, ...] = ()
    internal_author_ids: frozenset[str] = frozenset()
    team_sessions: int = 0
    outside_consultations: int = 0
    #: Empty unless the NPM is made of several bodies.
    institution_ids: frozenset[str] = frozenset()
    commented_by: frozenset[str] = frozenset()
    signed_off_by: frozenset[str] = frozenset()
    available_days: float = 0
    reserve_days: float = 0


class PlanWarning(Vocabulary):
    """What is unwise in a plan and stops nothing."""

    NO_OUTSIDE_CONSULTATION = "no_outside_consultation", "nobody outside the NPM was consulted"
    NO_DIALOGUE = "no_dialogue", "no activity of dialogue with the authorities is planned"
    SMALL_RESERVE = "small_reserve", "too few days are kept for unexpected events"
    OVER_CAPACITY = "over_capacity", "more days are planned than are available"
    TOO_MANY_ACTIVITIES = "too_many_activities", "the plan has more activities than a simple plan should"
    NO_ASSUMPTIONS = "no_assumptions", "an objective names no outside factor that could block it"


def adoption_gaps(plan: PlanContent) -> tuple[Shortfall, ...]:
    """Say all that stands between a plan and its adoption, by its kind (R-V16, R-V21, R-V26, R-V29, R-V42, R-V43)."""
    return (
        *_strategy_gaps(plan),
        *_objective_gaps(plan.objectives),
        *_preliminary_gaps(plan),
        *_activity_gaps(plan),
        *(() if plan.internal_author_ids else (Shortfall(PlanGap.INTERNAL_AUTHOR),)),
        *(Shortfall(PlanGap.SIGN_OFF, each) for each in sorted(plan.institution_ids - plan.signed_off_by)),
    )


def consultation_gaps(plan: PlanContent) -> tuple[Shortfall, ...]:
    """Say what is missing before a draft is shown around: reasons, and for a strategy the frozen risk analysis."""
    unreasoned = tuple(Shortfall(PlanGap.RATIONALE, each.text) for each in plan.objectives if not each.rationale)
    is_unfrozen = plan.kind is PlanKind.STRATEGIC and not plan.is_risk_analysis_frozen
    return unreasoned + ((Shortfall(PlanGap.RISK_ANALYSIS),) if is_unfrozen else ())


def finalising_gaps(plan: PlanContent) -> tuple[Shortfall, ...]:
    """Say what is missing before the final draft: the team sat together, and every institution commented."""
    alone = () if plan.team_sessions else (Shortfall(PlanGap.TEAM_SESSION),)
    return alone + tuple(Shortfall(PlanGap.COMMENTS, each) for each in sorted(plan.institution_ids - plan.commented_by))


def evaluation_gaps(objectives: tuple[Objective, ...]) -> tuple[Shortfall, ...]:
    """Say which objectives have no result or no lesson yet (R-V24)."""
    return tuple(
        Shortfall(gap, each.text)
        for each in objectives
        for gap, is_told in ((PlanGap.RESULT, each.result), (PlanGap.LESSON, each.lesson))
        if not is_told
    )


def planning_warnings(plan: PlanContent) -> tuple[PlanWarning, ...]:
    """Say what is unwise: no dialogue, no room for surprises, too much at once (R-V18, R-V34, R-V35, R-V38, R-V39)."""
    planned = sum(each.days for each in plan.activities)
    found = {
        PlanWarning.NO_OUTSIDE_CONSULTATION: not plan.outside_consultations,
        PlanWarning.NO_DIALOGUE: not any(each.kind is ActivityKind.DIALOGUE for each in plan.activities),
        PlanWarning.SMALL_RESERVE: plan.reserve_days < LEAST_RESERVE * plan.available_days,
        PlanWarning.OVER_CAPACITY: planned + plan.reserve_days > plan.available_days,
        PlanWarning.TOO_MANY_ACTIVITIES: len(plan.activities) > MOST_ACTIVITIES,
        PlanWarning.NO_ASSUMPTIONS: any(not each.has_assumptions for each in plan.objectives),
    }
    if plan.kind is PlanKind.STRATEGIC:
        # A strategy says where to go; days and activities belong to the operational plan.
        for about_days in (PlanWarning.NO_DIALOGUE, PlanWarning.SMALL_RESERVE, PlanWarning.OVER_CAPACITY):
            found[about_days] = False
    return tuple(warning for warning, is_so in found.items() if is_so)


def months_covered(from_on: date, to_on: date) -> tuple[int, int]:
    """Give the whole calendar months of a period, both days included, and the days left over."""
    until = to_on + timedelta(days=1)
    months = (until.year - from_on.year) * 12 + until.month - from_on.month
    return (months, until.day - from_on.day)


def _strategy_gaps(plan: PlanContent) -> Iterator[Shortfall]:
    if plan.kind is not PlanKind.STRATEGIC:
        return
    written = (
        (PlanGap.MISSION, plan.mission),
        (PlanGap.VISION, plan.vision),
        (PlanGap.PRINCIPLES, plan.principles),
        (PlanGap.MANDATE, plan.mandate_text),
        (PlanGap.LEGAL_BASIS, plan.legal_basis),
        (PlanGap.RISK_ANALYSIS, plan.is_risk_analysis_frozen),
        (PlanGap.OBJECTIVES, plan.objectives),
    )
    yield from (Shortfall(gap) for gap, value in written if not value)


def _objective_gaps(objectives: tuple[Objective, ...]) -> Iterator[Shortfall]:
    # The rationale is asked again here: a plan may have skipped its consultation (R-V17, R-V20).
    for each in objectives:
        if not each.rationale:
            yield Shortfall(PlanGap.RATIONALE, each.text)
        if not any(indicator.is_complete for indicator in each.indicators):
            yield Shortfall(PlanGap.INDICATOR, each.text)


def _preliminary_gaps(plan: PlanContent) -> Iterator[Shortfall]:
    if plan.kind is not PlanKind.PRELIMINARY:
        return
    shortest, longest = PRELIMINARY_MONTHS
    if not (shortest, 0) <= months_covered(plan.from_on, plan.to_on) <= (longest, 0):
        yield Shortfall(PlanGap.DURATION)
    present = {each.kind for each in plan.activities if each.days > 0 or each.kind not in KINDS_THAT_NEED_DAYS}
    yield from (Shortfall(PlanGap.ACTIVITY_KIND, kind.label) for kind in PRELIMINARY_KINDS if kind not in present)


def _activity_gaps(plan: PlanContent) -> Iterator[Shortfall]:
    if plan.kind is not PlanKind.OPERATIONAL:
        return
    if not plan.activities:
        yield Shortfall(PlanGap.ACTIVITIES)
    for each in plan.activities:
        yield from _gaps_of(each, plan.objective_ids)


def _gaps_of(activity: Activity, objective_ids: frozenset[str]) -> Iterator[Shortfall]:
    needed = (
        (PlanGap.ACTIVITY_OBJECTIVE, activity.objective_id in objective_ids),
        (PlanGap.ACTIVITY_OWNER, activity.owner_ids),
        (PlanGap.ACTIVITY_DATES, activity.has_dates),
        (PlanGap.ACTIVITY_BUDGET, activity.has_budget),
    )
    yield from (Shortfall(gap, activity.title) for gap, is_given in needed if not is_given)
