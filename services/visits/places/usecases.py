"""What people do with places: register, correct, confirm, close, merge, import. No HTTP, no SQL, no clock of its own."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from services.visits.matches import queries as matches
from services.visits.matches import usecases as asking
from services.visits.matches.rules import MatchKind, MatchState
from services.visits.places import queries, rules
from services.visits.places.rules import PLACE, PlaceAction, PlaceStatus, PlaceType
from services.visits.places.schemas.imports import PlaceImportRow
from services.visits.places.schemas.npm import PlaceCreate, PlaceTransition, PlaceUpdate
from services.visits.places.tables import Place
from shared.db import Work
from shared.errors import Conflict, FieldError, invalid
from shared.http import expect
from shared.imports.envelope import Imported, ImportOrder, set_aside_taken_ids, sort_out
from shared.imports.turns import by_turns
from shared.journal import Event
from shared.records import imported_from, next_number, stamps, touch
from shared.schemas import BadLine
from shared.texts import folded

#: A place that further names may be given to.
USABLE = frozenset({PlaceStatus.UNVERIFIED, PlaceStatus.IN_USE, PlaceStatus.CLOSED})
_SAID = (
    "code", "name", "status", "place_type", "region", "vulnerable_groups", "risk_flags", "complaint_channel_quality",
)  # fmt: skip


def _facts(place: Mapping[str, Any]) -> dict[str, Any]:
    """What other services keep of a place."""
    return {
        "id": str(place["id"]),
        **{name: place[name] for name in _SAID},
        "operator_id": str(place["operator_id"]) if place["operator_id"] else None,
        "population": place["population"][-1]["count"] if place["population"] else None,
        "aliases": [alias["text"] for alias in place["aliases"]],
    }


def _recorded(work: Work, name: str, place: Place) -> None:
    work.record(Event(name, place.id, _facts(place.model_dump())))


async def register_place(work: Work, new: PlaceCreate) -> UUID:
    """Register a place; it is unverified until confirmed."""
    place = {
        **new.model_dump(mode="json"),
        "id": uuid4(),
        "operator_id": new.operator_id,
        "code": await next_number(work, "place", "P"),
        "sort_name": folded(new.name),
        "status": PLACE.initial.value,
    }
    await queries.register(work, place)
    work.record(Event(PLACE.create[PlaceAction.REGISTER].event, place["id"], _facts({**place, "aliases": []})))
    return UUID(str(place["id"]))


async def update_place(work: Work, place_id: UUID, if_match: str, changes: PlaceUpdate) -> UUID:
    """Correct a place's entry; a former name becomes an alias."""
    place = await queries.lock(work, place_id)
    expect(if_match, await queries.in_full(work, place_id))
    sent = changes.model_dump(mode="json")
    if "place_type" in sent and not rules.is_type_allowed(PlaceType(sent["place_type"]), PlaceStatus(place.status)):
        invalid("/place_type", "type_unknown", "a confirmed place has a known type")
    if sent.get("mandate_basis", place.mandate_basis) is None and place.mandate_basis and place.status == "in_use":
        invalid("/mandate_basis", "basis_missing", "a confirmed place has a mandate basis")
    if "name" in sent:
        rename(place, sent["name"], await work.today())
    for name, value in sent.items():
        setattr(place, name, changes.operator_id if name == "operator_id" else value)
    await touch(work, place)
    _recorded(work, "visits.place.changed", place)
    return place.id


def rename(place: Place, name: str, today: date) -> None:
    """Give a place another name; the former one stays an alias."""
    if name != place.name:
        place.aliases = [*place.aliases, {"text": place.name, "source": "former name", "since": str(today)}]
        place.name, place.sort_name = name, folded(name)


async def follow_names(work: Work, place: Place, names: list[str]) -> None:
    """Call a place by the last of the names that a history tells, unless a person gave it another; the others stay aliases."""
    today = await work.today()
    if names and place.name in names:
        rename(place, names[-1], today)
    had = {place.name, *(alias["text"] for alias in place.aliases)}
    former = [text for text in dict.fromkeys(names) if text not in had]
    place.aliases = [
        *place.aliases, *({"text": text, "source": "former name", "since": str(today)} for text in former)
    ]  # fmt: skip


def tell_changed(work: Work, place: Place) -> None:
    """Leave the fact that a place changed."""
    _recorded(work, "visits.place.changed", place)


