"""Counts of complaints; small ones, and what the last run has not seen, are hidden from whoever works outside the complaints service."""

from services.complaints.complaint_statistics.schemas import ComplaintStatisticsAsked
from shared.db import Work
from shared.paging import fetch_one
from shared.protection import has_role

_INSIDE = has_role("head", "complaints_officer")
STATISTICS = f"""
SELECT :by::text AS by, CASE WHEN {_INSIDE} THEN a22_today() ELSE (SELECT max(as_of) FROM analysis_run) END AS as_of,
  coalesce((SELECT json_agg(json_build_object('key', c.key, 'quarter', c.quarter,
    'n', CASE WHEN c.n < 3 AND NOT {_INSIDE} THEN NULL ELSE c.n END) ORDER BY c.quarter, c.key)
    FROM (SELECT k.key, k.quarter, sum(k.n) AS n FROM complaint_count k
      WHERE k.dimension = :by::text AND (:quarter::text IS NULL OR k.quarter = :quarter::text)
      GROUP BY k.key, k.quarter HAVING sum(k.n) > 0) c), '[]') AS cells
"""


async def counted(work: Work, asked: ComplaintStatisticsAsked) -> bytes:
    """Give the counts of one dimension."""
    return await fetch_one(work, STATISTICS, by=asked.by, quarter=asked.quarter)
