"""What the visit priority score (F1) is computed from: plain values, gathered by the use case.

Pure: no database, no HTTP, no clock. Nothing here may name a person or carry a complaint's text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.visits.places.rules import TypeGroup, VulnerableGroup
from services.visits.visits.rules.status import VisitType
from shared.workflow import Vocabulary


class PartCode(Vocabulary):
    """The nine parts of the score."""

    TIME = "time", "Time since our last visit"
    COMPLAINTS = "complaints", "Complaint picture"
    RECOMMENDATIONS = "recommendations", "Open recommendations"
    VULNERABILITY = "vulnerability", "Vulnerability and hazard"
    PLAN = "plan", "Plan in force"
    INFORMATION = "information", "Information received"
    COVERAGE = "coverage", "Coverage by other bodies"
    CLAMP = "clamp", "Held at zero"
    FLOOR_LIFT = "floor_lift", "Lifted to a floor"


class FloorReason(Vocabulary):
    """What lifts a score to a floor, to protect people."""

    REPRISAL_RISK = "reprisal_risk", "a reprisal was alleged, or its risk is high"
    TORTURE_ALLEGATION = "torture_allegation", "torture was alleged in the last 30 days"
    REPRISAL_CHECK_DUE = "reprisal_check_due", "a check for reprisals is due after an international visit"
    SERIOUS_ACCESS_INCIDENT = "serious_access_incident", "a serious access incident is open"


class DataGap(Vocabulary):
    """What is not known about a place, so that the mean of its type group stands in."""

    COMPLAINTS = "complaints", "no complaint picture has been computed"
    RECOMMENDATIONS = "recommendations", "open recommendations are not known"
    VULNERABLE_GROUPS = "vulnerable_groups", "the groups held are not recorded"
    OCCUPANCY = "occupancy", "population or capacity is not known"
    RISK_FLAGS = "risk_flags", "hazards have not been recorded"


class ActivePattern(Vocabulary):
    """The strongest complaint pattern that is active at a place."""

    WATCH = "watch", "Watch"
    SIGNAL = "signal", "Signal"
    STRONG = "strong", "Strong"


class RecommendationStanding(Vocabulary):
    """Where an open recommendation stands, as far as it bears on the next visit."""

    REGRESSED = "regressed", "Regressed"
    OVERDUE = "overdue", "Response or implementation overdue"
    CLAIMED_UNVERIFIED = "claimed_unverified", "Claimed implemented, not verified"
    PARTLY_IMPLEMENTED = "partly_implemented", "Partly implemented"
    IN_PROGRESS = "in_progress", "In progress"
    NOT_DUE = "not_due", "Not due"


@dataclass(frozen=True)
class PastVisit:
    """A completed visit of ours: its type, and the months since its last day."""

    visit_type: VisitType
    months_ago: float


@dataclass(frozen=True)
class OutsideVisit:
    """A visit done by another body."""

    body_kind: str
    months_ago: float


@dataclass(frozen=True)
class Incident:
    """One incident complained of, duplicates merged: how serious, how long ago. Never about whom."""

    seriousness: str
    months_ago: float


@dataclass(frozen=True)
class OpenRecommendation:
    """An open recommendation that covers the place; `is_contradicted` says that an F4 signal is active."""

    priority: str
    standing: RecommendationStanding
    is_contradicted: bool = False


@dataclass(frozen=True)
class Information:
    """A valid piece of information about the place: reliability 0..1, severity 1..4."""

    reliability: float
    severity: int
    months_ago: float


@dataclass(frozen=True, kw_only=True)
class PlanMatch:
    """How the plan in force speaks of a place."""

    is_named: bool = False
    matches_type: bool = False
    matches_theme: bool = False


@dataclass(frozen=True, kw_only=True)
class PriorityInputs:
    """Everything that is known about a place on a day; None is "not known", an empty tuple is "none"."""

    place_code: str
    type_group: TypeGroup
    visits: tuple[PastVisit, ...] = ()
    complaint_level: float | None = None
    silence: float | None = None
    pattern: ActivePattern | None = None
    open_recommendations: tuple[OpenRecommendation, ...] | None = None
    vulnerable_groups: frozenset[VulnerableGroup] | None = None
    population: float | None = None
    capacity: float | None = None
    risk_flags: int | None = None
    plan: PlanMatch = field(default_factory=PlanMatch)
    information: tuple[Information, ...] = ()
    outside_visits: tuple[OutsideVisit, ...] = ()
    has_critical_alert: bool = False
    has_reprisal_signal: bool = False
    floors: frozenset[FloorReason] = frozenset()
    #: Mean value (0..1) of each weighted part over the places of the type group.
    group_means: Mapping[PartCode, float] = field(default_factory=dict)

    @property
    def protects_people(self) -> bool:
        """X: somebody may be in danger, so that visits of others relieve nothing."""
        return self.has_critical_alert or self.has_reprisal_signal or self.pattern is ActivePattern.STRONG

    @property
    def months_since_in_depth(self) -> float | None:
        """Months since the last in-depth visit of ours; None if there never was one."""
        return min((visit.months_ago for visit in self.visits if visit.visit_type is VisitType.IN_DEPTH), default=None)
