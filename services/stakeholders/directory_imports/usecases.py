"""Taking lists of institutions: rows are recognised, compared, kept once; what holds is put together anew from what all say.

No HTTP, no SQL. The order in which lists come in does not matter; a person's own changes stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from services.stakeholders.authorities import queries as directory
from services.stakeholders.authorities.rules import may_be_parent, no_cycle
from services.stakeholders.authorities.schemas import AuthorityImportRow
from services.stakeholders.authorities.tables import Stakeholder
from services.stakeholders.authorities.usecases import begin_relation, record_change
from services.stakeholders.directory_imports import queries, rules
from services.stakeholders.directory_imports.rules import AUTHORITY_MATCH, AuthorityMatchAction, AuthorityMatchState
from services.stakeholders.directory_imports.tables import CLEAR, AuthorityEntry
from services.stakeholders.imports import queries as imported_rows
from shared.db import Work
from shared.imports.envelope import Imported, ImportOrder, set_aside_taken_ids, sort_out
from shared.journal import Event
from shared.records import imported_from, stamps, touch
from shared.schemas import BadLine
from shared.texts import folded

Row = AuthorityImportRow
_DAYS = ("founded_on", "closed_on")
_ASIDE = {"row", "line", "id", "doubt", "note", "rank"}


@dataclass
class Batch:
    """The rows of a list with what was said before, and what each turns out to be."""

    order: ImportOrder
    rows: dict[str, Row]
    entries: dict[str, AuthorityEntry]
    outcome: Imported
    found: dict[str, rules.Recognised] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    """The institution behind each row of the source, the ones before this list too; none for a row that waits."""
    waiting: set[str] = field(default_factory=set)
    parents: dict[str, list[str]] = field(default_factory=dict)


async def import_authorities(work: Work, order: ImportOrder, rows: Sequence[Row | BadLine]) -> Imported:
    """Take the rows of a list of institutions; parents are resolved after all rows are known (imported history)."""
    good, outcome = sort_out(rows)
    graph = await directory.lock_graph(work)
    entries = await queries.entries_of(work, order.source)
    await set_aside_taken_ids(good, entries, outcome, partial(imported_rows.taken, work, Stakeholder))
    batch = Batch(order, good, entries, outcome)
    if outcome.is_stopped(order):
        return outcome
    await _recognise(work, batch)
    before = await queries.entries_about(work, set(batch.ids.values()))
    _resolve(batch, graph, before)
    if outcome.is_stopped(order):
        return outcome
    await _keep(work, batch, before)
    return outcome


@dataclass(frozen=True)
class Said:
    """What held of an institution by its sources before something changed."""

    values: Mapping[str, Any]
    parents: Sequence[str]

    @classmethod
    def by(cls, entries: Sequence[AuthorityEntry]) -> "Said":
        """Put together what entries say, the most trusted first."""
        values = rules.merged([entry.said for entry in entries]) if entries else {}
        return cls(values, rules.joined(*(entry.parent_ids for entry in entries)))


async def _recognise(work: Work, batch: Batch) -> None:
    known = await queries.known(work, batch.order.source)
    for key, entry in batch.entries.items():
        if entry.stakeholder_id is not None:
            batch.ids[key] = entry.stakeholder_id
        elif entry.state == AuthorityMatchState.OPEN:
            batch.waiting.add(key)
    for key, row in batch.rows.items():
        if key in batch.entries:
            continue
        name, site = folded(row.name), rules.site_of(row.website)
        found = rules.recognised(known, name, site) if row.id is None else rules.Recognised()
        batch.found[key] = found
        if found.doubt is not None:
            batch.waiting.add(key)
            continue
        batch.ids[key] = found.body or row.id or uuid4()
        known.learn(batch.ids[key], name, site, is_of_source=True)
    for key in batch.waiting & batch.rows.keys():
        batch.outcome.refuse(
            batch.rows[key], "/name", "waits", "somebody has to say whether this is a known institution"
        )


def _resolve(batch: Batch, graph: dict[str, list[str]], about: Mapping[UUID, list[AuthorityEntry]]) -> None:
    """Give the parents of each row; one that is not there, or would close a circle, is left out and reported."""
    wanted: dict[str, list[str]] = {}
    for key, row in batch.rows.items():
        wanted[key] = rules.joined(str(batch.ids[parent]) for parent in row.parents if parent in batch.ids)
        for number, parent in enumerate(row.parents):
            if parent not in batch.ids and parent not in batch.waiting and parent not in batch.entries:
                batch.outcome.refuse(row, f"/parents/{number}", "unknown_parent", "no row of this source has this id")
    growing = dict(graph)
    for key in wanted:
        if key in batch.ids:
            growing[str(batch.ids[key])] = _others(batch, key, graph, about)
    whole = dict(growing)
    for key, above in wanted.items():
        if key in batch.ids:
            child = str(batch.ids[key])
            whole[child] = rules.joined(whole[child], above)
    batch.parents = wanted if no_cycle(whole) else _without_circles(batch, growing, wanted)


def _others(
    batch: Batch, key: str, graph: Mapping[str, list[str]], about: Mapping[UUID, list[AuthorityEntry]]
) -> list[str]:
    """Give the parents of a body that do not come from this row."""
    body = batch.ids[key]
    rest = [
        entry.parent_ids
        for entry in about.get(body, [])
        if entry.source_row != key or entry.source != batch.order.source
    ]
    said = {each for entry in about.get(body, []) for each in entry.parent_ids}
    return rules.joined((each for each in graph.get(str(body), []) if each not in said), *rest)


def _without_circles(batch: Batch, growing: dict[str, list[str]], wanted: dict[str, list[str]]) -> dict[str, list[str]]:
    """Take the edges one by one, in the order of the file; the one that closes a circle is left out."""
    kept: dict[str, list[str]] = {}
    for row, above in wanted.items():
        kept[row] = []
        for parent in above:
            child = str(batch.ids[row]) if row in batch.ids else None
            if child is None or may_be_parent(growing, child, parent):
                if child is not None:
                    growing[child] = [*growing[child], parent]
                kept[row].append(parent)
            else:
                batch.outcome.refuse(batch.rows[row], "/parents", "cycle", "this parent stands below the institution")
    return kept


async def _keep(work: Work, batch: Batch, about: Mapping[UUID, list[AuthorityEntry]]) -> None:
    """Keep what the list says, row by row, and put together anew the institutions that it says something else of."""
    common, today, touched = await stamps(work), await work.today(), dict[UUID, Said]()
    for key, row in batch.rows.items():
        body, entry = batch.ids.get(key), batch.entries.get(key)
        if entry is not None and _is_same(entry, row, batch.parents[key]):
            batch.outcome.unchanged += key not in batch.waiting
            continue
        if body is not None:
            touched.setdefault(body, Said.by(about.get(body, [])))
        if entry is None:
            _enter(work, batch, row, common, today)
        else:
            entry.name, entry.folded, entry.site = row.name, folded(row.name), rules.site_of(row.website)
            entry.rank, entry.said, entry.parent_ids = row.rank, _said(row), batch.parents[key]
            entry.note = {**_note(row), "imported": entry.note.get("imported")}
            await touch(work, entry)
        is_new = entry is None and body is not None and batch.found[key].body is None
        batch.outcome.created += is_new
        batch.outcome.changed += not is_new and key not in batch.waiting
    batch.outcome.waiting += len(batch.waiting & batch.rows.keys())
    await put_together(work, touched)


def _said(row: Row) -> dict[str, Any]:
    written = row.model_dump(mode="json", exclude=_ASIDE)
    return {**written, "competence": row.competence or ""}


def _note(row: Row) -> dict[str, Any]:
    return {**row.note, **({"doubt": row.doubt} if row.doubt else {})}


def _is_same(entry: AuthorityEntry, row: Row, parents: list[str]) -> bool:
    kept = {name: value for name, value in entry.note.items() if name != "imported"}
    above = set(entry.parent_ids)
    return (kept, entry.rank, entry.said, above) == (_note(row), row.rank, _said(row), set(parents))


def _enter(work: Work, batch: Batch, row: Row, common: Mapping[str, Any], today: date) -> None:
    order, found = batch.order, batch.found[row.row]
    came = imported_from(order.source, row.row, today, work.caller.person, order.mapping)
    entry = AuthorityEntry(
        **common,
        source=order.source,
        source_row=row.row,
        mapping=order.mapping,
        name=row.name,
        folded=folded(row.name),
        site=rules.site_of(row.website),
        rank=row.rank,
        said=_said(row),
        note={**_note(row), "imported": came},
        parent_ids=batch.parents[row.row],
        stakeholder_id=batch.ids.get(row.row),
        state=AUTHORITY_MATCH.initial.value if found.doubt else CLEAR,
        reason=found.doubt.label if found.doubt else "",
        candidate_ids=[str(each) for each in found.candidates],
    )
    entry.origin = "imported"
    work.session.add(entry)
    if found.doubt:
        opened = AUTHORITY_MATCH.create[AuthorityMatchAction.NOTICE].event
        work.record(Event(opened, entry.id, {"source": order.source}, leaves=False))


async def put_together(work: Work, bodies: Mapping[UUID, Said]) -> None:
    """Put institutions together anew from what their sources say now; given is what they said before."""
    await work.flush()
    about = await queries.entries_about(work, list(bodies))
    present = await queries.bodies(work, list(bodies))
    common = await stamps(work)
    for body_id, before in bodies.items():
        entries = about.get(body_id, [])
        if not entries:
            continue
        after, body = Said.by(entries), present.get(body_id)
        if body is None:
            body = _made(body_id, after, common)
            begin_relation(work, body)
        else:
            _correct(body, before, after)
            await touch(work, body)
        if body.origin == "imported":
            best = entries[0]
            body.source, body.source_row, body.source_note = best.source, best.source_row, best.note
        work.session.add(body)
        record_change(work, body)


def _made(body_id: UUID, said: Said, common: Mapping[str, Any]) -> Stakeholder:
    values = _readable(said.values)
    body = Stakeholder(
        **common, **values, parents=[_edge(each) for each in said.parents], sort_name=folded(values["name"])
    )
    body.id, body.origin = body_id, "imported"
    return body


def _correct(body: Stakeholder, before: Said, after: Said) -> None:
    """Change what a source has changed; of an institution entered here, only fill what is empty."""
    changes = _readable(rules.differing(before.values, after.values))
    if body.origin != "imported":
        changes = {name: value for name, value in changes.items() if not getattr(body, name)}
    for name, value in changes.items():
        setattr(body, name, value)
    body.sort_name = folded(body.name)
    edges = {str(each["id"]): each for each in body.parents}
    above = rules.parents_after(list(edges), before.parents, after.parents)
    body.parents = [edges.get(each) or _edge(each) for each in above]


def _edge(parent: str) -> dict[str, Any]:
    return {"id": parent, "relation": "", "from_on": None, "to_on": None}


def _readable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give values as the record keeps them: days as days."""
    days = {name: date.fromisoformat(values[name]) for name in _DAYS if values.get(name)}
    return {**values, **days}
