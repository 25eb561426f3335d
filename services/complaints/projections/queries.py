"""The writes of the projections, and the look-up of a place by what a source calls it."""

from typing import Any
from uuid import UUID

from shared.db import Work
from shared.paging import execute, fetch_rows
from shared.texts import as_json

_STAMPS = "created_at, created_by, updated_at, updated_by, version, confidentiality, origin"
_STAMPED = "a22_now(), 'system', a22_now(), 'system', 1, 'INT', 'native'"
#: For many rows: the clock is asked once.
_ONCE = "(SELECT a22_now()), 'system', (SELECT a22_now()), 'system', 1, 'INT', 'native'"

KEEP_PLACE = f"""
INSERT INTO known_place (id, code, name, folded_names, status, place_type, type_group, region, folded_region, operator_id,
  population, vulnerable_groups, complaint_channel_quality, {_STAMPS})
SELECT n.id, n.code, n.name, n.folded_names, n.status, n.place_type, n.type_group, n.region, n.folded_region, n.operator_id,
  n.population, n.vulnerable_groups, n.complaint_channel_quality, {_ONCE}
FROM jsonb_populate_recordset(null::known_place, :rows::jsonb) n
ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, folded_names = excluded.folded_names,
  status = excluded.status, place_type = excluded.place_type, type_group = excluded.type_group, region = excluded.region,
  folded_region = excluded.folded_region, operator_id = excluded.operator_id, population = excluded.population,
  vulnerable_groups = excluded.vulnerable_groups, complaint_channel_quality = excluded.complaint_channel_quality,
  updated_at = excluded.updated_at
"""
KEEP_STAKEHOLDER = f"""
INSERT INTO known_stakeholder (id, name, folded_name, kind, category, {_STAMPS})
VALUES (:id::uuid, :name, :folded_name, :kind, :category, {_STAMPED})
ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded_name = excluded.folded_name, kind = excluded.kind,
  category = excluded.category, updated_at = a22_now()
"""
KEEP_PERSON = f"""
INSERT INTO known_person (id, name, kind, {_STAMPS}) VALUES (:id::uuid, :name, :kind, {_STAMPED})
ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, updated_at = a22_now()
"""
KEEP_RECOMMENDATION = f"""
INSERT INTO watched_recommendation (id, code, state, theme, scope_kind, place_ids, place_types, regions, transmitted_on,
  claimed_on, level, count_band, {_STAMPS})
VALUES (:id::uuid, :code, :state, :theme, :scope_kind, :place_ids::uuid[], :place_types::text[], :regions::text[],
  :transmitted_on::date, :claimed_on::date, 'none', '', {_STAMPED})
ON CONFLICT (id) DO UPDATE SET code = excluded.code, state = excluded.state, theme = excluded.theme,
  scope_kind = excluded.scope_kind, place_ids = excluded.place_ids, place_types = excluded.place_types,
  regions = excluded.regions, transmitted_on = excluded.transmitted_on,
  claimed_on = coalesce(excluded.claimed_on, watched_recommendation.claimed_on), updated_at = a22_now()
"""
KEEP_CLAIM = """
UPDATE watched_recommendation SET claimed_on = :claimed_on::date, updated_at = a22_now()
WHERE id = :id::uuid AND (claimed_on IS NULL OR claimed_on > :claimed_on::date)
"""
#: Everything that may be meant by each; one place is an answer, none or several are a question for a person.
#: Three joins, each of one kind: an OR over them would look at every place for every question.
PLACES_MEANT = """
WITH asked AS (SELECT * FROM jsonb_to_recordset(:asked::jsonb) AS a(number int, place_id uuid, code text, name text, region text)),
  places AS (SELECT id, code, folded_names, folded_region FROM known_place WHERE status IN ('in_use', 'closed'))
SELECT a.number, p.id FROM asked a JOIN places p ON p.id = a.place_id
UNION SELECT a.number, p.id FROM asked a JOIN places p ON p.code = a.code
UNION SELECT a.number, p.id FROM (SELECT q.id, q.folded_region, unnest(q.folded_names) AS name FROM places q) p
  JOIN asked a ON a.name = p.name AND a.region = p.folded_region
"""
AUTHORITIES_MEANT = """
SELECT s.id FROM known_stakeholder s WHERE s.kind IN ('authority', 'department')
  AND (s.id = :authority_id::uuid OR s.folded_name = :name::text) LIMIT 2
"""
EVERY_PLACE = (
    "SELECT id, code, folded_names, folded_region FROM known_place WHERE status IN ('in_use', 'closed', 'unverified')"
)
PLACE_EXISTS = "SELECT id FROM known_place WHERE id = :place_id::uuid AND status IN ('in_use', 'closed', 'unverified')"


async def keep(work: Work, statement: str, **values: Any) -> None:
    """Write one row of a projection by one of the statements above."""
    await execute(work, statement, **values)


async def places_meant(work: Work, asked: list[dict[str, str | None]]) -> list[set[UUID]]:
    """Give, for each question (place_id, code, or folded name and region), the places that it may mean."""
    meant: list[set[UUID]] = [set() for _ in asked]
    if asked:
        numbered = as_json([{"number": number, **each} for number, each in enumerate(asked)])
        for row in await fetch_rows(work, PLACES_MEANT, asked=numbered):
            meant[row["number"]].add(row["id"])
    return meant


async def authorities_meant(work: Work, *, authority_id: UUID | None, name: str | None) -> list[UUID]:
    """Give the authorities that an id or a folded name may mean."""
    return [row["id"] for row in await fetch_rows(work, AUTHORITIES_MEANT, authority_id=authority_id, name=name)]


async def every_place(work: Work) -> list[dict[str, Any]]:
    """Give every known place with what it is called, for an import."""
    return await fetch_rows(work, EVERY_PLACE)


async def is_known_place(work: Work, place_id: UUID) -> bool:
    """Tell whether a place is known."""
    return bool(await fetch_rows(work, PLACE_EXISTS, place_id=place_id))
