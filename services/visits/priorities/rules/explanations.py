"""The sentences of the visit priority score (F1): plain English, one for each part, with its numbers.

Pure: no database, no HTTP, no clock. They say what was counted; they never name a person or a single complaint.
"""

from collections.abc import Mapping

from services.visits.priorities.rules import components
from services.visits.priorities.rules.inputs import (
    DataGap,
    FloorReason,
    PartCode,
    PriorityInputs,
    RecommendationStanding,
)

STAND_IN = "the mean of its type group stands in"


def by_part(
    inputs: PriorityInputs, values: Mapping[PartCode, float], points: Mapping[PartCode, float]
) -> dict[PartCode, str]:
    """Give the sentence of every part."""
    return {
        PartCode.TIME: time_sentence(inputs),
        PartCode.COMPLAINTS: complaints_sentence(inputs, values[PartCode.COMPLAINTS]),
        PartCode.RECOMMENDATIONS: recommendations_sentence(inputs),
        PartCode.VULNERABILITY: vulnerability_sentence(inputs),
        PartCode.PLAN: plan_sentence(inputs),
        PartCode.INFORMATION: information_sentence(inputs),
        PartCode.COVERAGE: coverage_sentence(inputs, points[PartCode.COVERAGE]),
        PartCode.CLAMP: clamp_sentence(points[PartCode.CLAMP]),
        PartCode.FLOOR_LIFT: floor_sentence(inputs, points[PartCode.FLOOR_LIFT]),
    }


def time_sentence(inputs: PriorityInputs) -> str:
    """Say how long ago the place was really seen, against the target."""
    months = components.effective_months(inputs.visits)
    if months is None:
        return "We have never visited this place, so time counts in full."
    target = components.TARGET_MONTHS[inputs.type_group]
    return (
        f"Our last visits count as a full visit {months:.1f} months ago; places of this kind should be seen "
        f"every {target} months."
    )


def complaints_sentence(inputs: PriorityInputs, value: float) -> str:
    """Say whether complaints or silence speak, and that neither is proof."""
    if inputs.complaint_level is None and inputs.silence is None and inputs.pattern is None:
        return f"The complaint picture of this place is not known; {STAND_IN} ({value:.2f})."
    if value <= components.COMPLAINT_FLOOR:
        return "Complaints say nothing unusual; that is no proof that all is well, so a quarter of the weight stays."
    if inputs.silence is not None and value == inputs.silence:
        return (
            f"Fewer complaints came than expected ({value:.2f} of 1). It may be absence of problems, fear, "
            "no way to complain, or vulnerability."
        )
    if inputs.pattern is not None and inputs.complaint_level != value:
        return f"A complaint pattern of level {inputs.pattern.value} is active, which counts {value:.2f} of 1."
    return f"Complaints of the last 12 months, against places of the same kind, count {value:.2f} of 1."


def recommendations_sentence(inputs: PriorityInputs) -> str:
    """Say how many recommendations are open and what is wrong with them."""
    open_ones = inputs.open_recommendations
    if open_ones is None:
        return f"Whether recommendations are open here is not known; {STAND_IN}."
    if not open_ones:
        return "No open recommendation covers this place."
    overdue = sum(one.standing is RecommendationStanding.OVERDUE for one in open_ones)
    contradicted = sum(one.is_contradicted for one in open_ones)
    doubts = f", {contradicted} contradicted by complaints" if contradicted else ""
    return f"Open recommendations that cover this place: {len(open_ones)}, of them {overdue} overdue{doubts}."


def vulnerability_sentence(inputs: PriorityInputs) -> str:
    """Say who is held there, how crowded it is and how many hazards are known; and what is not known."""
    known: list[str] = []
    missing: list[DataGap] = []
    if inputs.vulnerable_groups is None:
        missing.append(DataGap.VULNERABLE_GROUPS)
    else:
        known.append(f"vulnerable groups held: {len(inputs.vulnerable_groups)}")
    if inputs.population is None or not inputs.capacity:
        missing.append(DataGap.OCCUPANCY)
    else:
        known.append(f"occupancy {inputs.population / inputs.capacity:.0%}")
    if inputs.risk_flags is None:
        missing.append(DataGap.RISK_FLAGS)
    else:
        known.append(f"known hazards: {inputs.risk_flags}")
    told = "; ".join(known) or "nothing is known about who is held here and how"
    gaps = f"; {', '.join(gap.label for gap in missing)}: {STAND_IN}" if missing else ""
    return f"{told[0].upper()}{told[1:]}{gaps}."


def plan_sentence(inputs: PriorityInputs) -> str:
    """Say how the plan in force speaks of the place."""
    match = inputs.plan
    if match.is_named:
        return "An activity of the plan in force names this place."
    if match.matches_type and match.matches_theme:
        return "Type and theme of this place match an objective of the plan in force."
    if match.matches_type or match.matches_theme:
        return (
            f"The {'type' if match.matches_type else 'theme'} of this place matches an objective of the plan in force."
        )
    return "The plan in force does not speak of this place."


def information_sentence(inputs: PriorityInputs) -> str:
    """Say how much valid information there is."""
    if not inputs.information:
        return "No valid information from others is on file."
    return (
        f"Valid information from others: {len(inputs.information)}, "
        f"which together counts {components.information(inputs.information):.2f} of 1."
    )


def coverage_sentence(inputs: PriorityInputs, points: float) -> str:
    """Say what visits of others relieve, or why they relieve nothing."""
    if not components.coverage(inputs.outside_visits):
        return "No visit by another body in the last 12 months relieves us."
    if inputs.protects_people:
        return "Others have visited, but an alert, reprisal signal or strong pattern is active: it relieves nothing."
    return f"A visit by another body in the last 12 months takes {-points:.1f} points off."


def clamp_sentence(points: float) -> str:
    """Say whether the score had to be held at zero."""
    return f"A score is never below zero: {points:.1f} points given back." if points else "Nothing to hold at zero."


def floor_sentence(inputs: PriorityInputs, points: float) -> str:
    """Say which floors hold and whether they had to lift the score."""
    if not inputs.floors:
        return "No floor holds."
    reasons = "; ".join(reason.label for reason in FloorReason if reason in inputs.floors)
    effect = f"the score is lifted by {points:.1f} points" if points else "the score is already above the floor"
    return f"A floor holds because {reasons}: {effect}."
