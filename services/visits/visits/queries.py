"""Every read of visits, each starting from what the caller may see."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.visits.visits.rules.status import VISIT, VisitStatus
from services.visits.visits.schemas.authority import AuthorityVisitFilters
from services.visits.visits.schemas.expert import ExpertVisitFilters
from services.visits.visits.schemas.npm import VisitFilters
from services.visits.visits.tables import Visit, VisitPlace
from shared.access import actions_open_to
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_PLACE_NAMES = """(SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.sort_name, p.id), '[]')
  FROM visit_place vp JOIN place p ON p.id = vp.place_id WHERE vp.visit_id = v.id)"""
_LEAD = """(SELECT json_build_object('id', r.person_id, 'name', coalesce(k.name, '')) FROM visit_role r
  LEFT JOIN known_person k ON k.id = r.person_id WHERE r.visit_id = v.id AND r.role = 'lead' ORDER BY r.id LIMIT 1)"""
_TEAM = """(SELECT coalesce(json_agg(json_build_object('id', r.id,
    'person', json_build_object('id', r.person_id, 'name', coalesce(k.name, '')), 'kind', nullif(k.kind, ''), 'role', r.role,
    'tasks', r.tasks, 'assignment_status', r.assignment_status, 'prepared_on', r.prepared_on, 'debriefed_on', r.debriefed_on)
    ORDER BY r.role, r.person_id), '[]')
  FROM visit_role r LEFT JOIN known_person k ON k.id = r.person_id WHERE r.visit_id = v.id)"""
_FIRST_ON = Sort("coalesce(v.first_on, 'infinity'::date)", "date")

VISITS = Listing(
    columns=f"v.id, v.code, v.type, v.status, v.announcement, v.first_on, v.last_on, {_PLACE_NAMES} AS places, {_LEAD} AS lead, v.origin",
    source="visit v",
    identity="v.id",
    sorts={"first_on": _FIRST_ON, "updated_at": Sort("v.updated_at", "timestamptz")},
    default_sort="-first_on",
    filters={
        "status": "v.status = ANY(:status::text[])",
        "type": "v.type = ANY(:type::text[])",
        "place_id": "EXISTS (SELECT 1 FROM visit_place vp WHERE vp.visit_id = v.id AND vp.place_id = :place_id::uuid)",
        "person_id": "EXISTS (SELECT 1 FROM visit_role r WHERE r.visit_id = v.id AND r.person_id = :person_id::uuid)",
        "day_from": "v.last_on >= :day_from::date",
        "day_to": "v.first_on <= :day_to::date",
        "origin": "v.origin = :origin",
        "q": "starts_with(lower(v.code), lower(:q))",
    },
)

VISIT_IN_FULL = f"""
SELECT v.id, v.code, v.type, v.purposes, v.announcement, v.status, v.days,
  (SELECT coalesce(json_agg(json_build_object('place', json_build_object('id', p.id, 'name', p.name), 'days', vp.days,
    'access', vp.access, 'people_present', vp.people_present, 'name_then', vp.place_name, 'operator_then', vp.operator_name) ORDER BY p.sort_name, p.id), '[]')
    FROM visit_place vp JOIN place p ON p.id = vp.place_id WHERE vp.visit_id = v.id) AS places,
  {_TEAM} AS team, v.justification, v.activity_id, v.proposal_id, v.begun_on, v.completed_on,
  v.status = 'in_progress' AND a22_today() > v.last_on AS is_overrun,
  v.preparation, v.interview_plan, v.joint_agreement, v.sessions, v.meetings, v.debriefing, v.report_outcome,
  v.note_to_file, v.last_reason, v.origin,
  CASE WHEN v.source IS NULL THEN NULL ELSE json_build_object('source', v.source, 'row', v.source_row) END AS imported_from, v.source_note AS import_note,
  coalesce((CASE WHEN EXISTS (SELECT 1 FROM visit_role r WHERE r.visit_id = v.id AND r.role = 'lead' AND r.person_id::text = :person)
    THEN :as_lead::jsonb ELSE :as_other::jsonb END) -> v.status, '[]') AS allowed_actions
