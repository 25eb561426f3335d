"""What people do with institutions: enter, correct, close. No HTTP, no SQL, no clock of its own."""

from uuid import UUID

from services.stakeholders.authorities import queries, rules
from services.stakeholders.authorities.rules import StakeholderKind
from services.stakeholders.authorities.schemas import (
    AuthorityCreate,
    AuthorityUpdate,
    DepartmentCreate,
)
from services.stakeholders.authorities.tables import Stakeholder
from services.stakeholders.dialogue.rules import DIALOGUE_RELATION, RelationAction
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch
from shared.texts import folded

#: The kinds with whom the NPM keeps a dialogue as a relation with states.
_IN_DIALOGUE = (StakeholderKind.AUTHORITY, StakeholderKind.DEPARTMENT, StakeholderKind.MONITORING_BODY)


def record_change(work: Work, stakeholder: Stakeholder) -> None:
    """Tell the other services what they keep of an institution."""
    former = [str(each["name"]) for each in stakeholder.former_names]
    told = {
        "name": stakeholder.name,
        "kind": stakeholder.kind,
        "category": stakeholder.category,
        "aliases": [each for each in (stakeholder.abbreviation, *former) if each],
        "parent_ids": [str(each["id"]) for each in stakeholder.parents],
    }
    work.record(Event("stakeholders.stakeholder.changed", stakeholder.id, told))


def begin_relation(work: Work, stakeholder: Stakeholder) -> None:
    """Begin the dialogue with an institution of a kind that the NPM keeps one with."""
    if StakeholderKind(stakeholder.kind) in _IN_DIALOGUE:
        stakeholder.relation_state = DIALOGUE_RELATION.initial.value
        work.record(Event(DIALOGUE_RELATION.create[RelationAction.MAP].event, stakeholder.id))


async def register_authority(work: Work, new: AuthorityCreate) -> UUID:
    """Enter an institution into the directory."""
    written = {**new.model_dump(mode="json"), "founded_on": new.founded_on, "closed_on": new.closed_on}
    stakeholder = Stakeholder(**written, **await stamps(work), sort_name=folded(new.name))
    await _check_relatives(work, stakeholder, parents=bool(new.parents), successors=bool(new.successor_ids))
    begin_relation(work, stakeholder)
    work.session.add(stakeholder)
    record_change(work, stakeholder)
    return stakeholder.id


async def register_department(work: Work, authority_id: UUID, new: DepartmentCreate) -> UUID:
    """Enter a department of an institution; it is an institution with one above it."""
    await queries.must_exist(work, authority_id)
    department = Stakeholder(
        **new.model_dump(mode="json"),
        **await stamps(work),
        kind=StakeholderKind.DEPARTMENT.value,
        sort_name=folded(new.name),
        parents=[{"id": str(authority_id), "relation": "department", "from_on": None, "to_on": None}],
    )
    begin_relation(work, department)
    work.session.add(department)
    record_change(work, department)
    return department.id


async def update_authority(work: Work, authority_id: UUID, if_match: str, changes: AuthorityUpdate) -> UUID:
    """Correct an institution's entry or close it; a former name is kept with the day it ended."""
    stakeholder = await queries.lock(work, authority_id)
    expect(if_match, await queries.in_full(work, authority_id))
    days = {name: getattr(changes, name) for name in ("founded_on", "closed_on")}
    sent = changes.model_dump(mode="json")
    if sent.get("name", stakeholder.name) != stakeholder.name:
        until = (await work.today()).isoformat()
        stakeholder.former_names = [*stakeholder.former_names, {"name": stakeholder.name, "until": until}]
        stakeholder.sort_name = folded(sent["name"])
    for name, value in sent.items():
        setattr(stakeholder, name, days.get(name, value))
    await _check_relatives(work, stakeholder, parents="parents" in sent, successors="successor_ids" in sent)
    await touch(work, stakeholder)
    record_change(work, stakeholder)
    return stakeholder.id


async def _check_relatives(work: Work, stakeholder: Stakeholder, *, parents: bool, successors: bool) -> None:
    """Refuse parents and successors that are not in the directory, and a circle of parents."""
    if successors:
        following = [UUID(each) for each in stakeholder.successor_ids]
        known = await queries.known(work, following)
        for number, each in enumerate(following):
            if each not in known or each == stakeholder.id:
                invalid(f"/successor_ids/{number}", "unknown", "no other institution of the directory has this id")
    if not parents:
        return
    above = [str(each["id"]) for each in stakeholder.parents]
    present = await queries.known(work, [UUID(each) for each in above])
    for number, parent in enumerate(above):
        if UUID(parent) not in present and parent != str(stakeholder.id):
            invalid(f"/parents/{number}/id", "unknown", "no institution of the directory has this id")
    graph = await queries.lock_graph(work)
    if not rules.no_cycle({**graph, str(stakeholder.id): above}):
        raise Conflict(
            "an institution would stand above itself",
            errors=[FieldError("/parents", "cycle", "the parents lead back to the institution itself")],
        )
