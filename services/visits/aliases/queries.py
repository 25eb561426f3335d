"""What an import of aliases looks up: the places that its rows name, and every name of their regions."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from shared.db import Work
from shared.paging import fetch_rows

#: A place that was merged is the one that it was merged into.
NAMED = """
SELECT p.source, p.source_row, u.id, u.region, ARRAY(SELECT each ->> 'text' FROM jsonb_array_elements(u.aliases) each) AS aliases
FROM unnest(:sources::text[], :rows::text[]) AS asked(source, source_row)
JOIN place p ON p.source = asked.source AND p.source_row = asked.source_row
JOIN place u ON u.id = coalesce(p.merged_into_id, p.id)
WHERE u.status IN ('unverified', 'in_use', 'closed')
"""
NAMES = """
SELECT p.id, p.region, p.name, ARRAY(SELECT each ->> 'text' FROM jsonb_array_elements(p.aliases) each) AS aliases
FROM place p WHERE p.region = ANY(:regions::text[]) AND p.status IN ('unverified', 'in_use', 'closed')
"""


async def named(work: Work, rows: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Give the places that came from these rows, each a source and a row of it."""
    asked = list(dict.fromkeys(rows))
    found = await fetch_rows(work, NAMED, sources=[source for source, _ in asked], rows=[row for _, row in asked])
    return {(row["source"], row["source_row"]): row for row in found}


async def names(work: Work, regions: Iterable[str]) -> dict[UUID, dict[str, Any]]:
    """Give every name and alias of the places of these regions, by place."""
    return {row["id"]: row for row in await fetch_rows(work, NAMES, regions=list(regions))}
