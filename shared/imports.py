"""The envelope of every bulk import: how it is ordered, which rows can be taken at all, and what is reported of them.

It must never know what a row means: what is sound, what is kept and which event it leaves is each feature's own.
"""

from collections.abc import Awaitable, Callable, Container, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.db import Work
from shared.schemas import BadLine, Shown

#: A report names so many problems; who has more of them has one problem, its mapping.
MOST_PROBLEMS = 10_000
#: Code of a problem whose row is taken as it stands, so that somebody may look at it.
DOUBTFUL = "doubtful"


class ImportOrder(BaseModel):
    """How an import is to be done."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    source: Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[a-z0-9-]+$")]
    """Name of the source; with the row id it identifies a record."""
    mapping: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[a-z0-9-]+$")]
    """Name of the mapping that made the rows."""
    dry_run: bool = False
    """Report only; nothing is kept."""
    all_or_nothing: bool = False
    """Keep nothing when a row is bad."""


class ImportProblem(Shown):
    """A row that was not taken, or a field of it."""

    line: int | None
    row: str | None
    field: str
    code: str
    detail: str


class ImportReport(Shown):
    """What became of the rows: every row was taken or is reported."""

    rows: int
    created: int
    changed: int
    unchanged: int
    reported: int
    dry_run: bool
    problems: list[ImportProblem]


class Row(Protocol):
    """What every row of an import has: its id in the source, its line in the file, the id its record is to have."""

    @property
    def row(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def id(self) -> UUID | None: ...


R = TypeVar("R", bound=Row)


@dataclass
class Imported:
    """What became of the rows of an import."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[ImportProblem] = field(default_factory=list)

    def refuse(self, row: Row, pointer: str, code: str, detail: str) -> None:
        """Note why a row is not taken."""
        self.problems.append(ImportProblem(line=row.line, row=row.row, field=pointer, code=code, detail=detail))

    def is_stopped(self, order: ImportOrder) -> bool:
        """Whether all or nothing was asked for and something is wrong."""
        return order.all_or_nothing and bool(self.problems)


def sort_out(lines: Sequence[R | BadLine]) -> tuple[dict[str, R], Imported]:
    """Give the rows that can be read, by their id in the source; bad lines and doubles are reported."""
    good: dict[str, R] = {}
    outcome = Imported(rows=len(lines))
    for number, row in enumerate(lines, start=1):
        if isinstance(row, BadLine):
            outcome.problems += [
                ImportProblem(line=number, row=None, field=each.pointer, code=each.code, detail=each.detail)
                for each in row.errors
            ]
        elif row.row in good:
            outcome.refuse(row, "/row", "duplicate_row", "this row id stands twice in the file")
        else:
            good[row.row] = row
    return good, outcome


async def set_aside_taken_ids(
    good: dict[str, R],
    known: Container[str],
    outcome: Imported,
    taken: Callable[[list[UUID]], Awaitable[set[UUID]]],
) -> None:
    """Refuse new rows that ask for the id of another record, or of a row before them; known rows keep the id they have.

    `taken` gives those of the ids that records already have.
    """
    wanted = {row.row: row.id for row in good.values() if row.id is not None and row.row not in known}
    held = set(await taken(list(wanted.values())))
    for row, asked in wanted.items():
        if asked in held:
            outcome.refuse(good.pop(row), "/id", "id_taken", "another record has this id")
        held.add(asked)


def report(work: Work, order: ImportOrder, outcome: Imported) -> bytes:
    """Render the report; a dry run drops here what was written."""
    if order.dry_run:
        work.discard()
    return (
        ImportReport(
            rows=outcome.rows,
            created=outcome.created,
            changed=outcome.changed,
            unchanged=outcome.unchanged,
            reported=outcome.rows - outcome.created - outcome.changed - outcome.unchanged,
            dry_run=order.dry_run,
            problems=outcome.problems[:MOST_PROBLEMS],
        )
        .model_dump_json()
        .encode()
    )
