"""The component functions of the priority score, with the vectors of the domain page to three decimals."""

from datetime import date

import pytest

from services.visits.places.rules import TypeGroup, VulnerableGroup
from services.visits.priorities.rules import components
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

INCIDENTS = (Incident("medium", 0), Incident("high", 6), Incident("low", 12))


def three(value: float) -> float:
    return round(value, 3)


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ((), 1.0),
        ((PastVisit(VisitType.IN_DEPTH, 9),), 0.5),
        ((PastVisit(VisitType.REACTIVE, 2),), 0.444),
        ((PastVisit(VisitType.IN_DEPTH, 20), PastVisit(VisitType.THEMATIC, 6)), 0.667),
        ((PastVisit(VisitType.IN_DEPTH, 18),), 1.0),
        ((PastVisit(VisitType.IN_DEPTH, 40),), 1.0),
        ((PastVisit(VisitType.IN_DEPTH, 0),), 0.0),
    ],
)
def test_time_runs_against_the_target_of_eighteen_months(visits: tuple[PastVisit, ...], expected: float) -> None:
    assert three(components.time_since(visits, TypeGroup.POLICE)) == expected


def test_every_group_and_every_type_of_visit_has_its_number() -> None:
    assert set(components.TARGET_MONTHS) == set(TypeGroup)
    assert set(components.VISIT_CREDITS) == set(VisitType)


def test_targets_are_those_of_the_page() -> None:
    in_order = [18, 18, 12, 24, 12, 12, 24, 36, 36, 24, 24]

    assert [components.TARGET_MONTHS[group] for group in TypeGroup] == in_order


def test_incidents_fade_and_weigh_by_seriousness() -> None:
    rate = components.complaint_rate(INCIDENTS, 250)

    assert three(rate) == 1.7
    assert three(components.complaint_level(rate, 2)) == 0.573
    assert three(components.complaint_level(rate, 2, ActivePattern.SIGNAL)) == 0.6
    assert three(components.complaint_level(rate, 2, ActivePattern.STRONG)) == 0.8
    assert three(components.complaint_level(rate, 2, ActivePattern.WATCH)) == 0.573


def test_incidents_older_than_twelve_months_do_not_count() -> None:
    assert components.complaint_rate((Incident("critical", 12.01),), 100) == 0
    assert components.complaint_rate((Incident("critical", 12),), 100) == 2


def test_a_small_place_counts_as_twenty_persons() -> None:
    assert components.complaint_rate((Incident("medium", 0),), 8) == 10
    assert components.complaint_rate((Incident("medium", 0),), 20) == 10


@pytest.mark.parametrize("typical", [None, 0])
def test_without_a_typical_rate_five_is_taken(typical: float | None) -> None:
    assert components.complaint_level(5, typical) == components.complaint_level(5, 5)


def test_one_complaint_ends_a_silence_and_keeps_the_picture_at_the_floor() -> None:
    rate = components.complaint_rate((Incident("low", 0),), 500)
    level = components.complaint_level(rate, 2)

    assert (three(rate), three(level)) == (0.2, 0.095)
    assert components.complaint_picture(level, 0) == 0.25


@pytest.mark.requirement("R-V11")
def test_no_complaint_never_takes_the_picture_below_the_floor() -> None:
    assert components.complaint_picture(0, 0) == 0.25
    assert components.complaint_picture(None, None) == 0.25


@pytest.mark.requirement("R-V11")
def test_silence_can_be_the_whole_picture() -> None:
    assert components.complaint_picture(0, 1) == 1


def test_an_active_pattern_lifts_the_picture() -> None:
    assert components.complaint_picture(0.1, 0.1, ActivePattern.STRONG) == 0.8
    assert components.complaint_picture(0.9, 0.1, ActivePattern.STRONG) == 0.9


def test_three_high_recommendations_overdue() -> None:
    overdue = [OpenRecommendation("high", RecommendationStanding.OVERDUE)] * 3

    assert three(components.recommendations(overdue)) == 0.632


