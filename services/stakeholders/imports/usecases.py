"""How the rows of an import are taken: known by source and row id, compared, never doubled. No HTTP, no SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, TypeVar
from uuid import uuid4

from services.stakeholders.database import Sourced
from services.stakeholders.imports import queries
from services.stakeholders.imports.schemas import ImportOrder, ImportProblem, ImportReport, ImportRow
from shared.db import Work
from shared.records import imported_from, stamps, touch
from shared.schemas import BadLine

R = TypeVar("R", bound=ImportRow)
T = TypeVar("T", bound=Sourced)


@dataclass
class Imported:
    """What became of the rows of an import."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[ImportProblem] = field(default_factory=list)

    def report(self, row: ImportRow, pointer: str, code: str, detail: str) -> None:
        """Note what is wrong with a row, or with a field of it."""
        self.problems.append(ImportProblem(line=row.line, row=row.row, field=pointer, code=code, detail=detail))

    def told(self, *, dry_run: bool) -> bytes:
        """Render the report."""
        reported = self.rows - self.created - self.changed - self.unchanged
        shown = {**asdict(self), "problems": self.problems[:10_000], "reported": reported, "dry_run": dry_run}
        return ImportReport.model_validate(shown).model_dump_json().encode()


@dataclass
class Batch(Generic[R, T]):
    """The rows that can be taken, with the records that some of them made before."""

    order: ImportOrder
    table: type[T]
    rows: dict[str, R]
    known: dict[str, T]
    outcome: Imported

    def is_refused(self) -> bool:
        """Whether all or nothing was asked for and something is wrong."""
        return self.order.all_or_nothing and bool(self.outcome.problems)


async def sort_out(work: Work, table: type[T], order: ImportOrder, rows: Sequence[R | BadLine]) -> Batch[R, T]:
    """Set aside what cannot be read, stands twice, or asks for an id that another record has."""
    outcome = Imported(rows=len(rows))
    good: dict[str, R] = {}
    for number, row in enumerate(rows, start=1):
        if isinstance(row, BadLine):
            outcome.problems += [
                ImportProblem(line=number, row=None, field=each.pointer, code=each.code, detail=each.detail)
                for each in row.errors
            ]
        elif row.row in good:
            outcome.report(row, "/row", "duplicate_row", "this row id stands twice in the file")
        else:
            good[row.row] = row
    known = await queries.imported(work, table, order.source, list(good))
    wanted = [row.id for row in good.values() if row.id is not None and row.row not in known]
    taken = await queries.taken(work, table, wanted)
    for row in [row for row in good.values() if row.row not in known]:
        if row.id is None:
            continue
        if row.id in taken or wanted.count(row.id) > 1:
            outcome.report(row, "/id", "id_taken", "another record has this id")
            del good[row.row]
    return Batch(order, table, good, known, outcome)


async def keep(work: Work, batch: Batch[R, T], row: R, values: Mapping[str, Any]) -> T | None:
    """Make or correct the record of a row; None when nothing differs."""
    order, outcome, known = batch.order, batch.outcome, batch.known.get(row.row)
    note = {**row.note, **({"doubt": row.doubt} if row.doubt else {})}
    if known is not None and _is_same(known, values, note):
        outcome.unchanged += 1
        return None
    if known is None:
        known = batch.table(
            **values, **await stamps(work), id=row.id or uuid4(), source=order.source, source_row=row.row,
            origin="imported",
        )  # fmt: skip
        outcome.created += 1
    else:
        for name, value in values.items():
            setattr(known, name, value)
        outcome.changed += 1
        await touch(work, known)
    came = imported_from(order.source, row.row, await work.today(), work.caller.subject, order.mapping)
    known.source_note = {**note, "imported": came}
    work.session.add(known)
    return known


def _is_same(known: Sourced, values: Mapping[str, Any], note: Mapping[str, Any]) -> bool:
    kept = {name: value for name, value in (known.source_note or {}).items() if name != "imported"}
    return kept == note and all(getattr(known, name) == value for name, value in values.items())
