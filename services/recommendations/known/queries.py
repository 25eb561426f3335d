"""Writes and reads of the projections, and the fragments with which every statement shows a name beside an id."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.db import Work
from shared.paging import execute, fetch_rows
from shared.texts import as_json, folded

_STAMPS = "created_at, created_by, updated_at, updated_by, version, confidentiality, origin"
_NOW = "a22_now(), 'system', a22_now(), 'system', 1, 'INT', 'native'"

#: For many rows: the clock is asked once.
_ONCE = "(SELECT a22_now()), 'system', (SELECT a22_now()), 'system', 1, 'INT', 'native'"

KEEP_STAKEHOLDER = f"""
INSERT INTO known_stakeholder (id, name, kind, category, folded_names, {_STAMPS})
VALUES (:id, :name, :kind, :category, :folded_names::text[], {_NOW})
ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, category = excluded.category,
  folded_names = excluded.folded_names, updated_at = a22_now()
"""
KEEP_PERSON = f"""
INSERT INTO known_person (id, name, kind, {_STAMPS}) VALUES (:id, :name, :kind, {_NOW})
ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, updated_at = a22_now()
"""
KEEP_PLACE = f"""
INSERT INTO known_place (id, code, name, status, place_type, region, operator_id, {_STAMPS})
SELECT n.id, n.code, n.name, n.status, n.place_type, n.region, n.operator_id, {_ONCE}
FROM jsonb_populate_recordset(null::known_place, :rows::jsonb) n
ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, status = excluded.status,
  place_type = excluded.place_type, region = excluded.region, operator_id = excluded.operator_id, updated_at = excluded.updated_at
"""
KEEP_REPORT = f"""
INSERT INTO known_report (id, code, title, state, published_on, place_ids, visit_ids, {_STAMPS})
VALUES (:id, :code, :title, :state::varchar, CASE WHEN :state::varchar = 'published' THEN a22_today() END, :place_ids::uuid[],
  :visit_ids::uuid[], {_NOW})
ON CONFLICT (id) DO UPDATE SET code = excluded.code, title = excluded.title, state = excluded.state,
  place_ids = excluded.place_ids, visit_ids = excluded.visit_ids,
  published_on = coalesce(known_report.published_on, excluded.published_on), updated_at = a22_now()
"""
KEEP_VISIT = f"""
INSERT INTO known_visit (id, place_ids, {_STAMPS})
SELECT n.id, n.place_ids, {_ONCE} FROM jsonb_populate_recordset(null::known_visit, :rows::jsonb) n
ON CONFLICT (id) DO UPDATE SET place_ids = excluded.place_ids, updated_at = a22_now()
"""
FORGET_TEAM = "DELETE FROM visit_team WHERE visit_id = :visit_id"
KEEP_TEAM = f"""
INSERT INTO visit_team (id, visit_id, expert_id, {_STAMPS})
SELECT gen_random_uuid(), :visit_id::uuid, each, {_NOW} FROM unnest(:expert_ids::uuid[]) AS each
"""
UNKNOWN = "SELECT each AS id FROM unnest(:ids::uuid[]) AS each WHERE NOT EXISTS (SELECT 1 FROM known_stakeholder k WHERE k.id = each)"
KIND = "SELECT kind FROM known_stakeholder WHERE id = :id"
REPORT_STATE = "SELECT state FROM known_report WHERE id = :id"


def named(identity: str, alias: str) -> str:
    """Write a reference: an id with its name, or null; fixed text of a `queries.py` only."""
    return f"CASE WHEN {identity} IS NULL THEN NULL ELSE json_build_object('id', {identity}, 'name', coalesce({alias}.name, '')) END"


def person_named(identity: str) -> str:
    """Write a reference to a person whose subject is kept as text."""
    return (
        f"CASE WHEN {identity} IS NULL THEN NULL ELSE json_build_object('id', {identity}, 'name', "
        f"coalesce((SELECT k.name FROM known_person k WHERE k.id::text = {identity}), '')) END"
    )


def places_named(identities: str) -> str:
    """Write the references to several places, by name."""
    return (
        "(SELECT coalesce(json_agg(json_build_object('id', each, 'name', coalesce(k.name, '')) ORDER BY k.name, each), '[]') "
        f"FROM unnest({identities}) AS each LEFT JOIN known_place k ON k.id = each)"
    )


async def keep_stakeholder(work: Work, stakeholder_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep the name behind the id of an authority, a department or a body."""
    name, kind, category = (str(told.get(part) or "") for part in ("name", "kind", "category"))
    called = list(dict.fromkeys(folded(str(each)) for each in (name, *(told.get("aliases") or [])) if each))
    await execute(
        work, KEEP_STAKEHOLDER, id=stakeholder_id, name=name, kind=kind, category=category, folded_names=called
    )


async def keep_person(work: Work, person_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep the name behind a person's id."""
    await execute(work, KEEP_PERSON, id=person_id, name=str(told.get("name") or ""), kind=str(told.get("kind") or ""))


async def keep_places(work: Work, told: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep what recommendations show of places, and who runs them, by their ids."""
    words = ("code", "name", "status", "place_type", "region")
    rows = [
        {"id": each, "operator_id": said.get("operator_id"), **{name: str(said.get(name) or "") for name in words}}
        for each, said in told.items()
    ]
    await execute(work, KEEP_PLACE, rows=as_json(rows))


async def keep_report(work: Work, report_id: UUID, state: str, told: Mapping[str, Any]) -> None:
    """Keep a report's name and how far it has come."""
    code, title = str(told.get("code") or ""), str(told.get("title") or "")
    lists = {name: list(told.get(name) or ()) for name in ("place_ids", "visit_ids")}
    await execute(work, KEEP_REPORT, id=report_id, code=code, title=title, state=state, **lists)


async def keep_visits(work: Work, told: Mapping[str, list[str]]) -> None:
    """Keep to which places visits go, by their ids."""
    rows = [{"id": each, "place_ids": places} for each, places in told.items()]
    await execute(work, KEEP_VISIT, rows=as_json(rows))


async def keep_team(work: Work, visit_id: UUID, expert_ids: list[str]) -> None:
    """Keep which experts are on the team of a visit; the list is whole, whoever is missing has left."""
    await execute(work, FORGET_TEAM, visit_id=visit_id)
    await execute(work, KEEP_TEAM, visit_id=visit_id, expert_ids=expert_ids)


async def unknown(work: Work, stakeholder_ids: list[UUID]) -> list[UUID]:
    """Give those ids that no directory entry stands behind."""
    return [row["id"] for row in await fetch_rows(work, UNKNOWN, ids=stakeholder_ids)]


async def kind_of(work: Work, stakeholder_id: UUID) -> str | None:
    """Give what kind of stakeholder it is, or None when it is not known (yet)."""
    rows = await fetch_rows(work, KIND, id=stakeholder_id)
    return str(rows[0]["kind"]) if rows else None


async def report_state(work: Work, report_id: UUID | None) -> str | None:
    """Give how far a report has come, or None when nothing was heard of it."""
    rows = await fetch_rows(work, REPORT_STATE, id=report_id)
    return str(rows[0]["state"]) if rows else None
