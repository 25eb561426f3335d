"""Taking in visits that were made before this system: past dates, any state, no guards, no notices. No HTTP, no SQL."""

from typing import Any
from uuid import UUID

from services.visits.history import queries
from services.visits.history.schemas import VisitImportRow
from services.visits.visits import queries as visits
from services.visits.visits.rules.status import VisitStatus
from services.visits.visits.tables import Visit, VisitPlace
from shared.db import Work
from shared.imports.envelope import Imported, ImportOrder, sort_out
from shared.journal import Event
from shared.records import imported_from, stamps, touch
from shared.schemas import BadLine

#: States in which the team has not been there.
NOT_BEGUN = frozenset(
    {
        VisitStatus.PROPOSED,
        VisitStatus.PLANNED,
        VisitStatus.PREPARING,
        VisitStatus.READY,
        VisitStatus.POSTPONED,
        VisitStatus.CANCELLED,
    }
)
COMPLETED = frozenset({VisitStatus.DEBRIEFING, VisitStatus.REPORTING, VisitStatus.CLOSED})


def _code(order: ImportOrder, row: VisitImportRow) -> str:
    return row.code or f"{order.source}-{row.row}"


def _wanted(row: VisitImportRow) -> list[str]:
    return list(dict.fromkeys([*map(str, row.place_ids), *row.place_codes]))


async def import_visits(work: Work, order: ImportOrder, rows: list[VisitImportRow | BadLine]) -> Imported:
    """Take the rows of a visit history: a row known by source and id is compared, never doubled."""
    read, outcome = sort_out(rows)
    known_places = await queries.places(
        work,
        {each for row in read.values() for each in row.place_ids},
        {each for row in read.values() for each in row.place_codes},
    )
    taken = await queries.taken(
        work, {row.id for row in read.values() if row.id}, {_code(order, row) for row in read.values()}
    )
    good = {key: row for key, row in read.items() if _is_sound(order, row, known_places, taken, outcome)}
    if outcome.is_stopped(order):
        return outcome
    known = await visits.imported(work, order.source, list(good))
    for row in good.values():
        places = list(dict.fromkeys(known_places[each] for each in _wanted(row)))
        await _take(work, order, row, known.get(row.row), places, outcome)
    return outcome


def _is_sound(
    order: ImportOrder,
    row: VisitImportRow,
    known_places: dict[str, UUID],
    taken: dict[str, tuple[str, str]],
    outcome: Imported,
) -> bool:
    before = len(outcome.problems)
    if not _wanted(row):
        outcome.refuse(row, "/place_codes", "missing", "a visit goes to a place")
    for each in _wanted(row):
        if each not in known_places:
            outcome.refuse(row, "/place_codes", "unknown_place", "the register has no such place")
    asked, own = {"/id": str(row.id or ""), "/code": _code(order, row)}, (order.source, row.row)
    for pointer, key in asked.items():
        if taken.get(key, own) != own:
            outcome.refuse(row, pointer, "taken", "another visit has it")
    if len(outcome.problems) > before:
        return False
    taken.update({key: own for key in asked.values() if key})  # a later row of the file may not ask for it again
    return True


def _written(order: ImportOrder, row: VisitImportRow) -> dict[str, Any]:
    span = visits.span(list(row.days))
    return {
        **span,
        "code": _code(order, row),
        "type": row.type.value,
        "purposes": [each.value for each in row.purposes],
        "announcement": row.announcement.value,
        "status": row.status.value,
        "begun_on": None if row.status in NOT_BEGUN else span["first_on"],
        "completed_on": span["last_on"] if row.status in COMPLETED else None,
    }


def _is_same(known: Visit, written: dict[str, Any], note: dict[str, Any]) -> bool:
    told = {name: value for name, value in (known.source_note or {}).items() if name != "imported"}
    return told == note and all(getattr(known, name) == value for name, value in written.items())


async def _take(
    work: Work, order: ImportOrder, row: VisitImportRow, known: Visit | None, places: list[UUID], outcome: Imported
) -> None:
    written = _written(order, row)
    note = {**row.note, "places": sorted(str(each) for each in places)}
    if known is not None and _is_same(known, written, note):
        outcome.unchanged += 1
        return
    if known is None:
        known = Visit(**written, **await stamps(work), source=order.source, source_row=row.row)
        known.id = row.id or known.id
        known.origin = "imported"
        outcome.created += 1
    else:
        for name, value in written.items():
            setattr(known, name, value)
        await touch(work, known)
        outcome.changed += 1
    came = imported_from(order.source, row.row, await work.today(), work.caller.subject, order.mapping)
    known.source_note = {**note, "imported": came}
    work.session.add(known)
    await work.flush()
    span = visits.span(list(row.days))
    begun = row.status not in NOT_BEGUN
    made = [
        VisitPlace(visit_id=known.id, place_id=place_id, has_begun=begun, **span, **await stamps(work))
        for place_id in places
    ]
    await visits.put_places(work, made)
    work.record(Event("visits.visit.imported", known.id, {"type": known.type, "state": known.status}, leaves=False))
