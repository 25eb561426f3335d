"""Every read of conflicts, each within what the row policies leave: everybody's own, all of them for who decides."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.stakeholders import acting
from services.stakeholders.conflicts.rules import CONFLICT_DECLARATION, STANDING_EFFECTS
from services.stakeholders.conflicts.schemas import ConflictFilters, OwnConflictFilters
from services.stakeholders.conflicts.tables import ConflictDeclaration
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json


def _target(institution: str) -> str:
    return f"""json_build_object('kind', d.target_kind, 'id', d.target_id, 'name', coalesce(
  CASE d.target_kind WHEN 'place' THEN (SELECT l.name FROM known_place l WHERE l.id = d.target_id)
    WHEN 'authority' THEN {institution} END, ''))"""


_DIRECTORY = "(SELECT s.name FROM stakeholder s WHERE s.id = d.target_id)"
_TARGET = _target(f"coalesce({_DIRECTORY}, named_in_own_conflict(d.target_id))")
_PERSON = (
    "json_build_object('id', d.person_id, 'name', coalesce((SELECT p.name FROM person p WHERE p.id = d.person_id), ''))"
)
_DECIDER = """CASE WHEN d.decided_by IS NULL THEN NULL ELSE json_build_object('id', d.decided_by, 'name',
  coalesce((SELECT p.name FROM person p WHERE p.id::text = d.decided_by), '')) END"""
_SHOWN = (
    f"d.id, {_PERSON} AS person, d.kind, {_TARGET} AS target, d.status, d.effect, d.from_on, d.until_on, d.explanation, d.reason, "
    f"d.is_risk_to_perceived_independence, d.declared_on, {_DECIDER} AS decided_by, d.decided_on, "
    "(:usual::jsonb ->> d.kind) AS usual_effect, coalesce(:allowed::jsonb -> d.status, '[]') AS allowed_actions"
)
_OWN = f"d.id, d.kind, {_target(_DIRECTORY)} AS target, d.status, d.effect, d.from_on, d.until_on, d.explanation, d.declared_on"
_SORTS = {"created_at": Sort("d.created_at", "timestamptz")}

CONFLICTS = Listing(
    columns=_SHOWN,
    source="conflict_declaration d",
    identity="d.id",
    sorts=_SORTS,
    default_sort="-created_at",
    filters={"person_id": "d.person_id = :person_id::uuid", "status": "d.status = ANY(:status::text[])"},
)
OWN_CONFLICTS = Listing(
    columns=_OWN,
    source="conflict_declaration d",
    identity="d.id",
    sorts=_SORTS,
    default_sort="-created_at",
    filters={"status": "d.status = ANY(:status::text[])"},
)
CONFLICT = f"SELECT {_SHOWN} FROM conflict_declaration d WHERE d.id = :conflict_id"
OWN_CONFLICT = f"SELECT {_OWN} FROM conflict_declaration d WHERE d.id = :conflict_id"
OF_PERSON = """
SELECT d.target_kind, d.target_id, d.status, d.effect, d.from_on, d.until_on FROM conflict_declaration d WHERE d.person_id = :person_id
"""
DECLARE = """
INSERT INTO conflict_declaration (id, person_id, kind, target_kind, target_id, status, effect, from_on, until_on, explanation,
  is_risk_to_perceived_independence, declared_on, created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
VALUES (:id, :person_id, :kind, :target_kind, :target_id, :status, 'none', :from_on, :until_on, :explanation,
  false, a22_today(), a22_now(), :by, a22_now(), :by, 1, 'RES', 'native')
"""
KEEP_PLACE = """
INSERT INTO known_place (id, name, operator_id, created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
SELECT n.id, n.name, n.operator_id, (SELECT a22_now()), 'system', (SELECT a22_now()), 'system', 1, 'INT', 'native'
FROM jsonb_populate_recordset(null::known_place, :rows::jsonb) n
ON CONFLICT (id) DO UPDATE SET name = excluded.name, operator_id = excluded.operator_id, updated_at = excluded.updated_at
"""


def _told(work: Work) -> dict[str, str]:
    usual = {kind.value: effects[0].value for kind, effects in STANDING_EFFECTS.items()}
    allowed = acting.allowed_actions(work, CONFLICT_DECLARATION, "transition_conflict")
    return {"usual": as_json(usual), "allowed": as_json(allowed)}


async def matching(work: Work, filters: ConflictFilters) -> Page:
    """Give a page of the conflicts that the caller may see."""
    return await fetch_page(work, CONFLICTS, filters, **_told(work))


async def in_full(work: Work, conflict_id: UUID) -> bytes:
    """Give one conflict, or raise NotFound."""
    return await fetch_one(work, CONFLICT, conflict_id=conflict_id, **_told(work))


async def own_matching(work: Work, filters: OwnConflictFilters) -> Page:
    """Give a page of the calling expert's own conflicts."""
    return await fetch_page(work, OWN_CONFLICTS, filters)


async def own_in_full(work: Work, conflict_id: UUID) -> bytes:
    """Give one of the calling expert's own conflicts, or raise NotFound."""
    return await fetch_one(work, OWN_CONFLICT, conflict_id=conflict_id)


async def lock(work: Work, conflict_id: UUID) -> ConflictDeclaration:
    """Take a conflict for a change, or raise NotFound."""
    found = await work.session.exec(
        select(ConflictDeclaration).where(col(ConflictDeclaration.id) == conflict_id).with_for_update()
    )
    conflict = found.one_or_none()
    if conflict is None:
        raise NotFound
    return conflict


async def of_person(work: Work, person_id: UUID) -> list[dict[str, Any]]:
    """Give what is on record of one person, as far as its effect goes."""
    return await fetch_rows(work, OF_PERSON, person_id=person_id)


async def declare(work: Work, values: Mapping[str, Any]) -> None:
    """Enter a conflict; whoever enters it may not be able to read it back."""
    await execute(work, DECLARE, **values, by=work.caller.person)


async def keep_places(work: Work, told: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep the names behind places' ids, and who runs them."""
    rows = [
        {"id": each, "name": str(said["name"]), "operator_id": said.get("operator_id")} for each, said in told.items()
    ]
    await execute(work, KEEP_PLACE, rows=as_json(rows))
