"""Every read of the directory, each starting from what the caller may see."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.stakeholders import parts
from services.stakeholders.authorities.schemas import AuthorityFilters, DepartmentFilters
from services.stakeholders.authorities.tables import Stakeholder
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page, fetch_rows

_ABOVE = """(SELECT coalesce(json_agg(json_build_object('id', e.id, 'name', coalesce(above.name, '')) ORDER BY above.sort_name), '[]')
  FROM jsonb_to_recordset(s.parents) AS e(id uuid) LEFT JOIN stakeholder above ON above.id = e.id)"""
_PARENTS = """(SELECT coalesce(json_agg(json_build_object('id', e.id, 'name', coalesce(above.name, ''), 'relation', coalesce(e.relation, ''),
    'from_on', e.from_on, 'to_on', e.to_on) ORDER BY above.sort_name), '[]')
  FROM jsonb_to_recordset(s.parents) AS e(id uuid, relation text, from_on date, to_on date)
  LEFT JOIN stakeholder above ON above.id = e.id)"""
_SUCCESSORS = """(SELECT coalesce(json_agg(json_build_object('id', e.id::uuid, 'name', coalesce(after.name, '')) ORDER BY after.sort_name), '[]')
  FROM jsonb_array_elements_text(s.successor_ids) AS e(id) LEFT JOIN stakeholder after ON after.id = e.id::uuid)"""
_HAS_FOCAL_POINT = """EXISTS (SELECT 1 FROM contact c, jsonb_to_recordset(c.designations) AS d(kind text, since date, until date)
  WHERE c.stakeholder_id = s.id AND c.is_confirmed AND d.kind = 'focal_point' AND d.since <= a22_today()
  AND (d.until IS NULL OR a22_today() <= d.until))"""
_SUMMARY = (
    f"s.id, s.kind, s.name, s.abbreviation, s.category, {_ABOVE} AS parents, s.closed_on, "
    f"{_HAS_FOCAL_POINT} AS has_focal_point, s.relation_state, s.origin"
)
_SORTS = {"name": Sort("s.sort_name", "text"), "updated_at": Sort("s.updated_at", "timestamptz")}

AUTHORITIES = Listing(
    columns=_SUMMARY,
    source="stakeholder s",
    identity="s.id",
    sorts=_SORTS,
    default_sort="name",
    filters={
        "kind": "s.kind = ANY(:kind::text[])",
        "category": "s.category = ANY(:category::text[])",
        "parent_id": "s.parents @> jsonb_build_array(jsonb_build_object('id', :parent_id::uuid::text))",
        "q": "to_tsvector('simple', unaccent(s.name || ' ' || s.abbreviation || ' ' || s.former_names::text)) "
        "@@ plainto_tsquery('simple', unaccent(:q))",
    },
)
DEPARTMENTS = Listing(
    columns=_SUMMARY,
    source="stakeholder s",
    where="s.kind = 'department' AND s.parents @> jsonb_build_array(jsonb_build_object('id', :authority_id::uuid::text))",
    identity="s.id",
    sorts=_SORTS,
    default_sort="name",
)
AUTHORITY = f"""
SELECT s.id, s.kind, s.name, s.abbreviation, s.former_names, s.category, s.level, s.competence, s.website, {_PARENTS} AS parents,
  s.founded_on, s.closed_on, {_SUCCESSORS} AS successors, s.origin,
  CASE WHEN s.source IS NULL THEN NULL ELSE json_build_object('source', s.source, 'row', s.source_row) END AS imported_from,
  s.source_note AS import_note,
  (SELECT coalesce(json_agg(json_build_object('source', e.source, 'row', e.source_row, 'name', e.name, 'closed_on', e.said -> 'closed_on',
    'note', e.note - 'imported') ORDER BY e.rank, e.source, e.source_row), '[]') FROM authority_entry e WHERE e.stakeholder_id = s.id) AS entries
FROM stakeholder s WHERE s.id = :authority_id
"""
EDGES = "SELECT s.id, s.parents FROM stakeholder s WHERE s.parents <> '[]'::jsonb"
EXISTS = "SELECT s.id FROM stakeholder s WHERE s.id = ANY(:ids::uuid[])"
# parents of one graph change one after the other, or two changes could close a circle between them
LOCK_GRAPH = "SELECT pg_advisory_xact_lock(4202203)"


async def matching(work: Work, filters: AuthorityFilters) -> Page:
    """Give a page of the directory."""
    return await fetch_page(work, AUTHORITIES, filters)


async def departments(work: Work, authority_id: UUID, filters: DepartmentFilters) -> Page:
    """Give a page of an institution's departments; NotFound without the institution."""
    await must_exist(work, authority_id)
    return await fetch_page(work, DEPARTMENTS, filters, authority_id=authority_id)


async def in_full(work: Work, authority_id: UUID) -> bytes:
    """Give one institution with everything the directory keeps on it, or raise NotFound."""
    return await fetch_one(work, AUTHORITY, authority_id=authority_id)


async def lock(work: Work, authority_id: UUID) -> Stakeholder:
    """Take an institution for a change, or raise NotFound."""
    found = await work.session.exec(select(Stakeholder).where(col(Stakeholder.id) == authority_id).with_for_update())
    stakeholder = found.one_or_none()
    if stakeholder is None:
        raise NotFound
    return stakeholder


async def known(work: Work, ids: Collection[UUID]) -> set[UUID]:
    """Give those of the ids that are in the directory."""
    return {row["id"] for row in await fetch_rows(work, EXISTS, ids=list(ids))}


async def must_exist(work: Work, authority_id: UUID) -> None:
    """Raise NotFound unless the caller sees such an institution."""
    if not await known(work, [authority_id]):
        raise NotFound


async def lock_graph(work: Work) -> dict[str, list[str]]:
    """Give the graph of institutions and their parents, closed to other changes until the end of the transaction."""
    await fetch_rows(work, LOCK_GRAPH)
    rows: list[dict[str, Any]] = await fetch_rows(work, EDGES)
    return {str(row["id"]): parents_of(row["parents"]) for row in rows}


def parents_of(part: Any) -> list[str]:
    """Read the ids out of the part that holds an institution's parents."""
    return [str(each["id"]) for each in parts.read(part)]