async def transition_place(work: Work, place_id: UUID, if_match: str, order: PlaceTransition) -> UUID:
    """Confirm, reject, close, reopen, merge or separate a place."""
    work.require_action(order.action.value)
    place = await queries.lock(work, place_id)
    expect(if_match, await queries.in_full(work, place_id))
    step = PLACE.step(PlaceStatus(place.status), order.action)
    await _GUARDS.get(order.action, _no_guard)(work, place, order)
    place.status = step.to.value
    await touch(work, place)
    _recorded(work, step.event, place)
    return place.id


async def _no_guard(_work: Work, _place: Place, _order: PlaceTransition) -> None:
    return


async def _guard_confirm(_work: Work, place: Place, _order: PlaceTransition) -> None:
    basis = rules.MandateBasis(**place.mandate_basis) if place.mandate_basis else None
    gaps = rules.confirmation_gaps(PlaceType(place.place_type), basis)
    if gaps:
        raise Conflict(
            "; ".join(gap.label for gap in gaps), errors=[FieldError("", gap.value, gap.label) for gap in gaps]
        )


async def _guard_reason(_work: Work, place: Place, order: PlaceTransition) -> None:
    if not order.reason:
        invalid("/reason", "missing", "say why")
    place.status_reason = order.reason


async def _guard_day(_work: Work, place: Place, order: PlaceTransition) -> None:
    if order.on is None:
        invalid("/on", "missing", "say on which day")
    is_closing = order.action is PlaceAction.CLOSE
    place.closed_on, place.reopened_on = (order.on, None) if is_closing else (None, order.on)


async def merge(work: Work, place_id: UUID, into_id: UUID) -> None:
    """Find that a place is the same as another one, which takes over its names."""
    place = await queries.lock(work, place_id)
    step = PLACE.step(PlaceStatus(place.status), PlaceAction.MERGE)
    await _guard_merge(work, place, PlaceTransition(action=PlaceAction.MERGE, into_id=into_id))
    place.status = step.to.value
    await touch(work, place)
    _recorded(work, step.event, place)


async def add_aliases(work: Work, place_id: UUID, texts: Iterable[str], source: str) -> None:
    """Give a place further names; those that it has already are left alone."""
    place = await queries.lock(work, place_id)
    if PlaceStatus(place.status) not in USABLE:
        raise Conflict(f"a place that is {place.status} takes no names")
    await take_aliases(work, place, texts, source)


async def take_aliases(work: Work, place: Place, texts: Iterable[str], source: str) -> None:
    """Give a place that is taken for a change further names."""
    had = {place.name, *(alias["text"] for alias in place.aliases)}
    since = str(await work.today())
    new = [{"text": text, "source": source, "since": since} for text in dict.fromkeys(texts) if text not in had]
    if new:
        place.aliases = [*place.aliases, *new]
        await touch(work, place)
        _recorded(work, "visits.place.changed", place)


async def _guard_merge(work: Work, place: Place, order: PlaceTransition) -> None:
    if order.into_id is None:
        invalid("/into_id", "missing", "say which place this one is the same as")
    other = await queries.lock(work, order.into_id)
    gaps = rules.merger_gaps(str(place.id), str(other.id), PlaceStatus(other.status))
    if gaps:
        raise Conflict(
            "; ".join(gap.label for gap in gaps), errors=[FieldError("/into_id", gap.value, gap.label) for gap in gaps]
        )
    place.merged_into_id = other.id
    alias = {"text": place.name, "source": "merged place", "since": str(await work.today())}
    other.aliases = [*other.aliases, alias, *place.aliases]
    await touch(work, other)
    _recorded(work, "visits.place.changed", other)


async def _guard_separate(work: Work, place: Place, order: PlaceTransition) -> None:
    await _guard_reason(work, place, order)
    # it becomes a place in use, and so needs what every place in use needs
    await _guard_confirm(work, place, order)
    place.merged_into_id = None


_GUARDS = {
    PlaceAction.CONFIRM: _guard_confirm,
    PlaceAction.REJECT: _guard_reason,
    PlaceAction.CLOSE: _guard_day,
    PlaceAction.REOPEN: _guard_day,
    PlaceAction.MERGE: _guard_merge,
    PlaceAction.SEPARATE: _guard_separate,
}


