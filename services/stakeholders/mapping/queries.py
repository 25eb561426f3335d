"""The reads of the stakeholder map."""

from typing import Any
from uuid import UUID

from shared.db import Work
from shared.errors import NotFound
from shared.paging import fetch_rows

MAPPING = """
SELECT s.id, s.name, s.influence, s.openness, s.attitude, s.strategy, s.reviewed_on, s.next_review_on,
  coalesce(s.next_review_on <= a22_today(), false) AS is_review_due
FROM stakeholder s WHERE s.id = :authority_id
"""
MATRIX = """
SELECT s.id, s.name, s.kind, s.category, s.influence, s.openness, s.relation_state FROM stakeholder s
WHERE s.influence IS NOT NULL AND s.openness IS NOT NULL AND (s.closed_on IS NULL OR s.closed_on > a22_today())
ORDER BY s.sort_name, s.id
"""
NOT_ASSESSED = """
SELECT count(*) AS count FROM stakeholder s WHERE s.kind = 'authority' AND (s.influence IS NULL OR s.openness IS NULL)
AND (s.closed_on IS NULL OR s.closed_on > a22_today())
"""


async def of_authority(work: Work, authority_id: UUID) -> dict[str, Any]:
    """Give how the NPM finds an institution, or raise NotFound."""
    rows = await fetch_rows(work, MAPPING, authority_id=authority_id)
    if not rows:
        raise NotFound
    return rows[0]


async def placed(work: Work) -> list[dict[str, Any]]:
    """Give every open institution that has been assessed."""
    return await fetch_rows(work, MATRIX)


async def not_assessed(work: Work) -> int:
    """Count the open authorities that wait for an assessment."""
    return int((await fetch_rows(work, NOT_ASSESSED))[0]["count"])
