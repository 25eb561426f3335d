"""The daily run: tells once what has come due. It changes no state; being late is computed wherever it is read."""

from services.recommendations.addressees.usecases import calendar_of
from services.recommendations.deadlines import queries
from services.recommendations.deadlines.schemas import DeadlineRun
from services.recommendations.responses.rules import REMINDER_WORKING_DAYS
from shared.db import Work
from shared.journal import Event


async def run_deadlines(work: Work) -> DeadlineRun:
    """Tell every passed or near date that was not told before (R-R33)."""
    today = await work.today()
    reminder_until = calendar_of(work).due_after(today, working_days=REMINDER_WORKING_DAYS).due_on
    overdue = await queries.tell(work, queries.TELL_OVERDUE)
    soon = await queries.tell(work, queries.TELL_DUE_SOON, until=reminder_until)
    follow_up = await queries.tell(work, queries.TELL_FOLLOW_UP)
    for name, rows in (("became_overdue", overdue), ("came_due_soon", soon)):
        for row in rows:
            told = {
                "recommendation_id": str(row["recommendation_id"]),
                "addressee_id": str(row["id"]),
                "authority_id": str(row["stakeholder_id"]),
                "due_on": row["due_on"].isoformat(),
            }
            work.record(Event(f"recommendations.response.{name}", row["id"], told))
    for row in follow_up:
        told = {"next_follow_up_on": row["next_follow_up_on"].isoformat()}
        work.record(Event("recommendations.recommendation.follow_up_came_due", row["id"], told))
    return DeadlineRun(as_of=today, overdue=len(overdue), due_soon=len(soon), follow_up_due=len(follow_up))