async def import_places(work: Work, order: ImportOrder, rows: list[PlaceImportRow | BadLine]) -> Imported:
    """Take the rows of a register: a row known by source and id is compared, never doubled (imported history).

    A row that is hardly a place waits until a person has decided, and what was decided is not asked again.
    """
    good, outcome = sort_out(rows)
    known = await queries.imported(work, order.source, list(good))
    await set_aside_taken_ids(good, known, outcome, partial(queries.taken, work))
    if outcome.is_stopped(order):
        return outcome
    asked = await matches.asked(work, order.source, good.keys() - known.keys(), MatchKind.REVIEW)
    made, waiting = list[Place](), list[PlaceImportRow]()
    async for row in by_turns(good.values(), work):
        before, question = known.get(row.row), asked.get(row.row)
        if before is not None:
            await _compare(work, order, row, before, outcome)
        elif question is not None and question.state == MatchState.OPEN:
            # it takes what the row says now
            await asking.keep_said(work, question, row)
            outcome.waiting += 1
        elif question is not None:
            # what was decided stands
            outcome.unchanged += 1
        elif row.review is not None:
            waiting.append(row)
        else:
            made.append(await make_imported(work, row, order.source, order.mapping))
    outcome.created, outcome.waiting = outcome.created + len(made), outcome.waiting + len(waiting)
    outcome.unverified += sum(place.status == PlaceStatus.UNVERIFIED for place in made)
    outcome.questions += await asking.ask_about_twins(work, made, order.mapping)
    await asking.ask_for_review(work, order, waiting)
    return outcome


def _written(row: PlaceImportRow, known: Place | None) -> dict[str, Any]:
    """Give what a row says; what it does not say stays as it is, so that no hand's work is undone."""
    unsaid = set(PlaceImportRow.model_fields) - row.model_fields_set if known else set()
    if known and not rules.is_type_allowed(row.place_type, PlaceStatus(known.status)):
        # somebody has found out what it is since
        unsaid.add("place_type")
    written = row.model_dump(mode="json", exclude={"row", "line", "id", "doubt", "review", "note", *unsaid})
    return {**written, "operator_id": row.operator_id} if "operator_id" in written else written


def _note(row: PlaceImportRow) -> dict[str, Any]:
    return {**row.note, **({"doubt": row.doubt} if row.doubt else {})}


async def make_imported(work: Work, row: PlaceImportRow, source: str, mapping: str) -> Place:
    """Make the place that a row tells of, without the guards of registering; in doubt it waits unverified."""
    doubtful = row.doubt is not None or row.place_type is PlaceType.UNKNOWN
    status = PlaceStatus.UNVERIFIED if doubtful else PlaceStatus.IN_USE
    made = Place(
        **_written(row, None), **await stamps(work), code=f"{source}-{row.row}", sort_name=folded(row.name),
        status=status.value, id=row.id or uuid4(), source=source, source_row=row.row,
    )  # fmt: skip
    made.origin = "imported"
    came = imported_from(source, row.row, await work.today(), work.caller.person, mapping)
    made.source_note = {**_note(row), "imported": came}
    work.session.add(made)
    _recorded(work, "visits.place.registered", made)
    return made


async def _compare(work: Work, order: ImportOrder, row: PlaceImportRow, known: Place, outcome: Imported) -> None:
    written, note = _written(row, known), _note(row)
    if all(getattr(known, name) == value for name, value in written.items()) and _same_note(known, note):
        outcome.unchanged += 1
        return
    today = await work.today()
    rename(known, row.name, today)
    for name, value in written.items():
        setattr(known, name, value)
    known.sort_name = folded(row.name)
    came = imported_from(order.source, row.row, today, work.caller.person, order.mapping)
    known.source_note = {**note, "imported": came}
    outcome.changed += 1
    await touch(work, known)
    _recorded(work, "visits.place.changed", known)


def _same_note(known: Place, note: dict[str, Any]) -> bool:
    return {name: value for name, value in (known.source_note or {}).items() if name != "imported"} == note


async def keep_authority(work: Work, authority_id: UUID, told: dict[str, Any]) -> None:
    """Keep the name behind an authority's id, from stakeholders."""
    await queries.keep_authority(work, authority_id, str(told["name"]), str(told.get("category") or ""))


async def keep_signal(work: Work, place_id: UUID, as_of: date, told: dict[str, Any]) -> None:
    """Keep what the complaints service says of a place; leaves a fact, as scores depend on it."""
    await queries.keep_signal(work, place_id, as_of, told)
    work.record(Event("visits.place_signal.kept", place_id, {"as_of": as_of.isoformat()}, leaves=False))
