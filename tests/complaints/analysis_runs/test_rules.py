"""The sums of a run are those of the formulas, taken once: compared with the formula of each cell and place."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from services.complaints.analysis_runs.rules.cells import PriorMeans, by_rule, statistical
from services.complaints.analysis_runs.rules.facts import IncidentFacts, PlaceFacts, distinct
from services.complaints.analysis_runs.rules.signals import band, complaint_pictures, expectations, silences
from services.complaints.patterns.rules import PatternLevel, PlaceBaseline, prior_mean
from services.complaints.silences.rules import PlaceYear, SilenceFlag, expectation

AS_OF = date(2026, 11, 1)


def place(name: str, *, group: str = "prison", population: float | None = 200, **changes: str) -> PlaceFacts:
    """Make a place."""
    return PlaceFacts(
        id=name, place_type=changes.get("place_type", "prison"), type_group=group, region=changes.get("region", "North"),
        operator_id=changes.get("operator_id", "A"), population=population, vulnerable_groups=frozenset(),
        channel_quality="unknown",
    )  # fmt: skip


def incident(number: int, at: str, *, age: int = 10, seriousness: str = "medium", **changes: str) -> IncidentFacts:
    """Make an incident."""
    day = AS_OF - timedelta(days=age)
    return IncidentFacts(
        id=changes.get("id", f"i{number}"), on=day, received_on=day, seriousness=seriousness,
        themes=(changes.get("theme", "use_of_force_and_weapons"),), place=at,
        voices=frozenset({changes.get("voice", f"v{number}")}),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_prior_means_taken_at_once_are_the_formulas(seed: int) -> None:
    chosen = random.Random(seed)
    places = [
        place(f"p{n}", group=chosen.choice(["prison", "police"]), population=chosen.choice([None, 50, 300]))
        for n in range(9)
    ]
    counts = Counter({("t", one.id): chosen.randrange(6) for one in places})
    means = PriorMeans(places, counts)
    baselines = [
        PlaceBaseline(place=one.id, type_group=one.type_group, population=one.population, incidents=counts["t", one.id])
        for one in places
    ]

    for size in (1, 2, 4):
        cell = [one.id for one in chosen.sample(places, size)]
        assert means.mean("t", cell) == pytest.approx(prior_mean(cell, baselines).mu)


@pytest.mark.parametrize("seed", range(5))
def test_expectations_taken_at_once_are_the_formulas(seed: int) -> None:
    chosen = random.Random(seed)
    years = [
        PlaceYear(
            place=f"p{n}", type_group=chosen.choice(["prison", "police"]), population=chosen.choice([None, 50, 300]),
            incidents=chosen.randrange(8),
        )
        for n in range(8)
    ]  # fmt: skip

    told = expectations(years)

    for one in years:
        formula = expectation(one.place, years)
        assert told[one.place][0] == pytest.approx(formula.expected)
        assert told[one.place][1] is formula.compared_with


def test_complaints_about_one_incident_count_once() -> None:
    told = [incident(1, "a", id="same"), incident(2, "a", id="same", seriousness="high"), incident(3, "a")]

    found = distinct(told)

    assert [(one.id, one.seriousness, len(one.voices)) for one in found] == [("i3", "medium", 1), ("same", "high", 2)]


@pytest.mark.requirement("R-C47")
def test_a_burst_at_one_place_is_found_and_one_voice_alone_is_not() -> None:
    places = [place(name, operator_id=name) for name in "abcdef"]
    many = [incident(n, "a", age=n) for n in range(6)]
    one_voice = [incident(n, "b", age=n, voice="same", theme="food_and_water") for n in range(6)]

    found = {each.key: each.level for each in statistical(places, many + one_voice, AS_OF)}

    assert found["theme_place|use_of_force_and_weapons|a"] is PatternLevel.STRONG
    assert found["theme_place|food_and_water|b"] is PatternLevel.WATCH


def test_one_critical_complaint_is_an_alert_without_statistics() -> None:
    found = by_rule([place("a")], [incident(1, "a", seriousness="critical")], AS_OF)

    assert [(each.key, each.level) for each in found] == [("rule|a", PatternLevel.ALERT)]


@pytest.mark.requirement("R-C49")
def test_a_place_that_says_nothing_where_others_complain_is_silent() -> None:
    places = [place(name) for name in "abcd"]
    incidents = [incident(n, "abc"[n % 3], age=n * 3) for n in range(30)]

    found = {each.place_id: each for each in silences(places, incidents, AS_OF)}

    assert found["d"].result.is_flagged
    assert SilenceFlag.SUSPICIOUS_SILENCE in found["d"].flags
    assert not found["a"].result.is_flagged


def test_the_picture_of_a_place_rises_with_its_rate_and_an_active_pattern() -> None:
    places = [place("a"), place("b"), place("c")]
    incidents = [incident(1, "a"), incident(2, "b"), incident(3, "b", seriousness="critical")]

    plain = complaint_pictures(places, incidents, {}, AS_OF)
    lifted = complaint_pictures(places, incidents, {"c": PatternLevel.STRONG}, AS_OF)

    assert plain["c"] == 0.0 < plain["a"] < plain["b"] < 1.0
    assert lifted["c"] == 0.8


def test_counts_leave_in_bands() -> None:
    assert [band(n) for n in (0, 1, 2, 3, 9, 10)] == ["0", "1-2", "1-2", "3-9", "3-9", "10+"]
