"""The priority score as a whole: the table of the domain page to the decimals printed, floors, gaps, weights, order."""

from dataclasses import replace

import pytest

from services.visits.places.rules import TypeGroup, VulnerableGroup
from services.visits.priorities.rules import components
from services.visits.priorities.rules.inputs import (
    ActivePattern,
    DataGap,
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
from services.visits.priorities.rules.score import (
    FLOORS,
    Weights,
    WeightsRefused,
    floor_reasons,
    ranked,
    score,
)
from services.visits.visits.rules.status import VisitType

A = PriorityInputs(
    place_code="A",
    type_group=TypeGroup.PRISON,
    visits=(PastVisit(VisitType.IN_DEPTH, 20),),
    complaint_level=components.complaint_level(3, 3),
    silence=0.116,
    open_recommendations=(OpenRecommendation("high", RecommendationStanding.OVERDUE),) * 3,
    vulnerable_groups=frozenset({VulnerableGroup.WOMEN, VulnerableGroup.CHILDREN}),
    population=120,
    capacity=100,
    risk_flags=1,
    plan=PlanMatch(matches_type=True, matches_theme=True),
    information=(Information(0.8, 1, 0),),
)
B = replace(A, place_code="B", complaint_level=0, silence=1)
C = PriorityInputs(
    place_code="C",
    type_group=TypeGroup.POLICE,
    visits=(PastVisit(VisitType.THEMATIC, 6),),
    complaint_level=0,
    silence=0.25,
    open_recommendations=(),
    vulnerable_groups=frozenset(),
    population=80,
    capacity=100,
    risk_flags=0,
    outside_visits=(OutsideVisit("spt", 2),),
)
D = PriorityInputs(
    place_code="D",
    type_group=TypeGroup.SOCIAL_CARE,
    complaint_level=0,
    silence=0.3125,
    open_recommendations=(),
    vulnerable_groups=frozenset(
        {VulnerableGroup.PERSONS_WITH_PSYCHOSOCIAL_OR_INTELLECTUAL_DISABILITY, VulnerableGroup.OLDER_PERSONS}
    ),
    population=90,
    capacity=100,
    risk_flags=0,
    plan=PlanMatch(matches_type=True),
)
E = replace(C, place_code="E", has_reprisal_signal=True, floors=frozenset({FloorReason.REPRISAL_CHECK_DUE}))
F = replace(C, place_code="F", floors=frozenset({FloorReason.SERIOUS_ACCESS_INCIDENT}))
G = replace(C, place_code="G", visits=(PastVisit(VisitType.IN_DEPTH, 0),), outside_visits=(OutsideVisit("spt", 0),))
TABLE = [
    (A, "25.000 12.642 12.642 7.813 7.000 2.000 0.000 0.000 0.000", 67.097),
    (B, "25.000 20.000 12.642 7.813 7.000 2.000 0.000 0.000 0.000", 74.455),
    (C, "16.667 5.000 0.000 0.000 0.000 0.000 -7.143 0.000 0.000", 14.523),
    (D, "25.000 6.250 0.000 4.688 4.000 0.000 0.000 0.000 0.000", 39.938),
    (E, "16.667 5.000 0.000 0.000 0.000 0.000 0.000 0.000 48.333", 70.000),
    (F, "16.667 5.000 0.000 0.000 0.000 0.000 -7.143 0.000 45.477", 60.000),
    (G, "0.000 5.000 0.000 0.000 0.000 0.000 -9.000 4.000 0.000", 0.000),
]


@pytest.mark.parametrize(("inputs", "points", "total"), TABLE, ids=[inputs.place_code for inputs, _, _ in TABLE])
def test_the_table_of_the_domain_page(inputs: PriorityInputs, points: str, total: float) -> None:
    priority = score(inputs)

    assert [part.code for part in priority.parts] == list(PartCode)
    # The page rounds halves up (7.8125 is printed 7.813), so that half a unit of the last place is within its print.
    assert [part.points for part in priority.parts] == pytest.approx(
        [float(each) for each in points.split()], abs=0.0005001
    )
    assert priority.score == pytest.approx(total, abs=0.0005001)


def test_exact_figures_of_the_page() -> None:
    by_code = {part.code: part.points for part in score(A).parts}

    assert by_code[PartCode.VULNERABILITY] == pytest.approx(7.8125, abs=1e-12)
    assert score(D).score == pytest.approx(39.9375, abs=1e-12)


@pytest.mark.parametrize("inputs", [inputs for inputs, _, _ in TABLE], ids=lambda inputs: inputs.place_code)
def test_the_score_is_the_sum_of_its_nine_parts_and_each_explains_itself(inputs: PriorityInputs) -> None:
    priority = score(inputs)

    assert len(priority.parts) == 9
    assert priority.score == pytest.approx(sum(part.points for part in priority.parts), abs=1e-9)
    assert all(part.sentence.endswith(".") and part.sentence[0].isupper() for part in priority.parts)


@pytest.mark.requirement("R-V11")
def test_zero_complaints_never_lower_a_score() -> None:
    with_one = replace(C, complaint_level=0.095, silence=0)
    with_none = replace(C, complaint_level=0, silence=0)

    assert score(with_none).score == score(with_one).score
    assert score(replace(with_none, silence=0.8)).score > score(with_one).score


@pytest.mark.parametrize(
    "change", [{"has_critical_alert": True}, {"has_reprisal_signal": True}, {"pattern": ActivePattern.STRONG}]
)
def test_visits_of_others_relieve_nothing_where_people_are_in_danger(change: dict[str, object]) -> None:
    priority = score(replace(C, **change))  # type: ignore[arg-type]

    assert {part.code: part.points for part in priority.parts}[PartCode.COVERAGE] == 0


def test_a_weaker_pattern_leaves_the_relief() -> None:
    priority = score(replace(C, pattern=ActivePattern.SIGNAL))

    assert {part.code: part.points for part in priority.parts}[PartCode.COVERAGE] == pytest.approx(-7.143, abs=0.0005)


@pytest.mark.parametrize("reason", FloorReason)
def test_every_floor_lifts_and_is_named(reason: FloorReason) -> None:
    priority = score(replace(C, floors=frozenset({reason})))

    assert priority.score == pytest.approx(FLOORS[reason])
    assert priority.floor_reasons == (reason,)
    assert reason.label in priority.parts[-1].sentence


def test_the_highest_floor_counts() -> None:
    priority = score(replace(C, floors=frozenset(FloorReason)))

    assert priority.score == pytest.approx(85)
    assert priority.floor_reasons[0] is FloorReason.REPRISAL_RISK


def test_floors_are_those_of_the_page() -> None:
    assert [FLOORS[reason] for reason in FloorReason] == [85, 80, 70, 60]


def test_a_score_above_its_floor_is_not_lifted() -> None:
    priority = score(replace(B, floors=frozenset({FloorReason.REPRISAL_CHECK_DUE})))

    assert priority.parts[-1].points == 0
    assert priority.score == pytest.approx(74.455, abs=0.0005)


@pytest.mark.parametrize(("days", "holds"), [(0, True), (30, True), (31, False), (None, False)])
def test_an_allegation_of_torture_lifts_for_thirty_days_and_calls_for_a_proposal(days: int | None, holds: bool) -> None:
    reasons = floor_reasons(days_since_torture_allegation=days)

    assert (FloorReason.TORTURE_ALLEGATION in reasons) is holds
    assert score(replace(C, floors=reasons)).calls_for_proposal is holds


def test_every_ground_gives_its_floor() -> None:
    reasons = floor_reasons(is_reprisal_feared=True, is_reprisal_check_due=True, has_open_serious_incident=True)

    assert reasons == set(FloorReason) - {FloorReason.TORTURE_ALLEGATION}
    assert floor_reasons() == frozenset()


def test_what_is_not_known_takes_the_mean_of_its_group_and_says_so() -> None:
    means = {PartCode.COMPLAINTS: 0.4, PartCode.RECOMMENDATIONS: 0.3, PartCode.VULNERABILITY: 0.2}
    unknown = PriorityInputs(place_code="U", type_group=TypeGroup.HEALTH, group_means=means)

    priority = score(unknown)

    assert {part.code: part.value for part in priority.parts if part.code in means} == pytest.approx(means)
    assert priority.data_gaps == tuple(DataGap)
    assert priority.confidence == pytest.approx(0.45)


def test_a_group_of_which_nothing_is_known_counts_one_half() -> None:
    priority = score(PriorityInputs(place_code="U", type_group=TypeGroup.HEALTH))

    assert {part.code: part.value for part in priority.parts}[PartCode.RECOMMENDATIONS] == 0.5


def test_a_mean_cannot_take_the_complaint_picture_below_its_floor() -> None:
    priority = score(replace(C, complaint_level=None, silence=None, group_means={PartCode.COMPLAINTS: 0.1}))

    assert {part.code: part.value for part in priority.parts}[PartCode.COMPLAINTS] == 0.25


@pytest.mark.parametrize(
    ("change", "gap", "confidence"),
    [
        ({"complaint_level": None, "silence": None}, DataGap.COMPLAINTS, 0.8),
        ({"open_recommendations": None}, DataGap.RECOMMENDATIONS, 0.8),
        ({"vulnerable_groups": None}, DataGap.VULNERABLE_GROUPS, 0.925),
        ({"population": None}, DataGap.OCCUPANCY, 0.9625),
        ({"capacity": 0}, DataGap.OCCUPANCY, 0.9625),
        ({"risk_flags": None}, DataGap.RISK_FLAGS, 0.9625),
    ],
)
def test_confidence_is_the_share_of_weight_with_data(
    change: dict[str, object], gap: DataGap, confidence: float
) -> None:
    priority = score(replace(A, **change))  # type: ignore[arg-type]

    assert priority.data_gaps == (gap,)
    assert priority.confidence == pytest.approx(confidence)


def test_full_data_gives_full_confidence() -> None:
    assert score(A).confidence == 1
    assert score(A).data_gaps == ()


@pytest.mark.requirement("R-V10")
def test_complaints_weigh_thirty_percent_at_most() -> None:
    at_the_limit = Weights(time=0.25, complaints=0.23, recommendations=0.20, vulnerability=0.12)

    assert score(A, at_the_limit).score > 0
    with pytest.raises(WeightsRefused, match="complaints would weigh"):
        Weights(time=0.25, complaints=0.24, recommendations=0.20, vulnerability=0.11)


@pytest.mark.requirement("R-V10")
def test_what_complaints_add_to_recommendations_counts_with_them() -> None:
    with pytest.raises(WeightsRefused, match="complaints would weigh"):
        Weights(time=0.05, complaints=0.20, recommendations=0.40)


def test_weights_sum_to_one_and_are_never_negative() -> None:
    with pytest.raises(WeightsRefused, match="sum to"):
        Weights(plan=0.11)
    with pytest.raises(WeightsRefused, match="negative"):
        Weights(plan=-0.10, time=0.45)


def test_the_most_urgent_stands_first() -> None:
    order = [priority.place_code for priority in ranked([score(inputs) for inputs, _, _ in TABLE])]

    assert order == ["B", "E", "A", "F", "D", "C", "G"]


def test_a_tie_goes_to_the_longer_wait_then_to_the_code() -> None:
    floor = frozenset({FloorReason.REPRISAL_RISK})
    long_ago = replace(C, place_code="Z", visits=(PastVisit(VisitType.IN_DEPTH, 30),), floors=floor)
    lately = replace(C, place_code="X", visits=(PastVisit(VisitType.IN_DEPTH, 2),), floors=floor)
    never = replace(C, place_code="Y", floors=floor)
    never_too = replace(C, place_code="W", floors=floor)

    order = [priority.place_code for priority in ranked([score(each) for each in (lately, long_ago, never, never_too)])]

    assert order == ["W", "Y", "Z", "X"]
