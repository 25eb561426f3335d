"""Deadlines: every date by the calendar, and every date able to say how it came about."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar import Calendar, Deadline, Skipped, Stop, Unit

FRANCE = Calendar(country="FR")
NOWHERE = Calendar(country="XX")
DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 12, 31))
COUNTRIES = st.sampled_from(["FR", "DE", "GB", "HU", "CN", "IL", "SA", "XX", None])
SUMMER_STOP = Stop(from_on=date(2026, 3, 9), to_on=date(2026, 3, 13), reason="file on loan to the court")


def test_day_one_is_the_day_after() -> None:
    assert NOWHERE.due_after(date(2026, 3, 2), working_days=1).due_on == date(2026, 3, 3)
    assert NOWHERE.due_after_calendar_days(date(2026, 3, 2), days=1).due_on == date(2026, 3, 3)


def test_a_deadline_names_every_day_off_that_it_skipped() -> None:
    deadline = FRANCE.due_after(date(2026, 4, 30), working_days=5)

    assert deadline.due_on == date(2026, 5, 11)
    assert deadline.skipped == (
        Skipped(date(2026, 5, 1), "Labor Day"),
        Skipped(date(2026, 5, 2), "weekend"),
        Skipped(date(2026, 5, 3), "weekend"),
        Skipped(date(2026, 5, 8), "Victory Day"),
        Skipped(date(2026, 5, 9), "weekend"),
        Skipped(date(2026, 5, 10), "weekend"),
    )


def test_a_deadline_names_its_calendar_and_the_version_of_the_library() -> None:
    deadline = Calendar(country="DE", subdivision="BY").due_after(date(2026, 1, 1), working_days=1)

    assert deadline.calendar == "DE-BY"
    assert deadline.library.startswith("holidays 0.")


def test_calendar_days_are_not_moved_off_a_holiday() -> None:
    assert FRANCE.due_after_calendar_days(date(2026, 4, 30), days=1).due_on == date(2026, 5, 1)


def test_a_country_without_a_code_has_weekends_only() -> None:
    assert Calendar().day_off(date(2026, 12, 25)) is None
    assert NOWHERE.day_off(date(2026, 12, 26)) == "weekend"
    assert Calendar().name == "XX"


def test_the_weekend_is_the_countrys_own() -> None:
    israel = Calendar(country="IL")

    assert israel.day_off(date(2026, 7, 10)) == "weekend"
    assert israel.is_working_day(date(2026, 7, 12))


def test_a_weekend_can_be_set() -> None:
    assert Calendar(weekend=frozenset({4})).is_working_day(date(2026, 3, 7))


def test_a_week_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="must leave a working day"):
        Calendar(weekend=frozenset(range(7)))


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        Calendar(country="QQ")


def test_a_saturday_worked_by_decree_counts() -> None:
    assert Calendar(country="HU").is_working_day(date(2024, 8, 3))


def test_overrides_beat_the_library() -> None:
    own = Calendar(
        country="FR",
        extra_days_off={date(2026, 3, 4): "national mourning"},
        extra_working_days=frozenset({date(2026, 5, 1), date(2026, 3, 7)}),
    )

    assert own.day_off(date(2026, 3, 4)) == "national mourning"
    assert own.is_working_day(date(2026, 5, 1))
    assert own.is_working_day(date(2026, 3, 7))


def test_the_clock_stands_still_while_it_is_stopped() -> None:
    deadline = NOWHERE.due_after(date(2026, 3, 4), working_days=5, stops=(SUMMER_STOP,))

    assert deadline.due_on == date(2026, 3, 18)
    assert deadline.stops == (SUMMER_STOP,)


def test_calendar_days_stop_as_well() -> None:
    deadline = NOWHERE.due_after_calendar_days(date(2026, 3, 7), days=3, stops=(SUMMER_STOP,))

    assert deadline.due_on == date(2026, 3, 15)


def test_a_stop_that_never_met_the_deadline_is_not_kept() -> None:
    assert NOWHERE.due_after(date(2026, 3, 20), working_days=5, stops=(SUMMER_STOP,)).stops == ()


def test_a_stop_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Stop(from_on=date(2026, 3, 2), to_on=date(2026, 3, 1), reason="typing mistake")


@pytest.mark.parametrize("days", [0, -1])
def test_nothing_less_than_a_day_is_counted(days: int) -> None:
    with pytest.raises(ValueError, match="cannot count"):
        NOWHERE.due_after(date(2026, 3, 2), working_days=days)
    with pytest.raises(ValueError, match="cannot count"):
        NOWHERE.due_after_calendar_days(date(2026, 3, 2), days=days)


def test_an_extension_is_written_with_who_gave_it_and_why() -> None:
    deadline = NOWHERE.due_after(date(2026, 3, 2), working_days=5)

    extended = NOWHERE.extend(deadline, until=date(2026, 3, 20), by="head", reason="ministry reorganised")

    assert extended.due_on == date(2026, 3, 20)
    assert extended.extensions[0].from_on == date(2026, 3, 9)
    assert "extended to 2026-03-20 by head: ministry reorganised" in extended.sentence


def test_an_extension_in_working_days_moves_off_a_day_off() -> None:
    deadline = NOWHERE.due_after(date(2026, 3, 2), working_days=5)

    assert NOWHERE.extend(deadline, until=date(2026, 3, 21), by="head", reason="asked").due_on == date(2026, 3, 23)


def test_an_extension_in_calendar_days_stays_where_it_was_set() -> None:
    deadline = NOWHERE.due_after_calendar_days(date(2026, 3, 2), days=5)

    assert NOWHERE.extend(deadline, until=date(2026, 3, 21), by="head", reason="asked").due_on == date(2026, 3, 21)


def test_an_extension_cannot_shorten() -> None:
    deadline = NOWHERE.due_after(date(2026, 3, 2), working_days=5)

    with pytest.raises(ValueError, match="is not after"):
        NOWHERE.extend(deadline, until=deadline.due_on, by="head", reason="none")


def test_a_deadline_runs_to_the_end_of_its_day() -> None:
    deadline = NOWHERE.due_after(date(2026, 3, 2), working_days=5)

    assert not deadline.is_over(deadline.due_on)
    assert deadline.is_over(deadline.due_on + timedelta(days=1))


def test_a_deadline_says_in_a_sentence_how_it_came_about() -> None:
    deadline = NOWHERE.due_after(date(2026, 3, 4), working_days=5, stops=(SUMMER_STOP,))

    assert deadline.sentence.startswith("5 working days after 2026-03-04, by calendar XX (holidays ")
    assert "clock stopped from 2026-03-09 to 2026-03-13: file on loan to the court" in deadline.sentence
    assert deadline.sentence.endswith("due on 2026-03-18")


def test_a_deadline_survives_json_whole() -> None:
    deadline = FRANCE.due_after(date(2026, 4, 30), working_days=30, stops=(SUMMER_STOP,))
    extended = FRANCE.extend(deadline, until=date(2026, 7, 1), by="head", reason="asked")

    assert Deadline.from_json(json.loads(json.dumps(extended.as_json()))) == extended


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), 0),
        (date(2026, 3, 2), date(2026, 3, 1), 0),
        (date(2026, 3, 6), date(2026, 3, 8), 0),
        (date(2026, 3, 6), date(2026, 3, 9), 1),
        (date(2026, 3, 2), date(2026, 3, 9), 5),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: date, end: date, days: int) -> None:
    assert NOWHERE.working_days_between(start, end) == days


def test_a_reminder_leaves_the_working_days_it_promises() -> None:
    assert NOWHERE.working_days_before(date(2026, 3, 16), working_days=5) == date(2026, 3, 9)


@settings(deadline=None)
@given(country=COUNTRIES, start=DAYS, working_days=st.integers(min_value=1, max_value=70))
def test_a_deadline_in_working_days_never_falls_on_a_day_off(
    country: str | None, start: date, working_days: int
) -> None:
    calendar = Calendar(country=country)

    deadline = calendar.due_after(start, working_days=working_days)

    assert calendar.is_working_day(deadline.due_on)
    assert calendar.working_days_between(start, deadline.due_on) == working_days
    assert (deadline.due_on - start).days == working_days + len(deadline.skipped)


@settings(deadline=None)
@given(start=DAYS, days=st.integers(min_value=1, max_value=400))
def test_calendar_days_are_just_added(start: date, days: int) -> None:
    deadline = FRANCE.due_after_calendar_days(start, days=days)

    assert deadline.due_on == start + timedelta(days=days)
    assert deadline.unit is Unit.CALENDAR_DAYS
