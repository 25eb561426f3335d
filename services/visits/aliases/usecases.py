"""Taking in how names of places are written elsewhere: a name that may mean several places is asked about. No HTTP, no SQL."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.visits.aliases import queries
from services.visits.aliases.schemas import PlaceAliasImportRow
from services.visits.matches import queries as matches
from services.visits.matches import usecases as asking
from services.visits.matches.rules import MatchKind, MatchState
from services.visits.matches.tables import PlaceMatch
from services.visits.places import queries as places
from services.visits.places import usecases as register
from shared.db import Work
from shared.imports.envelope import Imported, ImportOrder, sort_out
from shared.imports.turns import by_turns
from shared.records import touch
from shared.schemas import BadLine
from shared.texts import folded

Rows = dict[str, PlaceAliasImportRow]


@dataclass
class _Lookups:
    """What the rows of a file are held against."""

    #: The place behind each row, with its region.
    targets: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: The rows whose name the place goes by already: what they mean stands in the register.
    settled: set[str] = field(default_factory=set)
    #: The question that waits where the row's place would be.
    waiting: dict[str, PlaceMatch] = field(default_factory=dict)
    #: The rows that were asked about before.
    asked: dict[str, PlaceMatch] = field(default_factory=dict)
    names: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    #: The places that go by a folded name in a region, in the register or by the file.
    meant: dict[tuple[str, str], list[UUID]] = field(default_factory=lambda: defaultdict(list))

    def means(self, region: str, text: str, place_id: UUID) -> None:
        """Note that a place goes by a name."""
        known = self.meant[region, folded(text)]
        if place_id not in known:
            known.append(place_id)


async def import_place_aliases(work: Work, order: ImportOrder, rows: list[PlaceAliasImportRow | BadLine]) -> Imported:
    """Take the rows of a list of written names; the whole file at once, as two of its rows may contradict each other."""
    good, outcome = sort_out(rows)
    known = await _looked_up(work, order, good)
    for row in [row for row in good.values() if row.row not in known.targets and row.row not in known.waiting]:
        outcome.refuse(good.pop(row.row), "/place_row", "unknown_place", "the register has no place from this row")
    if outcome.is_stopped(order):
        return outcome
    new: dict[UUID, list[str]] = defaultdict(list)
    async for row in by_turns(good.values(), work):
        if row.row in known.asked:
            is_open = known.asked[row.row].state == MatchState.OPEN
            outcome.waiting, outcome.unchanged = outcome.waiting + is_open, outcome.unchanged + (not is_open)
        elif row.row in known.settled:
            outcome.unchanged += 1
        elif row.row in known.targets:
            await _take(work, order, row, known, new, outcome)
        else:
            await _wait(work, row, known.waiting[row.row], outcome)
    async for place in by_turns(await places.lock_all(work, new), work):
        await register.take_aliases(work, place, new[place.id], order.source)
    return outcome


async def _looked_up(work: Work, order: ImportOrder, good: Rows) -> _Lookups:
    known = _Lookups(asked=await matches.asked(work, order.source, good, MatchKind.ALIAS))
    named = await queries.named(work, ((row.place_source, row.place_row) for row in good.values()))
    questions: dict[tuple[str, str], PlaceMatch] = {}
    for source in {row.place_source for row in good.values()}:
        wanted = {row.place_row for row in good.values() if row.place_source == source}
        found = await matches.asked(work, source, wanted, MatchKind.REVIEW)
        questions |= {(source, row): match for row, match in found.items()}
    decided = {match.place_id for match in questions.values() if match.state == MatchState.ACCEPTED}
    chosen = {place.id: {"id": place.id, "region": place.region} for place in await _usable(work, decided)}
    for row in good.values():
        key = (row.place_source, row.place_row)
        question = questions.get(key)
        if key in named:
            known.targets[row.row] = named[key]
            if row.text in named[key]["aliases"]:
                known.settled.add(row.row)
        elif question is not None and question.place_id in chosen:
            known.targets[row.row] = chosen[question.place_id]
        elif question is not None:
            known.waiting[row.row] = question
    # where nothing is new, as in a second run, nobody need look at every name of every region
    new = known.targets.keys() - known.settled - known.asked.keys()
    known.names = await queries.names(work, {known.targets[row]["region"] for row in new})
    await _note_meanings(known, good)
    return known


async def _usable(work: Work, ids: set[UUID | None]) -> list[Any]:
    found = await places.lock_all(work, [each for each in ids if each is not None]) if ids else []
    return [place for place in found if place.status in register.USABLE]


async def _note_meanings(known: _Lookups, good: Rows) -> None:
    async for row, target in by_turns(known.targets.items(), most=1_000):
        known.means(target["region"], good[row].text, target["id"])
    async for place_id, place in by_turns(known.names.items(), most=1_000):
        for text in (place["name"], *place["aliases"]):
            known.means(place["region"], text, place_id)


async def _take(
    work: Work,
    order: ImportOrder,
    row: PlaceAliasImportRow,
    known: _Lookups,
    new: dict[UUID, list[str]],
    outcome: Imported,
) -> None:
    place_id, region = known.targets[row.row]["id"], known.targets[row.row]["region"]
    place = known.names[place_id]
    if row.text in place["aliases"] or row.text in new[place_id]:
        outcome.unchanged += 1
        return
    others = [each for each in known.meant[region, folded(row.text)] if each != place_id]
    if others:
        await asking.ask_whose_name(work, order, row.row, row.text, region, [place_id, *others])
        outcome.waiting += 1
    elif row.text == place["name"]:
        outcome.unchanged += 1
    else:
        new[place_id].append(row.text)
        outcome.created += 1


async def _wait(work: Work, row: PlaceAliasImportRow, question: PlaceMatch, outcome: Imported) -> None:
    """Let a name wait with the row that it belongs to; what was found to be none of ours takes no names."""
    if question.state != MatchState.OPEN or row.text == question.name:
        outcome.unchanged += 1
        return
    outcome.waiting += 1
    if row.text not in question.written_names:
        question.written_names = [*question.written_names, row.text]
        await touch(work, question)
