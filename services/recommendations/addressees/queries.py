"""Reads of addressees: who owes an answer, until when, and whether the day has passed. Being late is computed here, at read."""

from uuid import UUID

from sqlmodel import col, select

from services.recommendations.addressees.tables import Addressee
from services.recommendations.known.queries import named
from shared.db import Work
from shared.errors import NotFound

#: Due is to the end of the day: overdue strictly after it, and only while an answer is owed.
OWES = "a.state IN ('awaited', 'clarification_requested') AND a.answered_on IS NULL"
OVERDUE = f"coalesce({OWES} AND a.due_on < a22_today(), false)"

_CURRENT = """(SELECT json_build_object('id', v.id, 'number', v.number, 'position', v.position, 'claimed_status', v.claimed_status,
  'submitted_on', v.submitted_on, 'was_late', v.was_late, 'planned_on', v.planned_on, 'obstacles', v.obstacles, 'channel', v.channel)
  FROM authority_response v WHERE v.addressee_id = a.id AND v.state = 'submitted')"""

_DEPARTMENT = """(SELECT json_build_object('id', a.department_id, 'name', coalesce(max(d.name), ''))
  FROM known_stakeholder d WHERE d.id = a.department_id HAVING a.department_id IS NOT NULL)"""

#: One addressee as the NPM sees it, from `addressee a LEFT JOIN known_stakeholder s`.
_PARTS = {
    "id": "a.id",
    "authority": named("a.stakeholder_id", "s"),
    "stakeholder_kind": "a.stakeholder_kind",
    "department": _DEPARTMENT,
    **{
        name: f"a.{name}"
        for name in "category level role state working_days asked_parts requested_on due_on deadline".split()
    },
    "is_overdue": OVERDUE,
    "answered_on": "a.answered_on",
    "current_answer": _CURRENT,
    "reported_outcome": "a.reported_outcome",
}
ADDRESSEE_COLUMNS = ", ".join(f"{expression} AS {name}" for name, expression in _PARTS.items())
_PAIRS = ", ".join(f"'{name}', {expression}" for name, expression in _PARTS.items())
ADDRESSEE_JSON = f"json_build_object({_PAIRS})"

ADDRESSEES_OF = f"""(SELECT coalesce(json_agg({ADDRESSEE_JSON} ORDER BY a.role DESC, s.name, a.id), '[]')
  FROM addressee a LEFT JOIN known_stakeholder s ON s.id = a.stakeholder_id WHERE a.recommendation_id = r.id)"""


async def of_recommendation(work: Work, recommendation_id: UUID) -> list[Addressee]:
    """Take every addressee of a recommendation for a change, the lead first."""
    found = await work.session.exec(
        select(Addressee)
        .where(col(Addressee.recommendation_id) == recommendation_id)
        .order_by(col(Addressee.role).desc(), col(Addressee.id))
        .with_for_update()
    )
    return list(found.all())


async def lock(work: Work, addressee_id: UUID) -> Addressee:
    """Take an addressee for a change, or raise NotFound."""
    found = await work.session.exec(select(Addressee).where(col(Addressee.id) == addressee_id).with_for_update())
    addressee = found.one_or_none()
    if addressee is None:
        raise NotFound
    return addressee
