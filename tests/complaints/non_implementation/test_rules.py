"""Formula F4: complaints on what a recommendation should have changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.complaints.non_implementation import rules
from services.complaints.non_implementation.rules import (
    Incident,
    Match,
    NonImplementationLevel,
    Watched,
)

AS_OF = date(2026, 11, 2)
TRANSMITTED = date(2025, 6, 1)
WATCHED = Watched(
    scope="place",
    transmitted_on=TRANSMITTED,
    themes=frozenset({"use_of_force_and_weapons"}),
    main_themes=frozenset({"treatment"}),
    places=frozenset({"NRP-02"}),
    place_types=frozenset({"remand_prison"}),
    regions=frozenset({"North"}),
)
INCIDENT = Incident(
    id="i1",
    on=AS_OF,
    seriousness="high",
    themes=frozenset({"use_of_force_and_weapons"}),
    main_themes=frozenset({"treatment"}),
    place="NRP-02",
    place_type="remand_prison",
    region="North",
)
THEME = {"L2": 1.0, "L1": 0.5}


def match(theme: str, seriousness: str, age: float, *, scope: str = "place", after_claim: bool = False) -> Match:
    """Make one match as the formula page writes it."""
    return Match(
        theme_weight=THEME[theme],
        scope_weight=rules.SCOPE_WEIGHT[scope],
        seriousness=seriousness,
        age_months=age,
        is_after_claim=after_claim,
    )


@pytest.mark.requirement("R-C50")
@pytest.mark.parametrize(("scope", "score"), [("place", 2.177), ("region", 1.524), ("system", 1.088)])
def test_three_incidents_of_the_formula_page(scope: str, score: float) -> None:
    found = [
        match("L2", "high", 0, scope=scope),
        match("L1", "medium", 6, scope=scope),
        match("L2", "critical", 12, scope=scope),
    ]

    assert sum(one.z for one in found) == pytest.approx(score, abs=0.0005)
    assert rules.level_of(found) is NonImplementationLevel.WEAK


@pytest.mark.parametrize(
    ("found", "score", "level"),
    [
        ([match("L2", "medium", 0)] * 2, 1.0, NonImplementationLevel.WEAK),
        ([match("L2", "medium", 0)], 0.5, NonImplementationLevel.NONE),
        ([match("L2", "high", 0)] * 3, 3.0, NonImplementationLevel.STRONG),
        ([match("L2", "critical", 0)] * 2, 4.0, NonImplementationLevel.WEAK),
        ([match("L1", "high", 3, after_claim=True)], 0.42, NonImplementationLevel.STRONG),
        ([match("L2", "medium", 0, after_claim=True)], 0.5, NonImplementationLevel.NONE),
        ([match("L2", "low", 0)] * 3, 0.75, NonImplementationLevel.NONE),
        ([match("L2", "critical", 0)], 2.0, NonImplementationLevel.NONE),
        ([], 0.0, NonImplementationLevel.NONE),
    ],
)
def test_levels_of_the_formula_page(found: list[Match], score: float, level: NonImplementationLevel) -> None:
    assert sum(one.z for one in found) == pytest.approx(score, abs=0.0005)
    assert rules.level_of(found) is level


def test_a_region_weighs_as_a_type_and_legislation_as_the_system() -> None:
    assert rules.SCOPE_WEIGHT["region"] == rules.SCOPE_WEIGHT["place_type"]
    assert rules.SCOPE_WEIGHT["legislation"] == rules.SCOPE_WEIGHT["system"]


@pytest.mark.parametrize(
    ("themes", "main_themes", "weight"),
    [
        ({"use_of_force_and_weapons", "transport"}, {"treatment"}, 1.0),
        ({"transport"}, {"treatment"}, 0.5),
        ({"food_and_water", "transport"}, {"material_conditions", "treatment"}, 0.5),
        ({"food_and_water"}, {"material_conditions"}, 0.0),
    ],
)
def test_the_best_pair_of_themes_counts(themes: set[str], main_themes: set[str], weight: float) -> None:
    incident = replace(INCIDENT, themes=frozenset(themes), main_themes=frozenset(main_themes))

    assert rules.theme_weight(WATCHED, incident) == weight


@pytest.mark.parametrize(
    ("scope", "elsewhere", "lies_in"),
    [
        ("place", replace(INCIDENT, place="SRP-01"), False),
        ("place_type", replace(INCIDENT, place="SRP-01"), True),
        ("place_type", replace(INCIDENT, place_type="police_station"), False),
        ("region", replace(INCIDENT, place="SRP-01", place_type="police_station"), True),
        ("region", replace(INCIDENT, region="South"), False),
        ("region", replace(INCIDENT, region=None), False),
        ("system", replace(INCIDENT, place="X", place_type="Y", region=None), True),
        ("legislation", replace(INCIDENT, place="X", place_type="Y", region=None), True),
    ],
)
def test_a_recommendation_reaches_as_far_as_its_scope(scope: str, elsewhere: Incident, lies_in: bool) -> None:
    assert rules.lies_in_scope(replace(WATCHED, scope=scope), elsewhere) is lies_in


@pytest.mark.parametrize(("days", "counts"), [(30, False), (31, True)])
def test_the_authority_has_a_month_of_grace(days: int, counts: bool) -> None:
    assert rules.is_late_enough(WATCHED, TRANSMITTED + timedelta(days=days)) is counts


def test_a_claim_ends_the_grace() -> None:
    claimed = replace(WATCHED, claimed_on=TRANSMITTED + timedelta(days=5))

    assert not rules.is_late_enough(claimed, TRANSMITTED + timedelta(days=5))
    assert rules.is_late_enough(claimed, TRANSMITTED + timedelta(days=6))


def test_one_grave_incident_after_a_claim_is_strong() -> None:
    claimed = replace(WATCHED, claimed_on=AS_OF - timedelta(days=10))

    result = rules.non_implementation(claimed, [INCIDENT], as_of=AS_OF)

    assert result.level is NonImplementationLevel.STRONG
    assert (result.incidents, result.after_claim) == (1, 1)
    assert result.sentence == "1 incidents on what was recommended, 1 of them after a claim"


def test_duplicates_of_an_incident_count_once() -> None:
    result = rules.non_implementation(WATCHED, [INCIDENT, INCIDENT], as_of=AS_OF)

    assert result.incidents == 1
    assert result.score == pytest.approx(1.0)


def test_what_does_not_match_adds_nothing() -> None:
    other = [
        replace(INCIDENT, id="theme", themes=frozenset(), main_themes=frozenset()),
        replace(INCIDENT, id="place", place="SRP-01"),
        replace(INCIDENT, id="early", on=TRANSMITTED),
        replace(INCIDENT, id="tomorrow", on=AS_OF + timedelta(days=1)),
    ]

    assert rules.matches(WATCHED, other, as_of=AS_OF) == ()


def test_an_incident_halves_in_a_year() -> None:
    year_ago = replace(INCIDENT, on=AS_OF - timedelta(days=365))

    assert rules.matches(WATCHED, [year_ago], as_of=AS_OF)[0].z == pytest.approx(0.5, abs=0.001)
