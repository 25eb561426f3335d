"""What a history of visits tells of a place."""

from datetime import date

import pytest

from services.visits.history.rules import is_secret, latest_count, periods
from services.visits.visits.rules.status import Announcement, VisitStatus

DAYS = [date(2020, 3, 1), date(2021, 3, 1), date(2022, 3, 1), date(2023, 3, 1)]


def test_what_is_written_alike_in_a_row_is_one_period_and_the_latest_is_open() -> None:
    seen = zip(DAYS, ("Mill House", "Mill House", "The Mill", "The Mill"), strict=True)

    assert periods(seen) == [
        {"text": "Mill House", "from_on": "2020-03-01", "to_on": "2021-03-01"},
        {"text": "The Mill", "from_on": "2022-03-01", "to_on": None},
    ]


def test_the_order_of_the_rows_does_not_matter_and_a_name_may_come_back() -> None:
    seen = list(zip(DAYS, ("A", "B", "A", "A"), strict=True))

    assert periods(reversed(seen)) == periods(seen)
    assert [each["text"] for each in periods(seen)] == ["A", "B", "A"]


def test_what_is_not_written_is_no_period() -> None:
    assert periods([(DAYS[0], "")]) == []


def test_the_latest_count_is_that_of_the_last_day_on_which_somebody_counted() -> None:
    seen = list(zip(DAYS, (4, 0, 7, None), strict=True))

    assert latest_count(seen, "register") == [{"count": 7, "as_of": "2022-03-01", "source": "register"}]
    assert latest_count(seen[3:], "register") == []


@pytest.mark.parametrize("announcement", Announcement)
@pytest.mark.parametrize("status", VisitStatus)
def test_only_what_has_not_begun_and_was_not_announced_is_secret(
    status: VisitStatus, announcement: Announcement
) -> None:
    has_begun = status.value in ("in_progress", "obstructed", "debriefing", "reporting", "closed")

    assert is_secret(status, announcement) == (announcement.value == "unannounced" and not has_begun)
