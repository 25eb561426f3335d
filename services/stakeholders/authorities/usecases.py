"""What people do with institutions: enter, correct, close, import. No HTTP, no SQL, no clock of its own."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.stakeholders.authorities import queries, rules
from services.stakeholders.authorities.rules import StakeholderKind
from services.stakeholders.authorities.schemas import (
    AuthorityCreate,
    AuthorityImportRow,
    AuthorityUpdate,
    DepartmentCreate,
)
from services.stakeholders.authorities.tables import Stakeholder
from services.stakeholders.dialogue.rules import DIALOGUE_RELATION, RelationAction
from services.stakeholders.imports import queries as imported_rows
from services.stakeholders.imports import usecases as imports
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.imports import Imported, ImportOrder
from shared.journal import Event
from shared.records import stamps, touch
from shared.schemas import BadLine
from shared.texts import folded

#: The kinds with whom the NPM keeps a dialogue as a relation with states.
_IN_DIALOGUE = (StakeholderKind.AUTHORITY, StakeholderKind.DEPARTMENT, StakeholderKind.MONITORING_BODY)

Rows = Sequence[AuthorityImportRow | BadLine]
Directory = imports.Batch[AuthorityImportRow, Stakeholder]


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


def _begin_relation(work: Work, stakeholder: Stakeholder) -> None:
    if StakeholderKind(stakeholder.kind) in _IN_DIALOGUE:
        stakeholder.relation_state = DIALOGUE_RELATION.initial.value
        work.record(Event(DIALOGUE_RELATION.create[RelationAction.MAP].event, stakeholder.id))


async def register_authority(work: Work, new: AuthorityCreate) -> UUID:
    """Enter an institution into the directory."""
    written = {**new.model_dump(mode="json"), "founded_on": new.founded_on, "closed_on": new.closed_on}
    stakeholder = Stakeholder(**written, **await stamps(work), sort_name=folded(new.name))
    await _check_relatives(work, stakeholder, parents=bool(new.parents), successors=bool(new.successor_ids))
    _begin_relation(work, stakeholder)
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
    _begin_relation(work, department)
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


async def import_authorities(work: Work, order: ImportOrder, rows: Rows) -> Imported:
    """Take the rows of a list of institutions; parents are resolved after all rows are known (imported history)."""
    batch: Directory = await imports.sort_out(work, Stakeholder, order, rows)
    if batch.is_refused():
        return batch.outcome
    ids = {row: batch.known[row].id if row in batch.known else batch.rows[row].id or uuid4() for row in batch.rows}
    parents = await _resolved(work, batch, ids)
    if batch.is_refused():
        return batch.outcome
    for row in batch.rows.values():
        given = row.model_copy(update={"id": ids[row.row]})
        kept = await imports.keep(work, batch, given, _values(row, parents[row.row]))
        if kept is not None:
            if kept.relation_state is None:
                _begin_relation(work, kept)
            record_change(work, kept)
    return batch.outcome


def _values(row: AuthorityImportRow, parents: list[str]) -> dict[str, Any]:
    days: dict[str, date | None] = {"founded_on": row.founded_on, "closed_on": row.closed_on}
    written = row.model_dump(mode="json", exclude={"row", "line", "id", "doubt", "note", "parents", "competence"})
    above = [{"id": parent, "relation": "", "from_on": None, "to_on": None} for parent in parents]
    return {**written, **days, "competence": row.competence or "", "parents": above, "sort_name": folded(row.name)}


async def _resolved(work: Work, batch: Directory, ids: dict[str, UUID]) -> dict[str, list[str]]:
    """Give the parents' ids of each row; a parent that is not there or would close a circle is left out and reported."""
    graph = await queries.lock_graph(work)
    asked = {parent for row in batch.rows.values() for parent in row.parents} - set(ids)
    before = await imported_rows.imported(work, Stakeholder, batch.order.source, asked) if asked else {}
    every = {**{row: str(each.id) for row, each in before.items()}, **{row: str(each) for row, each in ids.items()}}
    wanted = {
        row.row: list(dict.fromkeys(every[parent] for parent in row.parents if parent in every))
        for row in batch.rows.values()
    }
    for row in batch.rows.values():
        for number, parent in enumerate(row.parents):
            if parent not in every:
                batch.outcome.refuse(row, f"/parents/{number}", "unknown_parent", "no row of this source has this id")
    whole = {**graph, **{every[row]: above for row, above in wanted.items()}}
    return wanted if rules.no_cycle(whole) else _without_circles(batch, graph, every, wanted)


def _without_circles(
    batch: Directory, graph: dict[str, list[str]], every: dict[str, str], wanted: dict[str, list[str]]
) -> dict[str, list[str]]:
    """Take the edges one by one, in the order of the file; the one that closes a circle is left out."""
    growing: dict[str, list[str]] = {**graph, **{every[row]: [] for row in wanted}}
    kept: dict[str, list[str]] = {}
    for row, above in wanted.items():
        kept[row] = []
        for parent in above:
            if rules.may_be_parent(growing, every[row], parent):
                growing[every[row]] = [*growing[every[row]], parent]
                kept[row].append(parent)
            else:
                batch.outcome.refuse(batch.rows[row], "/parents", "cycle", "this parent stands below the institution")
    return kept
