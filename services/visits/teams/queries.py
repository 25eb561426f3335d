"""Every read of roles in visits and of the projections that say who may hold them, and the upkeep of these."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.visits.teams.tables import VisitRole
from services.visits.visits.tables import Visit
from shared.db import Work
from shared.errors import NotFound
from shared.paging import execute, fetch_rows

ROLES = """
SELECT r.id, r.person_id, r.role, r.prepared_on, r.assignment_status, coalesce(k.name, '') AS name, coalesce(k.kind, '') AS kind,
  k.origin_authority_id, k.standing_from_on, k.standing_to_on, coalesce(k.expertise, '{}') AS expertise
FROM visit_role r LEFT JOIN known_person k ON k.id = r.person_id WHERE r.visit_id = :visit_id ORDER BY r.role, r.person_id
"""
PERSON = """
SELECT id, name, kind, origin_authority_id, standing_from_on, standing_to_on, expertise FROM known_person
WHERE id = :person_id AND kind <> ''
"""
FUNCTIONS = "SELECT role FROM visit_role WHERE visit_id = :visit_id AND person_id::text = :person"
ACCREDITATIONS = """
SELECT person_id, authority_id, from_on, to_on FROM known_accreditation
WHERE person_id = ANY(:person_ids::uuid[]) AND status = 'granted'
"""
CONFLICTS = """
SELECT person_id, target_kind, target_id, effect, is_decided, from_on, until_on FROM known_conflict
WHERE person_id = ANY(:person_ids::uuid[]) AND NOT is_over
"""
PLACES = """
SELECT p.id AS place_id, p.operator_id, p.supervising::text AS supervising FROM place p WHERE p.id = ANY(:place_ids::uuid[])
"""
READY_WITH = """
SELECT v.id FROM visit v WHERE v.status = 'ready'
AND EXISTS (SELECT 1 FROM visit_role r WHERE r.visit_id = v.id AND r.person_id = :person_id)
"""
DROP_ROLE = "DELETE FROM visit_role WHERE id = :role_id"
PREPARED = """
UPDATE visit_role SET prepared_on = :prepared_on, updated_at = a22_now(), version = version + 1
WHERE visit_id = :visit_id AND person_id = :person_id
"""

_COMMON = "created_at, created_by, updated_at, updated_by, version, confidentiality, origin"
_STAMPS = "a22_now(), 'system', a22_now(), 'system', 1, 'INT', 'native'"

KEEP_PERSON = f"""
INSERT INTO known_person (id, name, kind, expertise, origin_authority_id, {_COMMON})
VALUES (:id, :name, :kind, :expertise::text[], :origin_authority_id::uuid, {_STAMPS})
ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, expertise = excluded.expertise,
  origin_authority_id = coalesce(excluded.origin_authority_id, known_person.origin_authority_id), updated_at = a22_now()
"""
KEEP_STANDING = f"""
INSERT INTO known_person (id, name, kind, expertise, standing_from_on, standing_to_on, {_COMMON})
VALUES (:id, '', '', '{{}}', :from_on::date, :to_on::date, {_STAMPS})
ON CONFLICT (id) DO UPDATE SET standing_from_on = excluded.standing_from_on, standing_to_on = excluded.standing_to_on,
  updated_at = a22_now()
"""
KEEP_ACCREDITATION = f"""
INSERT INTO known_accreditation (id, person_id, authority_id, status, from_on, to_on, {_COMMON})
VALUES (:id, :person_id, :authority_id, :status, :from_on, :to_on, {_STAMPS})
ON CONFLICT (id) DO UPDATE SET status = excluded.status, from_on = excluded.from_on, to_on = excluded.to_on, updated_at = a22_now()
"""
KEEP_CONFLICT = f"""
INSERT INTO known_conflict (id, person_id, target_kind, target_id, effect, is_decided, is_over, shuts_out, from_on, until_on, {_COMMON})
VALUES (:id, :person_id, :target_kind, :target_id::uuid, :effect, :is_decided, :is_over, :shuts_out, :from_on::date, :until_on::date,
  {_STAMPS})
ON CONFLICT (id) DO UPDATE SET target_kind = excluded.target_kind, target_id = excluded.target_id, effect = excluded.effect,
  is_decided = excluded.is_decided, is_over = excluded.is_over, shuts_out = excluded.shuts_out, from_on = excluded.from_on,
  until_on = excluded.until_on, updated_at = a22_now()
"""


async def roles_of(work: Work, visit_id: UUID) -> list[dict[str, Any]]:
    """Give the roles of a visit with what is known of the people."""
    return await fetch_rows(work, ROLES, visit_id=visit_id)


async def person_known(work: Work, person_id: UUID) -> dict[str, Any] | None:
    """Give what is known of a person of the NPM or an expert, or nothing."""
    rows = await fetch_rows(work, PERSON, person_id=person_id)
    return rows[0] if rows else None


async def functions_of(work: Work, visit_id: UUID, person: str) -> frozenset[str]:
    """Give the roles that somebody holds in a visit."""
    return frozenset(row["role"] for row in await fetch_rows(work, FUNCTIONS, visit_id=visit_id, person=person))


async def accreditations_of(work: Work, person_ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """Give the granted accreditations of these people."""
    return await fetch_rows(work, ACCREDITATIONS, person_ids=list(person_ids))


async def places_by_id(work: Work, place_ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """Give places with the authorities behind them."""
    return await fetch_rows(work, PLACES, place_ids=list(place_ids))


async def conflicts_of(work: Work, person_ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """Give the conflicts of these people that are open or in force."""
    return await fetch_rows(work, CONFLICTS, person_ids=list(person_ids))


async def ready_with(work: Work, person_id: UUID) -> list[UUID]:
    """Give the visits that are ready and have this person on their team."""
    return [row["id"] for row in await fetch_rows(work, READY_WITH, person_id=person_id)]


async def role(work: Work, visit_id: UUID, role_id: UUID) -> VisitRole:
    """Give one role under its own visit, or raise NotFound."""
    found = await work.session.exec(
        select(VisitRole).where(col(VisitRole.id) == role_id, col(VisitRole.visit_id) == visit_id)
    )
    held = found.one_or_none()
    if held is None:
        raise NotFound
    return held


async def assignments(work: Work, visit_id: UUID) -> list[VisitRole]:
    """Give the experts' assignments of a visit, taken for a change."""
    found = await work.session.exec(
        select(VisitRole)
        .where(col(VisitRole.visit_id) == visit_id, col(VisitRole.assignment_status).is_not(None))
        .with_for_update()
    )
    return list(found.all())


async def drop_role(work: Work, role_id: UUID) -> None:
    """Take a role away."""
    await execute(work, DROP_ROLE, role_id=role_id)


async def keep_team(work: Work, visit: Visit) -> None:
    """Keep on the visit who has a role in it."""
    rows = await fetch_rows(
        work, "SELECT DISTINCT person_id FROM visit_role WHERE visit_id = :visit_id", visit_id=visit.id
    )
    visit.team = sorted(str(row["person_id"]) for row in rows)


async def note_prepared(work: Work, visit_id: UUID, participations: Mapping[UUID, Any]) -> None:
    """Note when people took part in the preparation."""
    for person_id, day in participations.items():
        await execute(work, PREPARED, visit_id=visit_id, person_id=person_id, prepared_on=day)


async def keep(work: Work, statement: str, **values: Any) -> None:
    """Keep one row of a projection."""
    await execute(work, statement, **values)
