"""The rule of a reported outcome, case by case, as a lawyer would ask."""

from datetime import date, timedelta

import pytest

from services.recommendations.reported.rules import (
    DoubtfulDay,
    ReportedStatus,
    doubtful_days,
    merged,
    reported_standing,
)

SENT = date(2025, 1, 6)
LAST_DAY = SENT + timedelta(days=56)


@pytest.mark.parametrize(
    ("addressees", "replies", "as_of", "status", "overdue"),
    [
        (("A",), 1, LAST_DAY, "completed", None),
        (("A",), 3, LAST_DAY + timedelta(days=400), "completed", None),
        (("A", "B"), 1, LAST_DAY, "partial", None),
        (("A", "B"), 1, LAST_DAY + timedelta(days=1), "partial", 1),
        (("A", "B"), 0, LAST_DAY, "pending", None),
        (("A", "B"), 0, LAST_DAY + timedelta(days=1), "overdue", 1),
        (("A", "A"), 1, LAST_DAY + timedelta(days=9), "partial", 9),
        (("A", "A"), 2, LAST_DAY + timedelta(days=9), "completed", None),
        (("A",), 0, SENT - timedelta(days=5), "pending", None),
    ],
)
def test_addressees_replies_and_56_calendar_days(
    addressees: tuple[str, ...], replies: int, as_of: date, status: str, overdue: int | None
) -> None:
    found = reported_standing(addressees=addressees, replies=replies, sent_on=SENT, answer_days=56, as_of=as_of)

    assert (found.status.value, found.days_overdue, found.due_on) == (status, overdue, LAST_DAY)


def test_without_a_time_to_answer_nothing_is_overdue() -> None:
    found = reported_standing(addressees=("A",), replies=0, sent_on=SENT, answer_days=None, as_of=date(2030, 1, 1))

    assert (found.status, found.due_on, found.days_overdue) == (ReportedStatus.PENDING, None, None)


def test_only_what_is_written_alike_letter_by_letter_is_merged() -> None:
    assert merged(("Home Office", "NHS England", "Home Office", "home office")) == (
        "Home Office",
        "NHS England",
        "home office",
    )


@pytest.mark.parametrize(
    ("sent_on", "recorded_on", "as_of", "doubts"),
    [
        (SENT, SENT, LAST_DAY, ()),
        (SENT, SENT - timedelta(days=1), LAST_DAY, (DoubtfulDay.RECORDED_BEFORE_SENT,)),
        (SENT, None, SENT - timedelta(days=1), (DoubtfulDay.SENT_AFTER_COUNT,)),
        (date(2031, 1, 1), None, None, (DoubtfulDay.SENT_IN_FUTURE,)),
        (None, SENT, SENT, ()),
    ],
)
def test_days_that_contradict_each_other_are_told(
    sent_on: date | None, recorded_on: date | None, as_of: date | None, doubts: tuple[DoubtfulDay, ...]
) -> None:
    found = doubtful_days(sent_on=sent_on, recorded_on=recorded_on, as_of=as_of, today=date(2030, 1, 1))

    assert found == doubts
