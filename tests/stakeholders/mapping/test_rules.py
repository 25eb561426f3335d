"""The rules of the stakeholder map."""

from datetime import date

import pytest

from services.stakeholders.mapping.rules import Quadrant, next_review, quadrant


@pytest.mark.parametrize(
    ("influence", "openness", "expected"),
    [
        (4, 3, Quadrant.WORK_TOGETHER),
        (3, 2, Quadrant.WIN_OVER),
        (2, 4, Quadrant.KEEP_AS_ALLY),
        (1, 1, Quadrant.OBSERVE),
    ],
)
def test_a_quadrant_is_one_half_of_each_scale(influence: int, openness: int, expected: Quadrant) -> None:
    assert quadrant(influence, openness) is expected


@pytest.mark.parametrize(
    ("reviewed_on", "due_on"),
    [
        (date(2026, 1, 15), date(2026, 7, 15)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_an_assessment_is_due_again_on_the_same_day_or_the_last_one_before(reviewed_on: date, due_on: date) -> None:
    assert next_review(reviewed_on, months=6) == due_on
