"""The rule of a reported outcome: who was written to, how many replies were counted, and what that comes to.

Pure: no database, no HTTP, no clock. A count of replies is never an answer, and never says who replied.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shared.workflow import Vocabulary


class ReportedStatus(Vocabulary):
    """What the counts of a source come to."""

    COMPLETED = "completed", "As many replies as addressees, or more"
    PARTIAL = "partial", "Some replies, but fewer than addressees"
    OVERDUE = "overdue", "No reply, and the time to answer is over"
    PENDING = "pending", "No reply yet, and there is still time"


class DoubtfulDay(Vocabulary):
    """Why a day of a source cannot be right; the record is taken as it stands there, and the doubt is kept."""

    RECORDED_BEFORE_SENT = "recorded_before_sent", "the source entered it before the day it gives for the sending"
    SENT_AFTER_COUNT = "sent_after_count", "it is said to be sent after the day on which its replies were counted"
    SENT_IN_FUTURE = "sent_in_future", "it is said to be sent on a day that has not come"


@dataclass(frozen=True, kw_only=True)
class ReportedStanding:
    """What the counts come to on the day they were made."""

    status: ReportedStatus
    due_on: date | None
    """Last day to answer, by the source's own calendar; None where it gives no time to answer."""
    days_overdue: int | None
    """Calendar days since then, while fewer replied than were written to; None when it is not overdue."""


def reported_standing(
    *, addressees: Sequence[str], replies: int, sent_on: date, answer_days: int | None, as_of: date
) -> ReportedStanding:
    """Give the status of a report.

    `addressees` are the names as written, a repeated one counted as often as it stands there; `replies` how many were
    counted on the day `as_of`. The time to answer is `answer_days` calendar days from `sent_on`, the last one included.
    Replies may outnumber addressees. One reply of several is partial, however late the others are.
    """
    due_on = None if answer_days is None else sent_on + timedelta(days=answer_days)
    late = (as_of - due_on).days if due_on is not None and as_of > due_on else None
    if replies >= len(addressees):
        return ReportedStanding(status=ReportedStatus.COMPLETED, due_on=due_on, days_overdue=None)
    if replies > 0:
        return ReportedStanding(status=ReportedStatus.PARTIAL, due_on=due_on, days_overdue=late)
    status = ReportedStatus.PENDING if late is None else ReportedStatus.OVERDUE
    return ReportedStanding(status=status, due_on=due_on, days_overdue=late)


def merged(addressees: Sequence[str]) -> tuple[str, ...]:
    """Give the addressees with names repeated letter by letter counted once, in the order written."""
    return tuple(dict.fromkeys(addressees))


def doubtful_days(
    *, sent_on: date | None, recorded_on: date | None, as_of: date | None, today: date
) -> tuple[DoubtfulDay, ...]:
    """Say which days of a source contradict each other; nobody can tell which of the two is mistyped."""
    if sent_on is None:
        return ()
    found = {
        DoubtfulDay.RECORDED_BEFORE_SENT: recorded_on is not None and recorded_on < sent_on,
        DoubtfulDay.SENT_AFTER_COUNT: as_of is not None and as_of < sent_on,
        DoubtfulDay.SENT_IN_FUTURE: sent_on > today,
    }
    return tuple(doubt for doubt, is_so in found.items() if is_so)
