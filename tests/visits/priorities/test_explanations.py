"""The sentences of the priority score say what was counted, in each of its cases."""

from dataclasses import replace

import pytest

from services.visits.places.rules import TypeGroup, VulnerableGroup
from services.visits.priorities.rules.inputs import (
    ActivePattern,
    FloorReason,
    Information,
    OpenRecommendation,
    OutsideVisit,
    PartCode,
    PastVisit,
    PlanMatch,
    PriorityInputs,
    RecommendationStanding,
)
from services.visits.priorities.rules.score import score
from services.visits.visits.rules.status import VisitType

BARE = PriorityInputs(
    place_code="A",
    type_group=TypeGroup.PRISON,
    complaint_level=0,
    silence=0,
    open_recommendations=(),
    vulnerable_groups=frozenset(),
    population=80,
    capacity=100,
    risk_flags=0,
)
OVERDUE = OpenRecommendation("high", RecommendationStanding.OVERDUE, is_contradicted=True)
CASES: list[tuple[PartCode, dict[str, object], str]] = [
    (PartCode.TIME, {}, "never visited"),
    (PartCode.TIME, {"visits": (PastVisit(VisitType.THEMATIC, 6),)}, "12.0 months ago"),
    (PartCode.COMPLAINTS, {}, "no proof that all is well"),
    (PartCode.COMPLAINTS, {"silence": 0.8}, "Fewer complaints came than expected (0.80 of 1)"),
    (PartCode.COMPLAINTS, {"complaint_level": 0.5}, "count 0.50 of 1"),
    (PartCode.COMPLAINTS, {"pattern": ActivePattern.STRONG}, "pattern of level strong"),
    (PartCode.COMPLAINTS, {"complaint_level": None, "silence": None}, "is not known"),
    (PartCode.RECOMMENDATIONS, {}, "No open recommendation"),
    (PartCode.RECOMMENDATIONS, {"open_recommendations": None}, "is not known"),
    (PartCode.RECOMMENDATIONS, {"open_recommendations": (OVERDUE,)}, "1, of them 1 overdue, 1 contradicted"),
    (PartCode.VULNERABILITY, {}, "Vulnerable groups held: 0; occupancy 80%; known hazards: 0."),
    (PartCode.VULNERABILITY, {"vulnerable_groups": frozenset({VulnerableGroup.WOMEN})}, "held: 1"),
    (PartCode.VULNERABILITY, {"population": None}, "population or capacity is not known: the mean"),
    (PartCode.VULNERABILITY, {"vulnerable_groups": None, "capacity": None, "risk_flags": None}, "Nothing is known"),
    (PartCode.PLAN, {}, "does not speak of this place"),
    (PartCode.PLAN, {"plan": PlanMatch(is_named=True)}, "names this place"),
    (PartCode.PLAN, {"plan": PlanMatch(matches_type=True, matches_theme=True)}, "Type and theme"),
    (PartCode.PLAN, {"plan": PlanMatch(matches_theme=True)}, "The theme of this place"),
    (PartCode.INFORMATION, {}, "No valid information"),
    (PartCode.INFORMATION, {"information": (Information(0.8, 1, 0),)}, "counts 0.20 of 1"),
    (PartCode.COVERAGE, {}, "No visit by another body"),
    (PartCode.COVERAGE, {"outside_visits": (OutsideVisit("spt", 0),)}, "takes 9.0 points off"),
    (PartCode.COVERAGE, {"outside_visits": (OutsideVisit("spt", 0),), "has_critical_alert": True}, "relieves nothing"),
    (PartCode.CLAMP, {}, "Nothing to hold"),
    (
        PartCode.CLAMP,
        {"visits": (PastVisit(VisitType.IN_DEPTH, 0),), "outside_visits": (OutsideVisit("spt", 0),)},
        "4.0 points given back",
    ),
    (PartCode.FLOOR_LIFT, {}, "No floor holds"),
    (PartCode.FLOOR_LIFT, {"floors": frozenset({FloorReason.REPRISAL_RISK})}, "lifted by 55.0 points"),
]


@pytest.mark.parametrize(("code", "change", "said"), CASES)
def test_a_part_says_what_was_counted(code: PartCode, change: dict[str, object], said: str) -> None:
    priority = score(replace(BARE, **change))  # type: ignore[arg-type]

    assert said in {part.code: part.sentence for part in priority.parts}[code]


def test_a_floor_that_need_not_lift_says_so() -> None:
    high = replace(BARE, silence=1, vulnerable_groups=frozenset(VulnerableGroup), risk_flags=3)
    high = replace(high, plan=PlanMatch(is_named=True), floors=frozenset({FloorReason.SERIOUS_ACCESS_INCIDENT}))

    assert "already above the floor" in score(high).parts[-1].sentence
