"""The visit priority score of a place (F1): nine parts in points that sum to the score, each with its sentence.

Pure: no database, no HTTP, no clock. A score advises; it never changes a state and never rests on complaints alone.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.visits.priorities.rules import components, explanations
from services.visits.priorities.rules.inputs import DataGap, FloorReason, PartCode, PriorityInputs

#: The most that complaints may weigh in the sum, and the most that an F4 signal can add to R.
COMPLAINT_LIMIT = 0.30
CONTRADICTION_SHARE = 0.35
COVERAGE_POINTS = 10.0
#: Stands in for the mean of a type group of which nothing is known yet.
NEUTRAL = 0.5
TORTURE_ALLEGATION_DAYS = 30
ROUNDING = 1e-9

FLOORS: Mapping[FloorReason, float] = {
    FloorReason.REPRISAL_RISK: 85.0,
    FloorReason.TORTURE_ALLEGATION: 80.0,
    FloorReason.REPRISAL_CHECK_DUE: 70.0,
    FloorReason.SERIOUS_ACCESS_INCIDENT: 60.0,
}
#: The part that a gap belongs to, and the share of that part which it leaves open.
GAP_SHARES: Mapping[DataGap, tuple[PartCode, float]] = {
    DataGap.COMPLAINTS: (PartCode.COMPLAINTS, 1.0),
    DataGap.RECOMMENDATIONS: (PartCode.RECOMMENDATIONS, 1.0),
    DataGap.VULNERABLE_GROUPS: (PartCode.VULNERABILITY, 0.5),
    DataGap.OCCUPANCY: (PartCode.VULNERABILITY, 0.25),
    DataGap.RISK_FLAGS: (PartCode.VULNERABILITY, 0.25),
}


class WeightsRefused(ValueError):
    """Raised for a configuration of weights that the rules do not allow."""


@dataclass(frozen=True, kw_only=True)
class Weights:
    """The weights of the six parts; complaints can never be the only criterion."""

    time: float = 0.25
    complaints: float = 0.20
    recommendations: float = 0.20
    vulnerability: float = 0.15
    plan: float = 0.10
    information: float = 0.10

    def __post_init__(self) -> None:
        """Refuse weights that are negative, do not sum to one, or let complaints weigh too much."""
        each = self.by_part().values()
        if min(each) < 0:
            raise WeightsRefused("a weight is negative")
        if abs(math.fsum(each) - 1) > ROUNDING:
            raise WeightsRefused(f"the weights sum to {math.fsum(each):.3f} and not to 1")
        complaint_share = self.complaints + CONTRADICTION_SHARE * self.recommendations
        if complaint_share > COMPLAINT_LIMIT + ROUNDING:
            raise WeightsRefused(f"complaints would weigh {complaint_share:.3f}, more than {COMPLAINT_LIMIT:.2f}")

    def by_part(self) -> dict[PartCode, float]:
        """Give the weights under the codes of their parts."""
        return {
            PartCode.TIME: self.time,
            PartCode.COMPLAINTS: self.complaints,
            PartCode.RECOMMENDATIONS: self.recommendations,
            PartCode.VULNERABILITY: self.vulnerability,
            PartCode.PLAN: self.plan,
            PartCode.INFORMATION: self.information,
        }


STANDARD_WEIGHTS = Weights()


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a score: its points, the value (0..1) behind them if it is a weighted one, and why."""

    code: PartCode
    points: float
    value: float | None
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Priority:
    """The score of a place, with all that is needed to understand and to doubt it."""

    place_code: str
    parts: tuple[Part, ...]
    floor_reasons: tuple[FloorReason, ...]
    data_gaps: tuple[DataGap, ...]
    confidence: float
    months_since_in_depth: float | None

    @property
    def score(self) -> float:
        """The sum of the nine parts, exactly."""
        return math.fsum(part.points for part in self.parts)

    @property
    def calls_for_proposal(self) -> bool:
        """An allegation of torture is not only a number: somebody has to decide on a visit."""
        return FloorReason.TORTURE_ALLEGATION in self.floor_reasons


def floor_reasons(
    *,
    is_reprisal_feared: bool = False,
    days_since_torture_allegation: int | None = None,
    is_reprisal_check_due: bool = False,
    has_open_serious_incident: bool = False,
) -> frozenset[FloorReason]:
    """Give the floors that hold: reprisal risk high or alleged, torture alleged, check due, access refused."""
    is_alleged = days_since_torture_allegation is not None and days_since_torture_allegation <= TORTURE_ALLEGATION_DAYS
    holds = {
        FloorReason.REPRISAL_RISK: is_reprisal_feared,
        FloorReason.TORTURE_ALLEGATION: is_alleged,
        FloorReason.REPRISAL_CHECK_DUE: is_reprisal_check_due,
        FloorReason.SERIOUS_ACCESS_INCIDENT: has_open_serious_incident,
    }
    return frozenset(reason for reason, is_given in holds.items() if is_given)


