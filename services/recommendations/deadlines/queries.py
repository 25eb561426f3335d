"""What has come due and was not told yet, and the note that it was."""

from typing import Any

from services.recommendations.addressees.queries import OVERDUE, OWES
from shared.db import Work
from shared.paging import fetch_rows

#: What was late before it was imported is history: nobody is told of it (imported history makes no due event).
_HISTORY = "(a.origin = 'imported' AND a.due_on < a.created_at::date)"
TELL_OVERDUE = f"""
UPDATE addressee a SET overdue_told_for = a.due_on
WHERE {OVERDUE} AND a.overdue_told_for IS DISTINCT FROM a.due_on AND NOT {_HISTORY}
RETURNING a.id, a.recommendation_id, a.stakeholder_id, a.due_on
"""
TELL_DUE_SOON = f"""
UPDATE addressee a SET due_soon_told_for = a.due_on
WHERE {OWES} AND a.state = 'awaited' AND a.due_on BETWEEN a22_today() AND :until::date
  AND a.due_soon_told_for IS DISTINCT FROM a.due_on AND NOT {_HISTORY}
RETURNING a.id, a.recommendation_id, a.stakeholder_id, a.due_on
"""
TELL_FOLLOW_UP = """
UPDATE recommendation r SET follow_up_told_for = r.next_follow_up_on
WHERE r.state = 'in_follow_up' AND r.next_follow_up_on <= a22_today() AND r.follow_up_told_for IS DISTINCT FROM r.next_follow_up_on
  AND NOT (r.origin = 'imported' AND r.next_follow_up_on < r.created_at::date)
RETURNING r.id, r.next_follow_up_on
"""


async def tell(work: Work, statement: str, **parameters: Any) -> list[dict[str, Any]]:
    """Take what is to be told by one of the statements above; it is never told again for the same date."""
    return await fetch_rows(work, statement, **parameters)
