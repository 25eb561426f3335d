"""The rules of the stakeholder map: its quadrants, and when an assessment is due again.

Pure: no database, no HTTP, no clock.
"""

from datetime import date

from shared.workflow import Vocabulary

#: Both scales run from 1 to 4; half of them is low.
LOW_UP_TO = 2


class Quadrant(Vocabulary):
    """Where an institution stands on the map, and what to do about it (R-S08, R-S09)."""

    WORK_TOGETHER = "work_together", "Work closely together"
    WIN_OVER = "win_over", "Win over"
    KEEP_AS_ALLY = "keep_as_ally", "Keep as an ally"
    OBSERVE = "observe", "Observe"


def quadrant(influence: int, openness: int) -> Quadrant:
    """Give the quadrant of two values between 1 and 4."""
    if influence > LOW_UP_TO:
        return Quadrant.WORK_TOGETHER if openness > LOW_UP_TO else Quadrant.WIN_OVER
    return Quadrant.KEEP_AS_ALLY if openness > LOW_UP_TO else Quadrant.OBSERVE


def next_review(reviewed_on: date, *, months: int) -> date:
    """Give the day an assessment is looked at again; a day that the month lacks becomes its last one before (R-S03)."""
    years, month = divmod(reviewed_on.month - 1 + months, 12)
    for day in range(reviewed_on.day, 27, -1):
        try:
            return date(reviewed_on.year + years, month + 1, day)
        except ValueError:
            continue
    return date(reviewed_on.year + years, month + 1, min(reviewed_on.day, 28))
