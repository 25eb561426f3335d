"""The other body's own calendar."""

from datetime import date, timedelta

import pytest

from services.complaints.other_bodies import rules

RECEIVED = date(2026, 3, 1)
DUE = date(2026, 3, 21)


@pytest.mark.parametrize(
    ("level", "is_extended", "days"),
    [("F", False, 20), ("F", True, 40), ("R", False, 30), ("R", True, 60), ("A", False, 40), ("A", True, 60)],
)
def test_each_level_has_its_own_days_and_may_extend_them_once(level: str, is_extended: bool, days: int) -> None:
    due = rules.answer_due_on(RECEIVED, rules.US_PRISON_GRIEVANCES[level], is_extended=is_extended)

    assert due == RECEIVED + timedelta(days=days)


@pytest.mark.parametrize(("days", "is_timely"), [(-1, True), (0, True), (1, False)])
def test_the_other_body_is_timely_up_to_its_day(days: int, is_timely: bool) -> None:
    assert rules.is_timely(answered_on=DUE + timedelta(days=days), due_on=DUE) is is_timely


def test_without_an_answer_or_a_date_nothing_is_said_of_timeliness() -> None:
    assert rules.is_timely(answered_on=None, due_on=DUE) is None
    assert rules.is_timely(answered_on=DUE, due_on=None) is None


@pytest.mark.parametrize(
    ("answered", "due", "days", "is_overdue"),
    [(None, DUE, 1, True), (None, DUE, 0, False), (DUE, DUE, 1, False), (None, None, 1, False)],
)
def test_the_other_body_is_overdue_after_its_day(
    answered: date | None, due: date | None, days: int, is_overdue: bool
) -> None:
    today = DUE + timedelta(days=days)

    assert rules.is_overdue(answered_on=answered, due_on=due, today=today) is is_overdue
