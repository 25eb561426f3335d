"""Reads and writes of written names, in sets: a source has thousands of them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.recommendations.known.queries import named, person_named
from services.recommendations.matches.rules import ADDRESSEE_MATCH
from services.recommendations.matches.schemas import AddresseeMatchFilters
from services.recommendations.matches.tables import AddresseeMatch
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json, folded

MOST_CANDIDATES = 5
LEAST_ALIKE = 0.3
#: Who can be written to. Whom the caller may not deal with is no candidate, and a name is never tied to it by the caller's import.
_ADDRESSABLE = """k.kind IN ('authority', 'department', 'monitoring_body')
  AND NOT k.id::text = ANY(string_to_array(coalesce(current_setting('a22.excluded_authorities', true), ''), ','))"""
_CANDIDATES = f"""(SELECT coalesce(json_agg(json_build_object('id', c.id, 'name', c.name, 'score', c.score, 'why', c.why)
    ORDER BY c.score DESC, c.name, c.id), '[]')
  FROM (SELECT k.id, k.name, round(max(similarity(called.folded, m.folded))::numeric, 2) AS score,
      CASE WHEN bool_or(called.folded = m.folded) THEN 'has this very name' ELSE 'has a name like it' END AS why
    FROM known_stakeholder k, unnest(k.folded_names) AS called(folded)
    WHERE m.state = 'open' AND {_ADDRESSABLE}
    GROUP BY k.id, k.name HAVING max(similarity(called.folded, m.folded)) >= {LEAST_ALIKE}
    ORDER BY max(similarity(called.folded, m.folded)) DESC, k.name, k.id LIMIT {MOST_CANDIDATES}) c)"""
_COLUMNS = f"""m.id, m.source, m.source_row AS row, 'recommendations' AS kind, m.name, NULL AS region, m.reason, m.state, m.uses,
  {named("m.stakeholder_id", "s")} AS authority, {_CANDIDATES} AS candidates, {person_named("m.decided_by")} AS decided_by, m.decided_on,
  coalesce(:allowed::jsonb -> m.state, '[]') AS allowed_actions"""
_FROM = "addressee_match m LEFT JOIN known_stakeholder s ON s.id = m.stakeholder_id"
MATCHES = Listing(
    columns=_COLUMNS,
    source=_FROM,
    identity="m.id",
    sorts={"name": Sort("m.folded", "text"), "uses": Sort("m.uses", "integer")},
    default_sort="name",
    filters={
        "state": "m.state = ANY(:state::text[])",
        "source": "m.source = :source",
        "q": "to_tsvector('simple', unaccent(m.name)) @@ plainto_tsquery('simple', unaccent(:q))",
    },
)
MATCH = f"SELECT {_COLUMNS} FROM {_FROM} WHERE m.id = :match_id"
NOTICE = """
INSERT INTO addressee_match (id, source, source_row, name, folded, state, reason, uses, created_at, created_by, updated_at, updated_by, version,
  confidentiality, origin)
SELECT gen_random_uuid(), :source, seen.source_row, seen.name, seen.folded, 'open', 'no entry of the directory has this name', 0,
  a22_now(), :by, a22_now(), :by, 1, 'INT', 'imported'
FROM unnest(:rows::text[], :names::text[], :folded::text[]) AS seen(source_row, name, folded)
ON CONFLICT (source, name) DO NOTHING RETURNING id
"""
#: Only a name that one entry alone has decides by itself; several of a name are asked.
RESOLVE = f"""
WITH waiting AS (SELECT id, folded FROM addressee_match WHERE source = :source AND state = 'open' AND name = ANY(:names::text[])),
found AS (SELECT w.id, count(DISTINCT k.id) AS entries, min(k.id::text)::uuid AS stakeholder_id
  FROM waiting w JOIN (known_stakeholder k CROSS JOIN LATERAL unnest(k.folded_names) AS called(folded)) ON called.folded = w.folded
  WHERE {_ADDRESSABLE} GROUP BY w.id)