def data_gaps(inputs: PriorityInputs) -> tuple[DataGap, ...]:
    """Say what is not known about the place. Never visited, no information and not in the plan are knowledge."""
    unknown = {
        DataGap.COMPLAINTS: inputs.complaint_level is None and inputs.silence is None and inputs.pattern is None,
        DataGap.RECOMMENDATIONS: inputs.open_recommendations is None,
        DataGap.VULNERABLE_GROUPS: inputs.vulnerable_groups is None,
        DataGap.OCCUPANCY: inputs.population is None or not inputs.capacity,
        DataGap.RISK_FLAGS: inputs.risk_flags is None,
    }
    return tuple(gap for gap, is_unknown in unknown.items() if is_unknown)


def confidence(gaps: Iterable[DataGap], weights: Weights = STANDARD_WEIGHTS) -> float:
    """Give the share of the weight that rests on data."""
    by_part = weights.by_part()
    return 1 - math.fsum(by_part[part] * share for part, share in (GAP_SHARES[gap] for gap in gaps))


def part_values(inputs: PriorityInputs) -> dict[PartCode, float]:
    """Give the six values (0..1); where data is missing, the mean of the type group stands in."""
    means = {part: inputs.group_means.get(part, NEUTRAL) for part in PartCode}
    is_silent = DataGap.COMPLAINTS in data_gaps(inputs)
    return {
        PartCode.TIME: components.time_since(inputs.visits, inputs.type_group),
        PartCode.COMPLAINTS: components.complaint_picture(
            means[PartCode.COMPLAINTS] if is_silent else inputs.complaint_level, inputs.silence, inputs.pattern
        ),
        PartCode.RECOMMENDATIONS: means[PartCode.RECOMMENDATIONS]
        if inputs.open_recommendations is None
        else components.recommendations(inputs.open_recommendations),
        PartCode.VULNERABILITY: vulnerability_value(inputs, means[PartCode.VULNERABILITY]),
        PartCode.PLAN: components.plan(inputs.plan),
        PartCode.INFORMATION: components.information(inputs.information),
    }


def vulnerability_value(inputs: PriorityInputs, mean: float) -> float:
    """V of a place; each of its three sides that is not known takes the mean."""
    groups, flags = inputs.vulnerable_groups, inputs.risk_flags
    is_occupancy_known = inputs.population is not None and bool(inputs.capacity)
    return components.vulnerability(
        mean if groups is None else components.group_exposure(groups),
        components.crowding(inputs.population or 0.0, inputs.capacity or 1.0) if is_occupancy_known else mean,
        mean if flags is None else components.hazard(flags),
    )


def score(inputs: PriorityInputs, weights: Weights = STANDARD_WEIGHTS) -> Priority:
    """Give the priority of a place: six weighted parts, coverage by others, the clamp at zero and the floor."""
    values = part_values(inputs)
    points = {code: 100 * weight * values[code] for code, weight in weights.by_part().items()}
    relief = COVERAGE_POINTS * components.coverage(inputs.outside_visits)
    points[PartCode.COVERAGE] = 0.0 if inputs.protects_people or not relief else -relief
    before = math.fsum(points.values())
    points[PartCode.CLAMP] = max(0.0, before) - before
    floor = max((FLOORS[reason] for reason in inputs.floors), default=0.0)
    points[PartCode.FLOOR_LIFT] = max(0.0, floor - max(0.0, before))
    gaps = data_gaps(inputs)
    sentences = explanations.by_part(inputs, values, points)
    return Priority(
        place_code=inputs.place_code,
        parts=tuple(
            Part(code=code, points=points[code], value=values.get(code), sentence=sentences[code]) for code in PartCode
        ),
        floor_reasons=tuple(sorted(inputs.floors, key=lambda reason: -FLOORS[reason])),
        data_gaps=gaps,
        confidence=confidence(gaps, weights),
        months_since_in_depth=inputs.months_since_in_depth,
    )


def ranked(priorities: Iterable[Priority]) -> list[Priority]:
    """Put the most urgent first; a tie goes to the place whose last in-depth visit is longer ago, then by code."""
    return sorted(priorities, key=_rank)


def _rank(priority: Priority) -> tuple[float, float, str]:
    never = math.inf if priority.months_since_in_depth is None else priority.months_since_in_depth
    return (-priority.score, -never, priority.place_code)
