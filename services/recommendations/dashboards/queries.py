"""What the dashboard is computed from: recommendations with their findings, and addressees with their answers."""

from datetime import date
from typing import Any

from services.recommendations.dashboards.schemas import DashboardFilters
from shared.db import Work
from shared.paging import fetch_rows

_CHOSEN = """r.state IN ('transmitted', 'in_follow_up', 'closed') AND r.transmitted_on <= :as_of::date
  AND (:authority_id::uuid IS NULL OR :authority_id::uuid = ANY(r.addressed_ids))
  AND (:place_id::uuid IS NULL OR :place_id::uuid = ANY(r.place_ids))
  AND (:themes::text[] = '{}' OR r.theme = ANY(:themes::text[]))
  AND (:priorities::text[] = '{}' OR r.priority = ANY(:priorities::text[]))
  AND (:with_imported::boolean OR r.origin <> 'imported')"""
FOLLOWED = f"""
SELECT r.id::text AS id, r.state, r.implementation_due, r.root_cause_level, r.published_on, r.closed_on,
  greatest(r.last_event_on, (SELECT max(v.submitted_on) FROM authority_response v WHERE v.recommendation_id = r.id)) AS last_event_on,
  (SELECT coalesce(json_agg(json_build_object('on', coalesce(t.assessed_on, t.approved_on), 'status', t.status, 'other', t.has_other_evidence)), '[]')
    FROM assessment t WHERE t.recommendation_id = r.id AND t.state IN ('approved', 'superseded'))::text AS findings,
  EXISTS (SELECT 1 FROM authority_response v WHERE v.recommendation_id = r.id AND v.state = 'submitted' AND v.claimed_status = 'implemented')
    AS claimed_implemented,
  ARRAY(SELECT DISTINCT each FROM (
    SELECT unnest(v.obstacles) FROM authority_response v WHERE v.recommendation_id = r.id AND v.state = 'submitted'
    UNION SELECT unnest(t.reasons) FROM assessment t WHERE t.recommendation_id = r.id AND t.state = 'approved') AS told(each)) AS obstacles
FROM recommendation r WHERE {_CHOSEN}
"""
ASKED = f"""
SELECT a.requested_on, a.due_on, a.answered_on, v.position
FROM addressee a JOIN recommendation r ON r.id = a.recommendation_id
LEFT JOIN authority_response v ON v.addressee_id = a.id AND v.state = 'submitted'
WHERE {_CHOSEN} AND a.requested_on IS NOT NULL AND a.due_on IS NOT NULL AND NOT (a.state = 'released' AND a.answered_on IS NULL)
  AND NOT (a.reported_outcome IS NOT NULL AND a.answered_on IS NULL)
  AND (:authority_id::uuid IS NULL OR a.stakeholder_id = :authority_id::uuid)
"""
REPORTED_ONLY = f"""
SELECT count(*) AS counted FROM addressee a JOIN recommendation r ON r.id = a.recommendation_id
WHERE {_CHOSEN} AND a.reported_outcome IS NOT NULL AND a.answered_on IS NULL
  AND (:authority_id::uuid IS NULL OR a.stakeholder_id = :authority_id::uuid)
"""
BY_AUTHORITY = f"""
SELECT coalesce(nullif(s.name, ''), a.stakeholder_id::text) AS authority, coalesce(r.implementation_status, 'unassessed') AS status,
  count(DISTINCT r.id)::integer AS recommendations
FROM recommendation r JOIN addressee a ON a.recommendation_id = r.id LEFT JOIN known_stakeholder s ON s.id = a.stakeholder_id
WHERE {_CHOSEN} AND (:authority_id::uuid IS NULL OR a.stakeholder_id = :authority_id::uuid)
GROUP BY 1, 2 ORDER BY 1, 2
"""


async def chosen(work: Work, statement: str, filters: DashboardFilters, as_of: date) -> list[dict[str, Any]]:
    """Run one of the statements above over what the filters choose."""
    return await fetch_rows(
        work,
        statement,
        as_of=as_of,
        authority_id=filters.authority_id,
        place_id=filters.place_id,
        themes=filters.theme or [],
        priorities=filters.priority or [],
        with_imported=filters.with_imported,
    )
