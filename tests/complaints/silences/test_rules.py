"""Formula F2: silence is judged too, and never taken for peace."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.silences import rules
from services.complaints.silences.rules import (
    SILENCE,
    ComparedWith,
    PlaceYear,
    SilenceAction,
    SilenceState,
)
from shared.workflow import IllegalTransition

SILENCE_LEADS_TO: dict[tuple[str, str], str] = {
    ("raised", "take_up"): "taken_up",
    ("raised", "explain"): "explained",
    ("explained", "reopen"): "raised",
    ("raised", "close"): "closed",
    ("taken_up", "close"): "closed",
    ("explained", "close"): "closed",
}


@pytest.mark.parametrize(("state", "action"), list(product(SilenceState, SilenceAction)))
def test_every_action_on_a_silence_is_decided_in_every_state(state: SilenceState, action: SilenceAction) -> None:
    leads_to = SILENCE_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            SILENCE.after(state, action)
    else:
        assert SILENCE.after(state, action) == leads_to


def place(name: str, incidents: int, *, population: float | None = 100, group: str = "prison") -> PlaceYear:
    """Make a place with its complaints of the last 12 months."""
    return PlaceYear(place=name, type_group=group, population=population, incidents=incidents)


@pytest.mark.requirement("R-C49")
@pytest.mark.parametrize(
    ("observed", "expected", "q", "boosted"),
    [
        (0, 0, 0.250, 0.3125),
        (0, 1, 0.250, 0.3125),
        (0, 2.9, 0.630, 0.787),
        (0, 3, 0.651, 0.814),
        (0, 4.61, 1, 1),
        (1, 8, 1, 1),
        (2, 5, 0.452, 0.565),
        (3, 5, 0.288, 0.360),
        (5, 5, 0.105, 0.132),
        (6, 5, 0, 0),
        (9, 9, 0.116, 0.144),
    ],
)
def test_the_numbers_of_the_formula_page(*, observed: int, expected: float, q: float, boosted: float) -> None:
    assert rules.silence(observed, expected).q == pytest.approx(q, abs=0.0005)
    assert rules.silence(observed, expected, vulnerable_groups=["children"]).q == pytest.approx(boosted, abs=0.0005)


def test_without_a_channel_silence_weighs_at_least_one_half() -> None:
    result = rules.silence(6, 5, channel_quality="none")

    assert result.q == 0.5
    assert result.is_flagged


@pytest.mark.parametrize("quality", ["weak", "working", "unknown"])
def test_any_channel_is_more_than_none(quality: str) -> None:
    assert rules.silence(6, 5, channel_quality=quality).q == 0


@pytest.mark.parametrize(
    ("observed", "expected", "groups", "is_flagged"),
    [(0, 3, (), True), (0, 2.9, ("children",), False), (2, 5, (), False), (2, 5, ("isolated_or_solitary",), False)],
)
def test_a_flag_needs_enough_to_be_expected(
    observed: int, expected: float, groups: tuple[str, ...], is_flagged: bool
) -> None:
    assert rules.silence(observed, expected, vulnerable_groups=groups).is_flagged is is_flagged


@pytest.mark.parametrize(
    ("group", "weighs"),
    [
        ("children", True),
        ("persons_with_psychosocial_or_intellectual_disability", True),
        ("non_speaker_of_language", True),
        ("isolated_or_solitary", True),
        ("women", False),
        ("foreign_nationals_or_migrants", False),
    ],
)
def test_silence_weighs_more_where_people_are_less_heard(group: str, weighs: bool) -> None:
    assert rules.silence(2, 5, vulnerable_groups=["women", group]).is_boosted is weighs


@pytest.mark.parametrize(
    ("observed", "expected", "status"),
    [(0, 2.9, "not_assessable"), (0, 3, "assessed"), (3, 2.9, "assessed"), (2, 2.9, "not_assessable")],
)
def test_too_little_to_be_expected_is_not_assessable(observed: int, expected: float, status: str) -> None:
    assert rules.silence(observed, expected).status == status


@given(observed=st.integers(min_value=0, max_value=300), expected=st.floats(min_value=0, max_value=2000))
def test_silence_is_between_zero_and_one_and_falls_with_what_is_heard(observed: int, expected: float) -> None:
    quiet, louder = rules.silence(observed, expected), rules.silence(observed + 1, expected)

    assert 0 <= quiet.p_low <= 1
    assert 0 <= louder.q <= quiet.q <= 1


def test_the_text_says_that_silence_can_mean_several_things() -> None:
    sentence = rules.silence(0, 4).sentence

    assert sentence == (
        "0 complaints where 4.0 were to be expected: may be absence of problems, fear, no access, vulnerability"
    )


def test_a_place_is_compared_with_the_others_of_its_type() -> None:
    places = [place("p", 0, population=50), place("x", 4), place("y", 6), place("z", 90, group="police")]

    found = rules.expectation("p", places)

    assert found.compared_with is ComparedWith.TYPE_GROUP
    assert found.expected == pytest.approx(50 * 10 / 200)
    assert not found.population_estimated


@pytest.mark.parametrize(
    "group",
    [[place("p", 0), place("x", 9)], [place("p", 0), place("x", 2), place("y", 2)]],
    ids=["two places", "four complaints"],
)
def test_a_small_or_quiet_type_is_compared_with_all_others(group: list[PlaceYear]) -> None:
    others = [place("z", 30, population=200, group="police")]

    found = rules.expectation("p", group + others)

    heard = sum(one.incidents for one in group) + 30
    people = 100 * (len(group) - 1) + 200
    assert found.compared_with is ComparedWith.ALL
    assert found.expected == pytest.approx(100 * heard / people)


def test_an_unknown_population_is_the_median_of_its_type() -> None:
    places = [place("p", 0, population=None), place("x", 4, population=100), place("y", 8, population=300)]

    found = rules.expectation("p", places)

    assert found.population_estimated
    assert found.expected == pytest.approx(200 * 12 / 400)


def test_a_place_alone_in_the_country_has_no_expectation() -> None:
    assert rules.expectation("p", [place("p", 3, population=None)]).expected == 0


@pytest.mark.parametrize(
    ("before", "last", "is_drop"), [(10, 3, True), (6, 2, False), (6, 1, True), (5, 0, False), (10, 4, False)]
)
def test_a_sudden_drop_is_noticed(before: int, last: int, is_drop: bool) -> None:
    assert rules.is_sudden_drop(before, last) is is_drop


@pytest.mark.parametrize(
    ("places", "silent"),
    [
        ([place("a", 0), place("b", 0), place("c", 0)], ("prison",)),
        ([place("a", 0), place("b", 1), place("c", 0)], ()),
        ([place("a", 0), place("b", 0)], ()),
        ([place("a", 0, population=66), place("b", 0, population=66), place("c", 0, population=67)], ()),
        ([place("a", 0, population=66), place("b", 0, population=67), place("c", 0, population=67)], ("prison",)),
        ([place("a", 0, population=None), place("b", 0, population=None), place("c", 0, population=0)], ()),
    ],
)
def test_a_whole_type_of_place_can_be_silent(places: list[PlaceYear], silent: tuple[str, ...]) -> None:
    assert rules.silent_type_groups([*places, place("z", 3, group="police")]) == silent