FROM visit v WHERE v.id = :visit_id
"""

EXPERT_VISITS = Listing(
    columns=f"v.id, v.code, v.type, v.status, v.days, {_PLACE_NAMES} AS places, v.origin",
    source="visit v",
    identity="v.id",
    sorts={"first_on": _FIRST_ON},
    default_sort="-first_on",
    filters={"status": "v.status = ANY(:status::text[])"},
)

EXPERT_VISIT = """
SELECT v.id, v.code, v.type, v.purposes, v.announcement, v.status, v.days,
  (SELECT coalesce(json_agg(json_build_object('place', json_build_object('id', p.id, 'name', p.name), 'days', vp.days)
    ORDER BY p.sort_name, p.id), '[]') FROM visit_place vp JOIN place p ON p.id = vp.place_id WHERE vp.visit_id = v.id) AS places,
  (SELECT json_agg(json_build_object('role', r.role, 'tasks', r.tasks, 'assignment_status', r.assignment_status,
    'prepared_on', r.prepared_on, 'debriefed_on', r.debriefed_on) ORDER BY r.role) FROM visit_role r WHERE r.visit_id = v.id) AS own_roles,
  v.interview_plan, v.origin
FROM visit v WHERE v.id = :visit_id
"""

_BEGUN = """(SELECT vp.visit_id, min(vp.first_on) AS started_on,
    json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.sort_name, p.id) AS places,
    array_agg(vp.days::text) AS day_lists
  FROM visit_place vp JOIN place p ON p.id = vp.place_id GROUP BY vp.visit_id)"""
_DAYS_SO_FAR = """(SELECT coalesce(json_agg(d.day ORDER BY d.day), '[]') FROM (SELECT DISTINCT day FROM unnest(b.day_lists) listed,
  unnest(listed::date[]) day WHERE day <= a22_today()) d)"""

AUTHORITY_VISITS = Listing(
    columns=f"v.id, v.code, b.places AS places, b.started_on AS started_on, {_DAYS_SO_FAR} AS days, v.origin",
    source=f"visit v JOIN {_BEGUN} b ON b.visit_id = v.id",
    identity="v.id",
    sorts={"started_on": Sort("b.started_on", "date")},
    default_sort="-started_on",
)
AUTHORITY_VISIT = f"""
SELECT v.id, v.code, b.places AS places, b.started_on AS started_on, {_DAYS_SO_FAR} AS days, v.origin
FROM visit v JOIN {_BEGUN} b ON b.visit_id = v.id WHERE v.id = :visit_id
"""

PLACES_OF = """
SELECT vp.place_id, p.name, p.status, p.operator_id, p.supervising::text AS supervising, vp.days
FROM visit_place vp JOIN place p ON p.id = vp.place_id WHERE vp.visit_id = :visit_id ORDER BY p.sort_name, p.id
"""
KNOWN_PLACES = "SELECT id, name, status FROM place WHERE id = ANY(:place_ids::uuid[])"
DROP_PLACES = "DELETE FROM visit_place WHERE visit_id = :visit_id"
BEGIN_AT_PLACES = "UPDATE visit_place SET has_begun = true, updated_at = a22_now() WHERE visit_id = :visit_id"
EXISTS = "SELECT 1 FROM visit v WHERE v.id = :visit_id"
INCIDENTS = "SELECT id FROM access_incident WHERE visit_id = :visit_id LIMIT 1"
CHECKED_FOR_REPRISALS = """
UPDATE external_visit SET reprisal_checked_on = a22_today(), updated_at = a22_now(), version = version + 1
WHERE place_ids <@ :place_ids::uuid[] AND reprisal_check_due_on IS NOT NULL AND reprisal_checked_on IS NULL
"""


def person(work: Work) -> str:
    """Give the id of the human who is calling."""
    return work.caller.person


def _allowed(work: Work, *functions: str) -> dict[str, list[str]]:
    row = work.table.get(f"{work.caller.audience_class}.transition_visit")
    if row is None:
        return {}
    open_to, held = actions_open_to(row, work.caller), work.caller.roles | set(functions)
    return {
        state.value: [action.value for action in VISIT.allowed(state, held) if action.value in open_to]
        for state in VisitStatus
    }


EXPERTS_OF = """
SELECT DISTINCT r.person_id FROM visit_role r JOIN known_person k ON k.id = r.person_id
WHERE r.visit_id = :visit_id AND k.kind = 'expert' AND coalesce(r.assignment_status, '') <> 'withdrawn'
"""


async def matching(work: Work, filters: VisitFilters) -> Page:
    """Give a page of the programme."""
    return await fetch_page(work, VISITS, filters)


async def in_full(work: Work, visit_id: UUID) -> bytes:
    """Give one visit with all its parts, or raise NotFound."""
    return await fetch_one(
        work,
        VISIT_IN_FULL,
        visit_id=visit_id,
        person=person(work),
        as_lead=as_json(_allowed(work, "lead")),
        as_other=as_json(_allowed(work)),
    )


async def of_expert(work: Work, filters: ExpertVisitFilters) -> Page:
    """Give a page of the visits on whose team the calling expert is."""
    return await fetch_page(work, EXPERT_VISITS, filters)


async def one_of_expert(work: Work, visit_id: UUID) -> bytes:
    """Give one visit as an expert on its team sees it."""
    return await fetch_one(work, EXPERT_VISIT, visit_id=visit_id)


async def begun_at_own_places(work: Work, filters: AuthorityVisitFilters) -> Page:
    """Give a page of the begun visits at places that the calling authority runs."""
    return await fetch_page(work, AUTHORITY_VISITS, filters)


async def one_begun_at_own_place(work: Work, visit_id: UUID) -> bytes:
    """Give one begun visit as the authority that runs the place sees it."""
    return await fetch_one(work, AUTHORITY_VISIT, visit_id=visit_id)


async def lock(work: Work, visit_id: UUID) -> Visit:
    """Take a visit for a change, or raise NotFound."""
    found = await work.session.exec(select(Visit).where(col(Visit.id) == visit_id).with_for_update())
    visit = found.one_or_none()
    if visit is None:
        raise NotFound
    return visit


async def require_visible(work: Work, visit_id: UUID) -> None:
    """Raise NotFound unless the caller sees the visit."""
    if not await fetch_rows(work, EXISTS, visit_id=visit_id):
        raise NotFound


async def places_of(work: Work, visit_id: UUID) -> list[dict[str, Any]]:
    """Give the places of a visit with who stands behind them."""
    return await fetch_rows(work, PLACES_OF, visit_id=visit_id)


async def experts_of(work: Work, visit_id: UUID) -> list[str]:
    """Give the experts who have a part in a visit and were not withdrawn."""
    return sorted(str(row["person_id"]) for row in await fetch_rows(work, EXPERTS_OF, visit_id=visit_id))


async def known_places(work: Work, place_ids: Iterable[UUID]) -> Mapping[UUID, dict[str, Any]]:
    """Give those of these places that the register has."""
    rows = await fetch_rows(work, KNOWN_PLACES, place_ids=list(place_ids))
    return {row["id"]: row for row in rows}


async def put_places(work: Work, places: list[VisitPlace]) -> None:
    """Set the places of a visit, in the place of what it had."""
    await execute(work, DROP_PLACES, visit_id=places[0].visit_id)
    work.session.add_all(places)
    await work.flush()


async def begin_at_places(work: Work, visit_id: UUID) -> None:
    """Show the visit to the authorities of its places, each from its own first day."""
    await execute(work, BEGIN_AT_PLACES, visit_id=visit_id)


async def has_incident(work: Work, visit_id: UUID) -> bool:
    """Tell whether an access incident was filed for the visit."""
    return bool(await fetch_rows(work, INCIDENTS, visit_id=visit_id))


async def settle_reprisal_checks(work: Work, place_ids: list[UUID]) -> None:
    """Note that the places were checked for reprisals after the visits of others."""
    await execute(work, CHECKED_FOR_REPRISALS, place_ids=place_ids)


def span(days: list[date]) -> dict[str, Any]:
    """Give days with the first and the last of them."""
    ordered = sorted(set(days))
    return {"days": ordered, "first_on": ordered[0] if ordered else None, "last_on": ordered[-1] if ordered else None}
