"""Formula F3: the numbers of the formula page, and what must hold for all numbers."""

import math
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.patterns import rules
from services.complaints.patterns.rules import (
    PATTERN,
    Cell,
    Direction,
    PatternAction,
    PatternLevel,
    PatternState,
    PlaceBaseline,
)
from shared.workflow import SYSTEM, IllegalTransition

AS_OF = date(2026, 11, 2)
PS = st.floats(min_value=0, max_value=1)
GROUP = [
    PlaceBaseline(place="a", type_group="prison", population=200, incidents=4),
    PlaceBaseline(place="b", type_group="prison", population=400, incidents=6),
    PlaceBaseline(place="c", type_group="prison", population=None, incidents=0),
    PlaceBaseline(place="d", type_group="prison", population=100, incidents=2),
]

PATTERN_LEADS_TO: dict[tuple[str, str], str] = {
    ("detected", "update"): "detected",
    ("accepted", "update"): "accepted",
    ("detected", "accept"): "accepted",
    ("detected", "explain"): "explained",
    ("detected", "dismiss"): "dismissed",
    ("explained", "reopen"): "detected",
    ("dismissed", "reopen"): "detected",
    ("accepted", "close"): "closed",
    ("explained", "close"): "closed",
    ("dismissed", "close"): "closed",
}


@pytest.mark.parametrize(("state", "action"), list(product(PatternState, PatternAction)))
def test_every_action_on_a_pattern_is_decided_in_every_state(state: PatternState, action: PatternAction) -> None:
    leads_to = PATTERN_LEADS_TO.get((state, action))

    if leads_to is None:
        with pytest.raises(IllegalTransition, match=f"cannot {action.value} while {state.value}"):
            PATTERN.after(state, action)
    else:
        assert PATTERN.after(state, action) == leads_to


def test_a_run_never_accepts_a_pattern() -> None:
    assert all(
        step.to is not PatternState.ACCEPTED
        for (state, _), step in PATTERN.transitions.items()
        if step.by & SYSTEM and state is not PatternState.ACCEPTED
    )


@pytest.mark.parametrize(
    ("n", "baseline", "days", "e", "ratio", "p"),
    [
        (3, 2, 200, 0.478, 6.278, 0.0209),
        (5, 2, 200, 0.478, 10.463, 0.0008),
        (3, 0, 730, 0.082, 36.500, 0.0004),
        (6, 8, 60, 1.906, 3.148, 0.0238),
        (4, 12, 60, 2.753, 1.453, 0.3019),
        (2, 0, 730, 0.082, 24.333, 0.0058),
        (0, 3, 200, 0.637, 0.0, 1.0),
    ],
)
def test_expectation_ratio_and_p_of_the_formula_page(
    *, n: int, baseline: int, days: int, e: float, ratio: float, p: float
) -> None:
    expected = rules.expected_in_window(baseline, 1 / days)

    assert expected == pytest.approx(e, abs=0.0005)
    assert n / expected == pytest.approx(ratio, abs=0.0005)
    assert rules.tail(n, baseline, 1 / days) == pytest.approx(p, abs=0.00005)


@pytest.mark.parametrize(
    ("place", "days", "estimated"),
    [("a", 159.688, True), ("b", 76.042, True), ("c", 106.458, True), ("d", 292.0, True)],
)
def test_prior_means_of_the_formula_page(place: str, days: float, estimated: bool) -> None:
    prior = rules.prior_mean([place], GROUP)

    assert 1 / prior.mu == pytest.approx(days, abs=0.0005)
    assert prior.population_estimated is estimated


@pytest.mark.parametrize(("place", "days"), [("a", 109.5), ("b", 54.75)])
def test_a_place_is_not_left_out_where_too_few_others_remain(place: str, days: float) -> None:
    prior = rules.prior_mean([place], GROUP[:2])

    assert 1 / prior.mu == pytest.approx(days, abs=0.0005)
    assert not prior.population_estimated


def test_a_wider_cell_sums_over_its_places() -> None:
    hospital = [
        PlaceBaseline(place=place, type_group="health", population=100, incidents=10) for place in ("e", "f", "g")
    ]

    both = rules.prior_mean(["a", "e"], [*GROUP, *hospital])

    assert both.mu == pytest.approx(1 / 159.6875 + 20 / 200 / 365 * 100)


