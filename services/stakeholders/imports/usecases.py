"""How the rows of an import are taken: known by source and row id, compared, never doubled. No HTTP, no SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import uuid4

from services.stakeholders.database import Sourced
from services.stakeholders.imports import queries
from services.stakeholders.imports.schemas import ImportRow
from shared.db import Work
from shared.imports import envelope as imports
from shared.imports.envelope import Imported, ImportOrder
from shared.records import imported_from, stamps, touch
from shared.schemas import BadLine

R = TypeVar("R", bound=ImportRow)
T = TypeVar("T", bound=Sourced)


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
        return self.outcome.is_stopped(self.order)


async def sort_out(work: Work, table: type[T], order: ImportOrder, rows: Sequence[R | BadLine]) -> Batch[R, T]:
    """Set aside what cannot be read, stands twice, or asks for an id that another record has."""
    good, outcome = imports.sort_out(rows)
    known = await queries.imported(work, table, order.source, list(good))
    await imports.set_aside_taken_ids(good, known, outcome, partial(queries.taken, work, table))
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
    came = imported_from(order.source, row.row, await work.today(), work.caller.person, order.mapping)
    known.source_note = {**note, "imported": came}
    work.session.add(known)
    return known


def _is_same(known: Sourced, values: Mapping[str, Any], note: Mapping[str, Any]) -> bool:
    kept = {name: value for name, value in (known.source_note or {}).items() if name != "imported"}
    return kept == note and all(getattr(known, name) == value for name, value in values.items())
