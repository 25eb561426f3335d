"""The other body's own calendar: when its answer is due, whether it came in time. Pure: no database, no HTTP, no clock.

Its days are calendar days of its own rules; the NPM's deadlines and working days are never mixed with them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from shared.workflow import Vocabulary


class OtherBodyStatus(Vocabulary):
    """What became of the matter at the other body."""

    OPEN = "open", "Open"
    UPHELD = "upheld", "Upheld"
    DENIED = "denied", "Denied"
    REJECTED = "rejected", "Rejected"
    OTHER = "other", "Other"
    WITHDRAWN = "withdrawn", "Withdrawn"


@dataclass(frozen=True)
class AnswerTime:
    """How long a level of another body has for its answer, in calendar days, and by how many it may extend that once."""

    days: int
    extension_days: int


#: 28 CFR § 542.18: the Warden 20 days, the Regional Director 30, the General Counsel 40; each may extend once in writing.
US_PRISON_GRIEVANCES = {"F": AnswerTime(20, 20), "R": AnswerTime(30, 30), "A": AnswerTime(40, 20)}


def answer_due_on(received_on: date, allowed: AnswerTime, *, is_extended: bool) -> date:
    """Give the last day for an answer of the other body."""
    return received_on + timedelta(days=allowed.days + (allowed.extension_days if is_extended else 0))


def is_timely(*, answered_on: date | None, due_on: date | None) -> bool | None:
    """Tell whether the other body answered in time; None while there is no answer or no date to hold it to."""
    if answered_on is None or due_on is None:
        return None
    return answered_on <= due_on


def is_overdue(*, answered_on: date | None, due_on: date | None, today: date) -> bool:
    """Tell whether the other body owes an answer and its day has passed."""
    return answered_on is None and due_on is not None and today > due_on
