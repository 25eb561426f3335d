"""Taking in visits that were made before this system: past dates, any state, no guards, no notices. No HTTP, no SQL."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.visits.history import queries, rules
from services.visits.history.schemas import VisitedPlace, VisitImportRow
from services.visits.matches import usecases as asking
from services.visits.places import queries as register
from services.visits.places import usecases as places
from services.visits.places.schemas.imports import PlaceImportRow
from services.visits.places.tables import Place
from services.visits.visits import queries as visits
from shared.db import Work
from shared.imports.envelope import Imported, ImportOrder, sort_out
from shared.imports.turns import by_turns
from shared.journal import Event
from shared.records import imported_from, touch
from shared.schemas import BadLine

Rows = dict[str, VisitImportRow]


def _code(order: ImportOrder, row: VisitImportRow) -> str:
    return row.code or f"{order.source}-{row.row}"


def _wanted(row: VisitImportRow) -> list[str]:
    return list(dict.fromkeys([*map(str, row.place_ids), *row.place_codes]))


async def import_visits(work: Work, order: ImportOrder, rows: list[VisitImportRow | BadLine]) -> Imported:
    """Take the rows of a visit history: a row known by source and id is compared, never doubled."""
    read, outcome = sort_out(rows)
    named = await queries.places(
        work,
        {each for row in read.values() for each in row.place_ids},
        {each for row in read.values() for each in row.place_codes},
    )
    own = await queries.places_of_rows(work, order.source, {row.place.row for row in read.values() if row.place})
    held = await queries.taken(
        work,
        {row.id for row in read.values() if row.id},
        {_code(order, row) for row in read.values()},
        order.source,
        read,
    )
    taken = {
        key: (each["source"] or "", each["source_row"] or "")
        for each in held
        for key in (str(each["id"]), each["code"])
    }
    known = await queries.known(work, order.source, read)
    unseen = {each["source_row"] for each in held if each["source"] == order.source} - known.keys()
    good = {
        key: row
        for key, row in read.items()
        if _goes_somewhere(row, named, own, outcome)
        and _is_free(order, row, taken, outcome)
        and _is_open(work, row, unseen, outcome)
    }
    if outcome.is_stopped(order):
        return outcome
    made = await _make_places(work, order, good, own)
    known_places = {**named, **{f"row {key}": each for key, each in own.items()}}
    touched = await _take(work, order, good, known_places, known, outcome)
    await _keep_histories(work, order, touched)
    await asking.ask_about_twins(work, made, order.mapping)
    return outcome


def _goes_somewhere(
    row: VisitImportRow, named: dict[str, UUID], own: dict[str, UUID | None], outcome: Imported
) -> bool:
    before, wanted = len(outcome.problems), _wanted(row)
    if not wanted and row.place is None:
        outcome.refuse(row, "/place_codes", "missing", "a visit goes to a place")
    for each in wanted:
        if each not in named:
            outcome.refuse(row, "/place_codes", "unknown_place", "the register has no such place")
    if row.place is not None and row.place.row in own and own[row.place.row] is None:
        outcome.refuse(row, "/place", "rejected_place", "the place was found to be none")
    if (row.findings or row.people_present is not None) and len(wanted) + (row.place is not None) != 1:
        outcome.refuse(row, "/findings", "several_places", "findings and people present are those of one place")
    if len({each.standard for each in row.findings}) < len(row.findings):
        outcome.refuse(row, "/findings", "duplicate_standard", "each standard stands once in a visit")
    return len(outcome.problems) == before


def _is_free(order: ImportOrder, row: VisitImportRow, taken: dict[str, tuple[str, str]], outcome: Imported) -> bool:
    before = len(outcome.problems)
    asked, own = {"/id": str(row.id or ""), "/code": _code(order, row)}, (order.source, row.row)
    for pointer, key in asked.items():
        if taken.get(key, own) != own:
            outcome.refuse(row, pointer, "taken", "another visit has it")
    if len(outcome.problems) > before:
        return False
    taken.update({key: own for key in asked.values() if key})  # a later row of the file may not ask for it again
    return True


def _is_open(work: Work, row: VisitImportRow, unseen: set[str], outcome: Imported) -> bool:
    """Refuse what the importer could not see afterwards: an import opens nobody's secret visit, and makes none."""
    if row.row in unseen:
        outcome.refuse(row, "/row", "taken", "another visit has it")
        return False
    if rules.is_secret(row.status, row.announcement) and "head" not in work.caller.roles:
        told = "a visit that nobody was told of and that has not begun is imported by the head"
        outcome.refuse(row, "/announcement", "head_only", told)
        return False
    return True