UPDATE addressee_match m SET
  state = CASE WHEN found.entries = 1 THEN 'accepted' ELSE 'open' END,
  stakeholder_id = CASE WHEN found.entries = 1 THEN found.stakeholder_id END,
  decided_on = CASE WHEN found.entries = 1 THEN a22_today() END,
  reason = CASE WHEN found.entries = 1 THEN 'one entry of the directory alone has this name' ELSE 'several entries of the directory have this name' END,
  updated_at = a22_now(), updated_by = :by, version = m.version + 1
FROM found WHERE found.id = m.id AND (found.entries = 1 OR m.reason <> 'several entries of the directory have this name')
RETURNING m.id, m.name, m.state, m.stakeholder_id
"""
#: Kept, as counting them at reading would go through every recommendation once for each name.
COUNT_USES = """
UPDATE addressee_match m SET uses = counted.uses
FROM (SELECT written.name, count(DISTINCT r.id)::integer AS uses
  FROM recommendation r, unnest(r.written_addressees) AS written(name) WHERE r.source = :source GROUP BY written.name) counted
WHERE m.source = :source AND m.name = counted.name AND m.uses <> counted.uses
"""
#: Whoever is kept from an authority is kept from what is written to it too, from the moment the name is known to be its own.
TIE = """
WITH known AS (SELECT array_agg(name::text) AS names FROM addressee_match
    WHERE source = :source AND stakeholder_id IS NOT NULL AND name = ANY(:names::text[])),
tied AS (SELECT r.id, ARRAY(
    SELECT a.stakeholder_id FROM addressee a WHERE a.recommendation_id = r.id
    UNION SELECT m.stakeholder_id FROM addressee_match m
      WHERE m.source = r.source AND m.name = ANY(r.written_addressees) AND m.stakeholder_id IS NOT NULL ORDER BY 1) AS ids
  FROM recommendation r, known WHERE r.source = :source AND r.written_addressees && known.names)
UPDATE recommendation r SET addressed_ids = tied.ids FROM tied WHERE tied.id = r.id AND r.addressed_ids <> tied.ids
"""
IS_ADDRESSABLE = f"SELECT 1 FROM known_stakeholder k WHERE k.id = :candidate_id AND {_ADDRESSABLE}"


def _allowed(work: Work) -> str:
    allowed: dict[str, Any] = work.allowed_actions(ADDRESSEE_MATCH, "transition_addressee_match")
    return as_json(allowed)


async def matching(work: Work, filters: AddresseeMatchFilters) -> Page:
    """Give a page of written names."""
    return await fetch_page(work, MATCHES, filters, allowed=_allowed(work))


async def in_full(work: Work, match_id: UUID) -> bytes:
    """Give one written name, or raise NotFound."""
    return await fetch_one(work, MATCH, match_id=match_id, allowed=_allowed(work))


async def lock(work: Work, match_id: UUID) -> AddresseeMatch:
    """Take a written name for a decision, or raise NotFound."""
    found = await work.session.exec(select(AddresseeMatch).where(col(AddresseeMatch.id) == match_id).with_for_update())
    match = found.one_or_none()
    if match is None:
        raise NotFound
    return match


async def is_addressable(work: Work, candidate_id: UUID) -> bool:
    """Tell whether an id stands for an authority of the directory that the caller may deal with."""
    return bool(await fetch_rows(work, IS_ADDRESSABLE, candidate_id=candidate_id))


async def notice(work: Work, source: str, first_rows: dict[str, str]) -> list[UUID]:
    """Keep names that were not met before in this source, each with its first row; gives the ids of the new ones."""
    names = list(first_rows)
    written = {"rows": [first_rows[name] for name in names], "folded": [folded(name) for name in names]}
    rows = await fetch_rows(work, NOTICE, source=source, names=names, by=work.caller.person, **written)
    return [row["id"] for row in rows]


async def resolve(work: Work, source: str, names: Collection[str]) -> list[dict[str, Any]]:
    """Accept the open names that one entry of the directory alone has; gives what changed."""
    return await fetch_rows(work, RESOLVE, source=source, names=list(names), by=work.caller.person)


async def tie(work: Work, source: str, names: Collection[str]) -> int:
    """Let recommendations that are written to these names count as addressed to the authorities behind them."""
    return await execute(work, TIE, source=source, names=list(names))


async def count_uses(work: Work, source: str) -> int:
    """Count how many recommendations of a source are written to each name."""
    return await execute(work, COUNT_USES, source=source)
