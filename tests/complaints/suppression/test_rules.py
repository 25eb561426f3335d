"""Small counts stay hidden, and cannot be worked out from what is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.suppression import rules

TABLES = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(min_value=0, max_value=80), max_size=12)


@pytest.mark.parametrize(("count", "shown"), [(0, None), (2, None), (3, 3), (12, 12)])
def test_inside_the_npm_counts_below_three_are_masked(count: int, shown: int | None) -> None:
    assert rules.inside(count) == shown


@pytest.mark.parametrize(("count", "shown"), [(4, None), (5, 5)])
def test_in_drafts_meant_to_leave_counts_below_five_are_masked(count: int, shown: int | None) -> None:
    assert rules.in_draft(count) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, None), (9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (100, 100)],
)
def test_outward_counts_below_ten_are_hidden_and_others_rounded(count: int, shown: int | None) -> None:
    assert rules.outward(count) == shown


@pytest.mark.requirement("R-R12")
@pytest.mark.parametrize(
    ("count", "band"),
    [
        (0, "fewer than 3"),
        (2, "fewer than 3"),
        (3, "3 to 4"),
        (4, "3 to 4"),
        (5, "5 to 9"),
        (9, "5 to 9"),
        (10, "10 or more"),
        (500, "10 or more"),
    ],
)
def test_evidence_carries_a_band_and_no_count(count: int, band: str) -> None:
    assert rules.count_band(count) == band


def test_a_table_without_small_cells_is_shown_rounded() -> None:
    table = rules.outward_table({"food": 21, "force": 13})

    assert table.cells == {"food": 20, "force": 15}
    assert table.total == 35
    assert table.hidden == {}


@pytest.mark.requirement("R-C51")
def test_one_small_cell_hides_the_next_smallest_too() -> None:
    table = rules.outward_table({"food": 21, "force": 13, "deaths": 2, "visits": 40})

    assert table.cells == {"food": 20, "force": None, "deaths": None, "visits": 40}
    assert table.hidden == {"deaths": "small", "force": "complementary"}
    assert table.total == 75


def test_two_small_cells_that_hold_too_little_together_hide_a_third() -> None:
    table = rules.outward_table({"a": 1, "b": 2, "c": 15, "d": 50})

    assert table.hidden == {"a": "small", "b": "small", "c": "complementary"}


def test_a_zero_is_small_as_well() -> None:
    assert rules.outward_table({"a": 0, "b": 30, "c": 50}).hidden == {"a": "small", "b": "complementary"}


def test_a_cell_that_is_the_whole_is_hidden() -> None:
    table = rules.outward_table({"a": 0, "b": 30})

    assert table.hidden == {"a": "small", "b": "whole"}
    assert table.total == 30


def test_a_table_of_one_cell_shows_nothing() -> None:
    table = rules.outward_table({"a": 30})

    assert table.cells == {"a": None}
    assert table.total is None


def test_a_small_total_is_hidden() -> None:
    assert rules.outward_table({"a": 4, "b": 5}).total is None
    assert rules.outward_table({}).total is None


@given(counts=TABLES)
def test_no_table_shows_a_small_count_or_lets_one_be_worked_out(counts: dict[str, int]) -> None:
    table = rules.outward_table(counts)

    hidden = [counts[key] for key, shown in table.cells.items() if shown is None]
    assert set(table.cells) == set(counts)
    assert all(counts[key] >= 10 and shown % 5 == 0 for key, shown in table.cells.items() if shown is not None)
    assert table.total is None or not hidden or (len(hidden) >= 2 and sum(hidden) >= 10)


@pytest.mark.parametrize(
    ("count", "others", "is_shown"),
    [
        (10, [], True),
        (9, [], False),
        (30, [20, 40], True),
        (30, [21], False),
        (30, [39], False),
        (30, [30], True),
        (30, [0], True),
    ],
)
def test_a_place_shows_only_where_no_difference_is_small(count: int, others: list[int], is_shown: bool) -> None:
    assert rules.may_show_place(count, others) is is_shown


@pytest.mark.parametrize(
    ("on", "quarter", "first"),
    [
        (date(2026, 1, 1), "2026-Q1", date(2026, 1, 1)),
        (date(2026, 3, 31), "2026-Q1", date(2026, 1, 1)),
        (date(2026, 4, 1), "2026-Q2", date(2026, 4, 1)),
        (date(2026, 12, 31), "2026-Q4", date(2026, 10, 1)),
    ],
)
def test_outward_there_is_nothing_finer_than_a_quarter(on: date, quarter: str, first: date) -> None:
    assert rules.quarter(on) == quarter
    assert rules.event_date(on, 19) == first


@pytest.mark.parametrize("population", [None, 0, 19])
def test_an_event_of_a_small_or_unknown_place_carries_the_quarter(population: int | None) -> None:
    assert rules.event_date(date(2026, 5, 17), population) == date(2026, 4, 1)


def test_an_event_of_a_large_place_carries_its_date() -> None:
    assert rules.event_date(date(2026, 5, 17), 20) == date(2026, 5, 17)
