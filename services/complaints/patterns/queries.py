"""Reads of patterns; small counts are hidden from whoever works outside the complaints service."""

from uuid import UUID

from sqlmodel import col, select

from services.complaints.patterns.rules import PATTERN
from services.complaints.patterns.schemas import PatternFilters
from services.complaints.patterns.tables import Pattern
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page
from shared.texts import as_json

INSIDE = "string_to_array(current_setting('a22.roles', true), ',') && ARRAY['head', 'complaints_officer']"
_SMALL = f"((t.n < 3 OR (t.baseline BETWEEN 1 AND 2)) AND NOT {INSIDE})"
_COLUMNS = f"""t.id, t.state, t.kind, t.cell_kind, t.theme,
  CASE WHEN t.place_id IS NULL THEN NULL ELSE json_build_object('id', t.place_id, 'name', coalesce(p.name, '')) END AS place,
  t.place_type, t.region,
  CASE WHEN t.authority_id IS NULL THEN NULL ELSE json_build_object('id', t.authority_id, 'name', coalesce(a.name, '')) END AS authority,
  t.level, t.first_found_on, t.last_found_on,
  CASE WHEN t.n < 3 AND NOT {INSIDE} THEN NULL ELSE t.n END AS n,
  CASE WHEN t.baseline BETWEEN 1 AND 2 AND NOT {INSIDE} THEN NULL ELSE t.baseline END AS baseline,
  CASE WHEN {_SMALL} THEN NULL ELSE round(t.expected::numeric, 3) END AS expected,
  CASE WHEN {_SMALL} THEN NULL ELSE round(t.ratio::numeric, 3) END AS ratio,
  round(t.q::numeric, 5) AS q, t.direction, CASE WHEN {_SMALL} THEN NULL ELSE t.sentence END AS sentence, t.review,
  coalesce(:allowed::jsonb -> t.state, '[]') AS allowed_actions"""
_SOURCE = (
    "pattern t LEFT JOIN known_place p ON p.id = t.place_id LEFT JOIN known_stakeholder a ON a.id = t.authority_id"
)
PATTERNS = Listing(
    columns=_COLUMNS,
    source=_SOURCE,
    identity="t.id",
    sorts={"last_found_on": Sort("t.last_found_on", "date")},
    default_sort="-last_found_on",
    filters={
        "state": "t.state = ANY(:state::text[])",
        "level": "t.level = ANY(:level::text[])",
        "kind": "t.kind = ANY(:kind::text[])",
        "place_id": "t.place_id = :place_id::uuid",
        "authority_id": "t.authority_id = :authority_id::uuid",
    },
)
PATTERN_IN_FULL = f"SELECT {_COLUMNS} FROM {_SOURCE} WHERE t.id = :pattern_id::uuid"


def _allowed(work: Work) -> str:
    return as_json(work.allowed_actions(PATTERN, "transition_pattern"))


async def matching(work: Work, filters: PatternFilters) -> Page:
    """Give a page of patterns."""
    return await fetch_page(work, PATTERNS, filters, allowed=_allowed(work))


async def in_full(work: Work, pattern_id: UUID) -> bytes:
    """Give one pattern, or raise NotFound."""
    return await fetch_one(work, PATTERN_IN_FULL, pattern_id=pattern_id, allowed=_allowed(work))


async def lock(work: Work, pattern_id: UUID) -> Pattern:
    """Take a pattern for a judgement, or raise NotFound."""
    found = await work.session.exec(select(Pattern).where(col(Pattern.id) == pattern_id).with_for_update())
    pattern = found.one_or_none()
    if pattern is None:
        raise NotFound
    return pattern
