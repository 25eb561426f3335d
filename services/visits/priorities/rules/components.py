"""The component functions of the visit priority score (F1): each gives one value from 0 to 1.

Pure: no database, no HTTP, no clock; ages come in as months. They know no weights and no floors.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from services.visits.places.rules import TypeGroup, VulnerableGroup
from services.visits.priorities.rules.inputs import (
    ActivePattern,
    Incident,
    Information,
    OpenRecommendation,
    OutsideVisit,
    PastVisit,
    PlanMatch,
    RecommendationStanding,
)
from services.visits.visits.rules.status import VisitType

#: The length of a month when something's age is counted.
DAYS_PER_MONTH = 30.4375
HALF_LIFE_MONTHS = 6.0
WINDOW_MONTHS = 12.0
#: A complaint may end a silence, but zero complaints never take the picture below this.
COMPLAINT_FLOOR = 0.25
SMALLEST_POPULATION = 20
#: Taken for the typical rate of complaints when the type group has none yet.
TYPICAL_RATE = 5.0

#: How far a visit of each type counts as having seen the whole place.
VISIT_CREDITS: Mapping[VisitType, float] = {
    VisitType.IN_DEPTH: 1.0,
    VisitType.THEMATIC: 0.5,
    VisitType.FOLLOW_UP: 0.5,
    VisitType.AD_HOC: 0.5,
    VisitType.REACTIVE: 0.25,
}
#: Months between full visits, by type group.
TARGET_MONTHS: Mapping[TypeGroup, int] = {
    TypeGroup.POLICE: 18,
    TypeGroup.PRISON: 18,
    TypeGroup.JUVENILE: 12,
    TypeGroup.MILITARY: 24,
    TypeGroup.SECURITY_SERVICES: 12,
    TypeGroup.IMMIGRATION: 12,
    TypeGroup.HEALTH: 24,
    TypeGroup.SOCIAL_CARE: 36,
    TypeGroup.COURT_TRANSPORT: 36,
    TypeGroup.OTHER: 24,
    TypeGroup.UNKNOWN: 24,
}
SERIOUSNESS_WEIGHTS: Mapping[str, float] = {"low": 1, "medium": 2, "high": 4, "critical": 8}
PRIORITY_WEIGHTS: Mapping[str, float] = {"immediate": 3, "high": 2, "medium": 1, "low": 0.5}
#: Groups that complain least count half as much again.
HEAVIER_GROUPS = frozenset(
    {VulnerableGroup.CHILDREN, VulnerableGroup.PERSONS_WITH_PSYCHOSOCIAL_OR_INTELLECTUAL_DISABILITY}
)
#: How much a visit of another body relieves us, by the body's kind; a kind not listed relieves nothing.
BODY_WEIGHTS: Mapping[str, float] = {
    "spt": 0.9,
    "cpt": 0.9,
    "nhri": 0.7,
    "ombudsperson_general": 0.7,
    "ombudsperson_specialised": 0.7,
    "specialised_oversight_body": 0.6,
    "ngo_visitor": 0.5,
    "judge": 0.4,
    "prosecutor": 0.4,
    "lay_visitors": 0.3,
    "parliamentarian_or_commission": 0.3,
    "internal_inspectorate": 0.1,
}
PATTERN_FLOORS: Mapping[ActivePattern, float] = {ActivePattern.SIGNAL: 0.6, ActivePattern.STRONG: 0.8}
STANDING_WEIGHTS: Mapping[RecommendationStanding, float] = {
    RecommendationStanding.REGRESSED: 1.25,
    RecommendationStanding.OVERDUE: 1.0,
    RecommendationStanding.CLAIMED_UNVERIFIED: 0.75,
    RecommendationStanding.PARTLY_IMPLEMENTED: 0.6,
    RecommendationStanding.IN_PROGRESS: 0.5,
    RecommendationStanding.NOT_DUE: 0.3,
}
CONTRADICTION_WEIGHT = 0.5


def clamp(value: float) -> float:
    """Hold a value between 0 and 1."""
    return min(1.0, max(0.0, value))


def fading(months_ago: float) -> float:
    """Give what is left of something after its half-life runs."""
    return float(0.5 ** (max(0.0, months_ago) / HALF_LIFE_MONTHS))


def months_between(earlier: date, later: date) -> float:
    """Give an age in months, in the one length of month that the formulas know."""
    return (later - earlier).days / DAYS_PER_MONTH


def effective_months(visits: Iterable[PastVisit]) -> float | None:
    """Give the months since the place was last seen, longer where a visit saw only a part; None if never."""
    return min((max(0.0, visit.months_ago) / VISIT_CREDITS[visit.visit_type] for visit in visits), default=None)


def time_since(visits: Iterable[PastVisit], type_group: TypeGroup) -> float:
    """T: how far the target of the type group is used up; a place never visited counts in full."""
    months = effective_months(visits)
    return 1.0 if months is None else clamp(months / TARGET_MONTHS[type_group])


def complaint_rate(incidents: Iterable[Incident], population: float) -> float:
    """Give weighted incidents of the last 12 months per 100 persons held."""
    weighted = math.fsum(
        SERIOUSNESS_WEIGHTS[incident.seriousness] * fading(incident.months_ago)
        for incident in incidents
        if incident.months_ago <= WINDOW_MONTHS
    )
    return weighted / max(population, SMALLEST_POPULATION) * 100


def complaint_level(rate: float, typical_rate: float | None, pattern: ActivePattern | None = None) -> float:
    """C: the rate against the type group's median non-zero rate, lifted by an active pattern."""
    level = 1 - math.exp(-rate / (typical_rate or TYPICAL_RATE))
    return max(level, PATTERN_FLOORS.get(pattern, 0.0)) if pattern else level