def test_no_recommendation_owes_nothing() -> None:
    assert components.recommendations(()) == 0


@pytest.mark.parametrize(
    ("standing", "owed"),
    [
        (RecommendationStanding.REGRESSED, 1.25),
        (RecommendationStanding.OVERDUE, 1.0),
        (RecommendationStanding.CLAIMED_UNVERIFIED, 0.75),
        (RecommendationStanding.PARTLY_IMPLEMENTED, 0.6),
        (RecommendationStanding.IN_PROGRESS, 0.5),
        (RecommendationStanding.NOT_DUE, 0.3),
    ],
)
def test_each_standing_weighs_its_part(standing: RecommendationStanding, owed: float) -> None:
    assert components.STANDING_WEIGHTS[standing] == owed


def test_contradiction_adds_at_most_what_the_weights_count_with() -> None:
    def added(number: int) -> float:
        plain = [OpenRecommendation("low", RecommendationStanding.NOT_DUE)] * number
        contradicted = [OpenRecommendation("low", RecommendationStanding.NOT_DUE, is_contradicted=True)] * number
        return components.recommendations(contradicted) - components.recommendations(plain)

    assert three(max(added(number) for number in range(200))) == 0.347


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ((), 0.0),
        ((VulnerableGroup.WOMEN,), 0.25),
        ((VulnerableGroup.CHILDREN,), 0.375),
        ((VulnerableGroup.WOMEN, VulnerableGroup.CHILDREN), 0.625),
        ((VulnerableGroup.PERSONS_WITH_PSYCHOSOCIAL_OR_INTELLECTUAL_DISABILITY, VulnerableGroup.OLDER_PERSONS), 0.625),
        (tuple(VulnerableGroup), 1.0),
    ],
)
def test_those_who_complain_least_count_half_as_much_again(
    groups: tuple[VulnerableGroup, ...], expected: float
) -> None:
    assert components.group_exposure(groups) == expected


@pytest.mark.parametrize(("population", "expected"), [(80, 0), (90, 0), (120, 0.5), (150, 1), (200, 1)])
def test_crowding_begins_at_nine_tenths(population: float, expected: float) -> None:
    assert components.crowding(population, 100) == pytest.approx(expected)


@pytest.mark.parametrize(("flags", "expected"), [(0, 0), (1, 1 / 3), (3, 1), (5, 1)])
def test_three_hazards_are_as_bad_as_it_gets(flags: int, expected: float) -> None:
    assert components.hazard(flags) == expected


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (PlanMatch(), 0.0),
        (PlanMatch(matches_type=True), 0.4),
        (PlanMatch(matches_theme=True), 0.4),
        (PlanMatch(matches_type=True, matches_theme=True), 0.7),
        (PlanMatch(is_named=True), 1.0),
        (PlanMatch(is_named=True, matches_type=True), 1.0),
    ],
)
def test_the_plan_names_matches_or_passes_over(match: PlanMatch, expected: float) -> None:
    assert components.plan(match) == expected


def test_pieces_of_information_add_up_to_doubt() -> None:
    pieces = (Information(0.8, 1, 0), Information(0.5, 4, 6))

    assert three(components.information(pieces)) == 0.4
    assert components.information(()) == 0


def test_the_strongest_relief_by_others_counts() -> None:
    assert three(components.coverage((OutsideVisit("spt", 2), OutsideVisit("ngo_visitor", 1)))) == 0.714


def test_visits_of_others_relieve_for_twelve_months() -> None:
    assert components.coverage((OutsideVisit("spt", 12.01),)) == 0
    assert components.coverage((OutsideVisit("spt", 12),)) == pytest.approx(0.225)


def test_a_body_that_is_not_listed_relieves_nothing() -> None:
    assert components.coverage((OutsideVisit("other", 0),)) == 0


def test_months_have_one_length() -> None:
    assert components.months_between(date(2026, 1, 1), date(2027, 1, 1)) == pytest.approx(365 / 30.4375)
