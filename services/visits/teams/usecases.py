"""Who goes on a visit: giving and taking roles, and what stands against a team. No HTTP, no SQL, no clock of its own."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.visits.assignments.rules import EXPERT_ASSIGNMENT, AssignmentAction, AssignmentGap, AssignmentStatus
from services.visits.teams import queries
from services.visits.teams.schemas import TeamRoleCreate
from services.visits.teams.tables import VisitRole
from services.visits.visits import queries as visits
from services.visits.visits.rules.status import VisitRole as Role
from services.visits.visits.rules.status import VisitStatus
from services.visits.visits.rules.team import (
    SHUT_OUT,
    Accreditation,
    Conflict,
    ConflictEffect,
    PersonKind,
    TeamMember,
    TeamProblem,
    TeamProblemKind,
    VisitedPlace,
    is_shut_out,
    may_hold,
    team_problems,
)
from services.visits.visits.tables import Visit
from shared.db import Work
from shared.errors import Conflict as Refused
from shared.errors import FieldError, Forbidden, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch

#: Problems that are settled before somebody joins; the others have time until the visit is confirmed.
AT_ONCE = frozenset({TeamProblemKind.ROLE_CLOSED, TeamProblemKind.CONFLICT, TeamProblemKind.ORIGIN_AUTHORITY})
OPEN_TO_CHANGE = frozenset({VisitStatus.PROPOSED, VisitStatus.PLANNED, VisitStatus.PREPARING, VisitStatus.POSTPONED})


async def require_head_or_team(work: Work, visit: Visit, *roles: Role) -> None:
    """Refuse whoever is neither the head nor on the team (or, where named, holds none of these roles)."""
    held = await queries.functions_of(work, visit.id, visits.person(work))
    is_proposer = visit.status == VisitStatus.PROPOSED and visit.created_by == work.caller.person
    if "head" in work.caller.roles or is_proposer or (held & {role.value for role in roles} if roles else held):
        return
    raise Forbidden


async def places(work: Work, visit: Visit) -> list[VisitedPlace]:
    """Give the places of a visit with the authorities behind them."""
    return [_place(row, [visit.id], tuple(row["days"])) for row in await visits.places_of(work, visit.id)]


def _place(row: Mapping[str, Any], visit_ids: Sequence[UUID], days: tuple[date, ...] = ()) -> VisitedPlace:
    return VisitedPlace(
        place_id=str(row["place_id"]),
        authority_ids=frozenset(_authorities(row)),
        days=days,
        visit_ids=frozenset(map(str, visit_ids)),
    )


async def is_kept_from(
    work: Work, person_id: UUID, *, place_ids: Sequence[UUID], visit_ids: Sequence[UUID], day: date
) -> bool:
    """Whether a conflict on record leaves somebody nothing of one of these places or visits on that day."""
    on_record = [_conflict(each) for each in await queries.conflicts_of(work, {person_id})]
    if any(each.effect_on(day) in SHUT_OUT for each in on_record if each.matter_ids & set(map(str, visit_ids))):
        return True
    found = [_place(row, visit_ids) for row in await queries.places_by_id(work, place_ids)]
    return any(is_shut_out(on_record, place, day) for place in found)


def _authorities(row: Mapping[str, Any]) -> list[str]:
    supervising = [str(each["authority_id"]) for each in json.loads(row["supervising"]) if each.get("authority_id")]
    return supervising + ([str(row["operator_id"])] if row["operator_id"] else [])


async def members(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[TeamMember]:
    """Give the holders of roles with their accreditations and conflicts, as the rules look at them."""
    person_ids = {row["person_id"] for row in rows}
    granted = await queries.accreditations_of(work, person_ids)
    conflicts = await queries.conflicts_of(work, person_ids)
    return [
        TeamMember(
            person_id=str(row["person_id"]),
            kind=PersonKind(row["kind"]),
            role=Role(row["role"]),
            accreditations=tuple(_accreditation(each) for each in granted if each["person_id"] == row["person_id"]),
            conflicts=tuple(_conflict(each) for each in conflicts if each["person_id"] == row["person_id"]),
            origin_authority_id=str(row["origin_authority_id"]) if row["origin_authority_id"] else None,
            standing_from_on=row["standing_from_on"],
            standing_to_on=row["standing_to_on"],
            prepared_on=row["prepared_on"],
        )
        for row in rows
        if row["kind"]
    ]


def _accreditation(row: Mapping[str, Any]) -> Accreditation:
    return Accreditation(authority_id=str(row["authority_id"]), from_on=row["from_on"], to_on=row["to_on"])


def _conflict(row: Mapping[str, Any]) -> Conflict:
    target = frozenset({str(row["target_id"])}) if row["target_id"] else frozenset()
    return Conflict(
        effect=ConflictEffect(row["effect"]),
        is_decided=row["is_decided"],
        place_ids=target if row["target_kind"] == "place" else frozenset(),
        authority_ids=target if row["target_kind"] == "authority" else frozenset(),
        person_refs=target if row["target_kind"] == "person" else frozenset(),
        matter_ids=target if row["target_kind"] == "matter" else frozenset(),
        from_on=row["from_on"],
        until_on=row["until_on"],
    )


async def problems(work: Work, visit: Visit) -> list[TeamProblem]:
    """Say what stands against the team as it is (R-V57 to R-V60, R-V67, R-S86)."""
    rows = await queries.roles_of(work, visit.id)
    return team_problems(await members(work, rows), await places(work, visit), visit.days)


def told(found: Sequence[TeamProblem], names: Mapping[str, str]) -> list[FieldError]:
    """Write team problems as errors: who by id in the pointer, by name in the sentence. Never why a conflict is one."""
    return [
        FieldError(
            f"/team/{problem.person_id}" if problem.person_id else "/team",
            problem.code,
            f"{names.get(problem.person_id, '')} {problem.sentence}".strip(),
        )
        for problem in found
    ]


async def names(work: Work, visit: Visit) -> dict[str, str]:
    """Give the names of the team by id."""
    return {str(row["person_id"]): row["name"] for row in await queries.roles_of(work, visit.id)}


async def add_role(work: Work, visit_id: UUID, new: TeamRoleCreate) -> UUID:
    """Give somebody a role; a conflict of interest that excludes refuses at once, with its code (R-V59)."""
    visit = await visits.lock(work, visit_id)
    await require_head_or_team(work, visit, Role.LEAD)
    if VisitStatus(visit.status) not in OPEN_TO_CHANGE:
        raise Refused(f"cannot change the team while {visit.status}")
    await give_role(work, visit, new)
    return visit.id


async def give_role(work: Work, visit: Visit, new: TeamRoleCreate) -> None:
    """Check and keep one role."""
    known = await queries.person_known(work, new.person_id)
    if known is None:
        invalid("/person_id", "unknown_person", "nobody of this id works for the NPM or is its expert")
    kind = PersonKind(known["kind"])
    if kind is PersonKind.EXPERT and not new.tasks:
        invalid("/tasks", AssignmentGap.TASKS.value, AssignmentGap.TASKS.label)
    row = {**known, "person_id": new.person_id, "role": new.role.value, "prepared_on": None}
    found = team_problems(await members(work, [row]), await places(work, visit), visit.days or [await work.today()])
    refused = [problem for problem in found if problem.kind in AT_ONCE]
    if refused or not may_hold(kind, new.role):
        errors = [FieldError("/person_id", problem.code, problem.sentence) for problem in refused]
        raise Refused(f"{known['name']} " + "; ".join({each.detail for each in errors}), errors=errors)
    if any(
        each["person_id"] == new.person_id and each["role"] == new.role.value
        for each in await queries.roles_of(work, visit.id)
    ):
        raise Refused("this person already has this role")
    status = EXPERT_ASSIGNMENT.initial.value if kind is PersonKind.EXPERT else None
    held = VisitRole(
        visit_id=visit.id, person_id=new.person_id, role=new.role.value, tasks=new.tasks, assignment_status=status,
        **await stamps(work),
    )  # fmt: skip
    work.session.add(held)
    await _changed(work, visit)
    name = EXPERT_ASSIGNMENT.create[AssignmentAction.PROPOSE].event if status else "visits.visit_role.given"
    _recorded(work, name, held)


async def remove_role(work: Work, visit_id: UUID, role_id: UUID, if_match: str) -> UUID:
    """Take a role away; nobody shuts themselves out of a secret visit."""
    visit = await visits.lock(work, visit_id)
    expect(if_match, await visits.in_full(work, visit_id))
    await require_head_or_team(work, visit, Role.LEAD)
    if VisitStatus(visit.status) not in OPEN_TO_CHANGE:
        raise Refused(f"cannot change the team while {visit.status}")
    held = await queries.role(work, visit_id, role_id)
    mine = [row for row in await queries.roles_of(work, visit_id) if str(row["person_id"]) == visits.person(work)]
    if "head" not in work.caller.roles and [row["id"] for row in mine] == [role_id]:
        raise Refused("your last role in a visit is taken by the head")
    await queries.drop_role(work, role_id)
    await _changed(work, visit)
    _recorded(work, "visits.expert_assignment.withdrawn" if held.assignment_status else "visits.visit_role.taken", held)
    return visit.id


async def _changed(work: Work, visit: Visit) -> None:
    await work.flush()
    await queries.keep_team(work, visit)
    await touch(work, visit)
    # the whole list, so that whoever left loses at once what came with the visit elsewhere
    experts = await visits.experts_of(work, visit.id)
    work.record(Event("visits.visit.team_changed", visit.id, {"id": str(visit.id), "expert_ids": experts}))


def _recorded(work: Work, name: str, held: VisitRole) -> None:
    values = {"visit_id": str(held.visit_id), "person_id": str(held.person_id), "role": held.role}
    work.record(Event(name, held.id, values, leaves=False))


async def walk(work: Work, visit: Visit, *actions: AssignmentAction) -> None:
    """Lead the experts' assignments along with their visit; one that cannot take a step stays where it is."""
    for held in await queries.assignments(work, visit.id):
        for action in actions:
            found = EXPERT_ASSIGNMENT.transitions.get((AssignmentStatus(str(held.assignment_status)), action))
            if found is not None:
                held.assignment_status = found.to.value
                _recorded(work, found.event, held)
        await touch(work, held)