def complaint_picture(level: float | None, silence: float | None, pattern: ActivePattern | None = None) -> float:
    """K: complaints (C) or suspicious silence (Q), whichever says more, and never below the floor."""
    known = [value for value in (level, silence) if value is not None]
    pattern_floor = PATTERN_FLOORS.get(pattern, 0.0) if pattern else 0.0
    return max([COMPLAINT_FLOOR, pattern_floor, *known])


def recommendations(open_ones: Iterable[OpenRecommendation]) -> float:
    """R: what is owed to the place, saturating; the urgent, the overdue and the contradicted weigh most."""
    owed = math.fsum(
        PRIORITY_WEIGHTS[one.priority]
        * (STANDING_WEIGHTS[one.standing] + (CONTRADICTION_WEIGHT if one.is_contradicted else 0.0))
        for one in open_ones
    )
    return 1 - math.exp(-owed / 6)


def group_exposure(groups: Collection[VulnerableGroup]) -> float:
    """G: a quarter for each vulnerable group present, half as much again for those who complain least."""
    return min(1.0, 0.25 * math.fsum(1.5 if group in HEAVIER_GROUPS else 1.0 for group in set(groups)))


def crowding(population: float, capacity: float) -> float:
    """O: begins at nine tenths of the capacity and is full at one and a half times."""
    return clamp((population / capacity - 0.9) / 0.6)


def hazard(risk_flags: int) -> float:
    """H: three flags are as bad as it gets."""
    return min(1.0, risk_flags / 3)


def vulnerability(exposure: float, crowding: float, hazard: float) -> float:
    """V: who is held there counts half, how crowded and how hazardous it is a quarter each."""
    return 0.5 * exposure + 0.25 * crowding + 0.25 * hazard


def plan(match: PlanMatch) -> float:
    """P: what the plan in force says of the place."""
    if match.is_named:
        return 1.0
    return {0: 0.0, 1: 0.4, 2: 0.7}[match.matches_type + match.matches_theme]


def information(pieces: Iterable[Information]) -> float:
    """I: the chance that at least one piece is right, each weighed by reliability, severity and age."""
    return 1 - math.prod(1 - piece.reliability * piece.severity / 4 * fading(piece.months_ago) for piece in pieces)


def coverage(visits: Iterable[OutsideVisit]) -> float:
    """B: the strongest relief by a visit that another body made in the last 12 months."""
    recent = (visit for visit in visits if visit.months_ago <= WINDOW_MONTHS)
    return max((BODY_WEIGHTS.get(visit.body_kind, 0.0) * fading(visit.months_ago) for visit in recent), default=0.0)
