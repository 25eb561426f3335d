"""Counts of the last run; small ones are hidden from whoever works outside the complaints service."""

from services.complaints.complaint_statistics.schemas import ComplaintStatisticsAsked
from shared.db import Work
from shared.paging import fetch_one

STATISTICS = """
SELECT :by::text AS by, (SELECT max(as_of) FROM analysis_run) AS as_of,
  coalesce((SELECT json_agg(json_build_object('key', c.key, 'quarter', c.quarter, 'n', CASE WHEN c.n < 3
    AND NOT string_to_array(current_setting('a22.roles', true), ',') && ARRAY['head', 'complaints_officer'] THEN NULL ELSE c.n END)
    ORDER BY c.quarter, c.key)
    FROM complaint_count c WHERE c.dimension = :by::text AND (:quarter::text IS NULL OR c.quarter = :quarter::text)), '[]') AS cells
"""


async def counted(work: Work, asked: ComplaintStatisticsAsked) -> bytes:
    """Give the counts of one dimension."""
    return await fetch_one(work, STATISTICS, by=asked.by, quarter=asked.quarter)
