"""What people do with the entries of the NPM's own people: enter, correct, import. No HTTP, no SQL.

Whenever somebody's past changes, the conflicts that it speaks for are entered as detected.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.stakeholders.accounts import usecases as accounts
from services.stakeholders.authorities import queries as authorities
from services.stakeholders.conflicts import usecases as conflicts
from services.stakeholders.imports import usecases as imports
from services.stakeholders.persons import queries, rules
from services.stakeholders.persons.rules import EmployerKind, InstitutionPersonKind
from services.stakeholders.persons.schemas import InstitutionPersonCreate, InstitutionPersonUpdate, PersonImportRow
from services.stakeholders.persons.tables import Person
from shared.db import Work
from shared.errors import invalid
from shared.http import expect
from shared.imports.envelope import Imported, ImportOrder
from shared.journal import Event
from shared.records import stamps, touch
from shared.schemas import BadLine
from shared.texts import folded

Rows = Sequence[PersonImportRow | BadLine]


def record_change(work: Work, person: Person) -> None:
    """Tell the other services the name behind a person's id, and in what the person is expert."""
    told = {"name": person.name, "kind": person.kind, "expertise": person.expertise}
    work.record(Event("stakeholders.person.changed", person.id, told))


async def register_person(work: Work, new: InstitutionPersonCreate) -> UUID:
    """Enter a member, an employee or a seconded official."""
    person = Person(**new.model_dump(mode="json"), **await stamps(work), sort_name=folded(new.name))
    await _check(work, person)
    work.session.add(person)
    record_change(work, person)
    await detect_conflicts(work, person)
    return person.id


async def update_person(work: Work, person_id: UUID, if_match: str, changes: InstitutionPersonUpdate) -> UUID:
    """Correct somebody's entry."""
    person = await queries.lock(work, person_id, is_expert=False)
    expect(if_match, await queries.in_full(work, person_id))
    before = past_of(person)
    for name, value in changes.model_dump(mode="json").items():
        setattr(person, name, value)
    person.sort_name = folded(person.name)
    await _check(work, person)
    await touch(work, person)
    record_change(work, person)
    await detect_conflicts(work, person, before=before)
    await accounts.end_with_office(work, person)
    return person.id


async def _check(work: Work, person: Person) -> None:
    origin = (person.secondment or {}).get("origin_id")
    for problem in rules.secondment_problems(InstitutionPersonKind(person.kind), has_origin=origin is not None):
        invalid("/secondment", problem.value, problem.label)
    if origin is not None and not await authorities.known(work, [UUID(origin)]):
        invalid("/secondment/origin_id", "unknown", "no institution of the directory has this id")


def past_of(person: Person) -> tuple[rules.Found, ...]:
    """Give the conflicts that somebody's past speaks for."""
    history = [
        rules.Employment(EmployerKind(each["employer_kind"]), each["employer_id"]) for each in person.employment_history
    ]
    return rules.conflicts_of_the_past(history, origin_id=(person.secondment or {}).get("origin_id"))


async def detect_conflicts(work: Work, person: Person, *, before: Sequence[rules.Found] = ()) -> None:
    """Enter what is new in somebody's past as detected conflicts: precaution until somebody has decided (R-S90)."""
    for each in past_of(person):
        if each not in before:
            await conflicts.detect_conflict(work, person.id, each.kind, each.target_kind.value, UUID(each.target_id))


async def import_persons(work: Work, order: ImportOrder, rows: Rows) -> Imported:
    """Take the rows of a list of people (imported history)."""
    batch: imports.Batch[PersonImportRow, Person] = await imports.sort_out(work, Person, order, rows)
    for row in list(batch.rows.values()):
        for problem in rules.secondment_problems(row.kind, has_origin=row.secondment is not None):
            batch.outcome.refuse(row, "/secondment", problem.value, problem.label)
            batch.rows.pop(row.row, None)
    if batch.is_refused():
        return batch.outcome
    for row in batch.rows.values():
        known = batch.known.get(row.row)
        before = past_of(known) if known else ()
        kept = await imports.keep(work, batch, row, _values(row))
        if kept is not None:
            record_change(work, kept)
            await detect_conflicts(work, kept, before=before)
            await accounts.end_with_office(work, kept)
    return batch.outcome


def _values(row: PersonImportRow) -> dict[str, Any]:
    written = row.model_dump(mode="json", exclude={"row", "line", "id", "doubt", "note"})
    return {**written, "vetting_passed_on": row.vetting_passed_on, "sort_name": folded(row.name)}