def test_a_population_is_guessed_only_where_none_is_known() -> None:
    unknown = [
        PlaceBaseline(place=place, type_group="other", population=None, incidents=3) for place in ("x", "y", "z")
    ]

    prior = rules.prior_mean(["x"], unknown)

    assert prior.population_estimated
    assert prior.mu == pytest.approx(6 / 200 / 365 * 100)


def test_the_prior_mean_has_a_floor() -> None:
    silent = [PlaceBaseline(place=place, type_group="police", population=20, incidents=0) for place in ("x", "y", "z")]

    assert rules.prior_mean(["x"], silent).mu == 1 / 730
    assert rules.prior_mean(["x"], []).mu == 1 / 730


@pytest.mark.requirement("R-C47")
def test_the_family_of_the_formula_page() -> None:
    rows = [
        (6, 1, 300, 4, 22.167, 0.00002, 0.00014, "strong"),
        (5, 2, 200, 4, 10.463, 0.00081, 0.00161, "strong"),
        (5, 2, 200, 1, 10.463, 0.00081, 0.00161, "watch"),
        (3, 0, 730, 2, 36.500, 0.00044, 0.00161, "signal"),
        (3, 2, 200, 3, 6.278, 0.02089, 0.03174, "signal"),
        (6, 8, 60, 5, 3.148, 0.02381, 0.03174, "signal"),
        (4, 12, 60, 4, 1.453, 0.30189, 0.34501, "none"),
        (0, 3, 200, 0, 0.0, 1.0, 1.0, "none"),
    ]
    cells = [Cell(key=str(row), n=row[0], baseline=row[1], mu=1 / row[2], sources=row[3]) for row in rows]

    finds = rules.finds(cells)

    for find, (*_, ratio, p, q, level) in zip(finds, rows, strict=True):
        assert find.ratio == pytest.approx(ratio, abs=0.0005)
        assert find.p == pytest.approx(p, abs=0.000005)
        assert find.q == pytest.approx(q, abs=0.000005)
        assert find.level == level


def test_a_find_says_itself_in_words() -> None:
    find = rules.finds([Cell(key="k", n=5, baseline=2, mu=1 / 200, sources=4)])[0]

    assert find.sentence == "5 where 0.5 were to be expected (10.5 times; q 0.001)"


def test_cells_without_anything_are_no_part_of_the_family() -> None:
    empty = Cell(key="empty", n=0, baseline=0, mu=1 / 200, sources=0)
    seen = Cell(key="seen", n=0, baseline=1, mu=1 / 200, sources=0)

    assert [find.cell.key for find in rules.finds([empty, seen])] == ["seen"]


@pytest.mark.parametrize(
    ("n", "ratio", "q", "sources", "level"),
    [
        (5, 3.0, 0.01, 2, "strong"),
        (4, 3.0, 0.01, 2, "signal"),
        (5, 2.9, 0.01, 2, "signal"),
        (5, 3.0, 0.011, 2, "signal"),
        (3, 2.0, 0.05, 2, "signal"),
        (3, 2.0, 0.05, 1, "watch"),
        (3, 1.9, 0.05, 2, "watch"),
        (3, 2.0, 0.051, 2, "watch"),
        (3, 1.5, 0.20, 1, "watch"),
        (3, 1.4, 0.20, 2, "none"),
        (3, 1.5, 0.21, 2, "none"),
        (2, 9.0, 0.001, 2, "none"),
    ],
)
def test_levels_begin_exactly_at_their_thresholds(*, n: int, ratio: float, q: float, sources: int, level: str) -> None:
    assert rules.level_of(n=n, ratio=ratio, q=q, sources=sources) == level


@given(
    n=st.integers(min_value=1, max_value=400),
    r=st.integers(min_value=1, max_value=300),
    prob=st.floats(min_value=0.02, max_value=0.98),
)
def test_the_tail_is_the_sum_of_what_lies_beyond(n: int, r: int, prob: float) -> None:
    tail = rules.negative_binomial_tail(n, r=r, prob=prob)
    mass = math.comb(n + r - 1, n) * prob**r * (1 - prob) ** n

    assert 0 <= tail <= 1
    assert rules.negative_binomial_tail(n + 1, r=r, prob=prob) == pytest.approx(tail - mass, rel=1e-9, abs=1e-12)