async def _make_places(work: Work, order: ImportOrder, good: Rows, own: dict[str, UUID | None]) -> list[Place]:
    """Make the places that only the history knows, each as its latest row writes it; gives them and adds them to `own`."""
    latest: dict[str, tuple[date, VisitImportRow, VisitedPlace]] = {}
    for row in good.values():
        if row.place is not None and row.place.row not in own:
            before = latest.get(row.place.row)
            if before is None or before[0] < max(row.days):
                latest[row.place.row] = (max(row.days), row, row.place)
    made = []
    async for _, row, told in by_turns(latest.values(), work):
        said = told.model_dump(exclude={"operator_name"}, exclude_unset=True)
        as_registered = PlaceImportRow(**{"place_type": told.place_type, **said}, line=row.line)
        made.append(await places.make_imported(work, as_registered, order.source, order.mapping))
    own.update({str(place.source_row): place.id for place in made})
    return made


def _written(order: ImportOrder, row: VisitImportRow) -> dict[str, Any]:
    span = visits.span(list(row.days))
    return {
        **span,
        "code": _code(order, row),
        "type": row.type.value,
        "purposes": [each.value for each in row.purposes],
        "announcement": row.announcement.value,
        "status": row.status.value,
        "begun_on": None if row.status in rules.NOT_BEGUN else span["first_on"],
        "completed_on": span["last_on"] if row.status in rules.COMPLETED else None,
    }


async def _take(
    work: Work,
    order: ImportOrder,
    good: Rows,
    known_places: dict[str, UUID | None],
    known: dict[str, dict[str, Any]],
    outcome: Imported,
) -> set[UUID]:
    """Write the rows that are new or say something else than before; gives the places whose history that may change."""
    kept: list[dict[str, Any]] = []
    at_places: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    today = await work.today()
    async for row in by_turns(good.values()):
        wanted = [*_wanted(row), *([f"row {row.place.row}"] if row.place else [])]
        places_here = sorted({str(known_places[each]) for each in wanted})
        written, before = _written(order, row), known.get(row.row)
        said = row.model_dump(mode="json", exclude={"line", "id"})
        fingerprint = rules.digest({"said": said, "places": places_here, "code": written["code"]})
        if before is not None and before["source_digest"] == fingerprint:
            outcome.unchanged += 1
            continue
        visit_id = before["id"] if before else row.id or uuid4()
        came = imported_from(order.source, row.row, today, work.caller.person, order.mapping)
        kept.append(
            {**written, "id": visit_id, "source_row": row.row, "source_note": {**row.note, "imported": came},
             "source_digest": fingerprint}
        )  # fmt: skip
        at_places += [_at_place(row, visit_id, each, written) for each in places_here]
        findings += _findings(row, visit_id, places_here[0], str(written["code"]))
        outcome.changed, outcome.created = outcome.changed + bool(before), outcome.created + (not before)
        # other services learn ids alone: who is kept from a place is kept from what came of a visit there
        told = {"id": str(visit_id), "place_ids": places_here, "findings": len(row.findings)}
        work.record(Event("visits.visit.imported", visit_id, told))
    if kept:
        await queries.keep(work, order.source, kept, at_places, findings)
    return {UUID(each["place_id"]) for each in at_places if each["place_name"] is not None}


def _at_place(row: VisitImportRow, visit_id: UUID, place_id: str, written: dict[str, Any]) -> dict[str, Any]:
    """Give one place of a visit. Authorities see it by `has_begun`, and of a history only what somebody decided to show."""
    told = row.place
    return {
        "visit_id": visit_id,
        "place_id": place_id,
        **{name: written[name] for name in ("days", "first_on", "last_on")},
        "has_begun": row.is_shown_to_authorities and row.status not in rules.NOT_BEGUN,
        "people_present": row.people_present,
        "place_name": told.name if told else None,
        "operator_name": told.operator_name if told else None,
    }


def _findings(row: VisitImportRow, visit_id: UUID, place_id: str, code: str) -> list[dict[str, Any]]:
    return [
        {
            "visit_id": visit_id,
            "place_id": place_id,
            "code": f"{code}-{number:02}",
            "theme": each.theme.value,
            "text": each.text or "",
            "grade": each.grade,
            "source_row": each.standard,
        }
        for number, each in enumerate(row.findings, start=1)
    ]


async def _keep_histories(work: Work, order: ImportOrder, place_ids: set[UUID]) -> None:
    """Tell of each place what it was called and who ran it; the latest name is its name unless a person gave it another."""
    seen: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in await queries.observed(work, place_ids):
        seen[row["place_id"]].append(row)
    async for place in by_turns(await register.lock_all(work, place_ids), work):
        here = seen[place.id]
        names = rules.periods((row["last_on"], row["place_name"]) for row in here)
        operators = rules.periods((row["last_on"], row["operator_name"] or "") for row in here)
        counts = rules.latest_count(((row["last_on"], row["people_present"]) for row in here), order.source)
        others = [each for each in place.population if each["source"] != order.source]
        population = sorted([*others, *counts], key=lambda each: str(each["as_of"]))
        if (names, operators, population) == (place.names, place.operators, place.population):
            continue
        place.names, place.operators, place.population = names, operators, population
        await places.follow_names(work, place, [each["text"] for each in names])
        await touch(work, place)
        places.tell_changed(work, place)