async def debriefed(work: Work, visit: Visit, heard: set[str], on: date) -> None:
    """Note for the experts who attended or wrote that they were heard (R-V89)."""
    for held in await queries.assignments(work, visit.id):
        if str(held.person_id) in heard:
            held.debriefed_on = on
            await touch(work, held)


async def keep_person(work: Work, person_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep the name and the kind behind a person's id."""
    known = {"name": str(told["name"]), "kind": str(told["kind"]), "expertise": list(told.get("expertise") or ())}
    origin = told.get("origin_authority_id")
    await queries.keep(work, queries.KEEP_PERSON, id=person_id, **known, origin_authority_id=origin)
    work.record(Event("visits.person.kept", person_id, {}, leaves=False))


async def keep_standing(work: Work, person_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep the days on which an expert is in standing; suspended, ended or not yet through means none."""
    from_on, to_on = day_of(told.get("from")), day_of(told.get("to"))
    is_coming = told.get("state") == "accredited" and from_on is not None and from_on > await work.today()
    stands = bool(told.get("in_standing")) or is_coming
    days = {"from_on": from_on, "to_on": to_on} if stands else {"from_on": None, "to_on": None}
    await queries.keep(work, queries.KEEP_STANDING, id=person_id, **days)
    work.record(Event("visits.standing.kept", person_id, {"stands": stands}, leaves=False))


async def keep_accreditation(work: Work, accreditation_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep for which authority somebody is accredited, and when; one that never ran is no accreditation."""
    from_on, to_on = day_of(told.get("from")), day_of(told.get("to"))
    if from_on is None or to_on is None:
        return
    await queries.keep(
        work,
        queries.KEEP_ACCREDITATION,
        id=accreditation_id,
        person_id=UUID(str(told["person_id"])),
        authority_id=UUID(str(told["authority_id"])),
        status=str(told["state"]),
        from_on=from_on,
        to_on=to_on,
    )
    work.record(Event("visits.accreditation.kept", accreditation_id, {}, leaves=False))


async def keep_conflict(work: Work, conflict_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep what a conflict keeps somebody from; until it is decided it shuts out, as a precaution."""
    status, effect = str(told["state"]), ConflictEffect(told.get("effect") or ConflictEffect.EXCLUDE_VISIT)
    is_over = status in ("no_conflict", "lifted")
    is_decided = status == "in_force" or is_over
    target = told.get("target_id")
    await queries.keep(
        work,
        queries.KEEP_CONFLICT,
        id=conflict_id,
        person_id=UUID(str(told["person_id"])),
        target_kind=str(told.get("target_kind") or ""),
        target_id=UUID(str(target)) if target else None,
        effect=effect.value,
        is_decided=is_decided,
        is_over=is_over,
        shuts_out=not is_over and (not is_decided or effect in SHUT_OUT),
        from_on=day_of(told.get("from")) if is_decided else None,
        until_on=day_of(told.get("until")) if is_decided else None,
    )
    work.record(Event("visits.conflict.kept", conflict_id, {}, leaves=False))


def day_of(text: Any) -> date | None:
    """Read a day of an event."""
    return date.fromisoformat(str(text)[:10]) if text else None