def test_a_tiny_tail_is_not_lost_in_rounding() -> None:
    assert rules.negative_binomial_tail(60, r=1, prob=0.9) == pytest.approx(1e-60, rel=1e-9)
    assert rules.negative_binomial_tail(2000, r=3, prob=0.99) == 0.0


@given(ps=st.lists(PS, max_size=40))
def test_q_values_keep_the_order_of_the_ps_and_never_undercut_them(ps: list[float]) -> None:
    qs = rules.q_values(ps)

    by_p = [q for _, q in sorted(zip(ps, qs, strict=True))]
    assert by_p == sorted(by_p)
    assert all(p <= q <= 1 for p, q in zip(ps, qs, strict=True))


@given(p=PS)
def test_a_family_of_one_pays_nothing(p: float) -> None:
    assert rules.q_values([p]) == (p,)


@pytest.mark.parametrize(
    ("incidents", "level"),
    [
        ([(89, "critical")], PatternLevel.ALERT),
        ([(90, "critical")], PatternLevel.NONE),
        ([(-1, "critical")], PatternLevel.NONE),
        ([(0, "high"), (15, "high"), (29, "high")], PatternLevel.SIGNAL),
        ([(0, "high"), (15, "high"), (30, "high")], PatternLevel.NONE),
        ([(0, "high"), (15, "high"), (29, "medium")], PatternLevel.NONE),
        ([(0, "high"), (1, "high"), (2, "high"), (3, "critical")], PatternLevel.ALERT),
        ([], PatternLevel.NONE),
    ],
)
def test_rules_speak_where_statistics_cannot(incidents: list[tuple[int, str]], level: PatternLevel) -> None:
    dated = [(AS_OF - timedelta(days=age), seriousness) for age, seriousness in incidents]

    assert rules.rule_level(dated, as_of=AS_OF) is level


@pytest.mark.parametrize(
    ("monthly", "direction"),
    [
        ([0, 0, 1, 0, 1, 1, 2, 1, 2, 2, 3, 4], Direction.RISING),
        ([4, 3, 2, 2, 1, 2, 1, 1, 0, 1, 0, 0], Direction.FALLING),
        ([2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1], Direction.STEADY),
        ([1] * 12, Direction.STEADY),
        ([0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 3], Direction.NOT_ASSESSABLE),
    ],
)
def test_a_trend_needs_twelve_incidents_and_a_direction(monthly: list[int], direction: Direction) -> None:
    assert rules.trend(monthly).direction is direction


def test_mann_kendall_without_ties() -> None:
    trend = rules.trend(list(range(1, 13)))

    assert trend.s == 66
    assert trend.p == pytest.approx(0.00000829, rel=0.01)


def test_a_cell_found_again_soon_is_an_update() -> None:
    assert rules.is_update(AS_OF - timedelta(days=90), AS_OF)
    assert not rules.is_update(AS_OF - timedelta(days=91), AS_OF)


@pytest.mark.parametrize("state", PatternState)
def test_a_pattern_is_active_while_it_stands_and_was_found_lately(state: PatternState) -> None:
    stands = state in (PatternState.DETECTED, PatternState.ACCEPTED)
    old = AS_OF - timedelta(days=91)

    assert rules.is_active(state, last_found_on=old, last_run_on=old, today=AS_OF) is stands
    assert rules.is_active(state, last_found_on=AS_OF - timedelta(days=90), last_run_on=AS_OF, today=AS_OF) is stands
    assert not rules.is_active(state, last_found_on=old, last_run_on=AS_OF, today=AS_OF)


def test_levels_are_ordered() -> None:
    assert rules.is_higher(PatternLevel.ALERT, PatternLevel.STRONG)
    assert rules.is_higher(PatternLevel.SIGNAL, PatternLevel.WATCH)
    assert not rules.is_higher(PatternLevel.WATCH, PatternLevel.WATCH)
