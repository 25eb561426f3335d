"""The envelope of every bulk import: how it is ordered, which rows can be taken at all, and what is reported of them.

It must never know what a row means: what is sound, what is kept and which event it leaves is each feature's own.
"""

from collections.abc import Awaitable, Callable, Container, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.schemas import BadLine, Shown

#: A report names so many problems; who has more of them has one problem, its mapping.
MOST_PROBLEMS = 10_000
#: What is counted of rows, as a report and the result of an operation tell it.
TOLD_COUNTS = (
    "rows", "created", "changed", "unchanged", "waiting", "reported", "held_back", "unverified", "questions",
)  # fmt: skip
#: Where questions wait for a person, by the kind of what is imported.
QUEUES = {
    "places": "place-matches", "place-aliases": "place-matches", "authorities": "authority-matches",
    "recommendations": "addressee-matches",
}  # fmt: skip
#: Code of a problem whose row is taken as it stands, so that somebody may look at it.
DOUBTFUL = "doubtful"


SourceName = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[a-z0-9-]+$")]
MappingName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[a-z0-9-]+$")]


class ImportOrder(BaseModel):
    """How rows are to be taken."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    source: SourceName
    """Name of the source; with the row id it identifies a record."""
    mapping: MappingName
    """Name of the mapping that made the rows."""
    dry_run: bool = False
    """Report only; nothing is kept."""
    all_or_nothing: bool = False
    """Keep nothing when a row is bad."""


class ImportQuery(BaseModel):
    """How an import is ordered; what a mapping says itself need not be said again."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    source: SourceName | None = None
    """Name of the source; with the row id it identifies a record. Needed with JSON Lines; a file's mapping names its own."""
    mapping: MappingName | None = None
    """With a file: the name of a shipped mapping, unless one is sent along. With JSON Lines: what made the rows."""
    dry_run: bool = False
    """Report only; nothing is kept."""
    all_or_nothing: bool = False
    """Keep nothing when a row is bad."""


class ImportProblem(Shown):
    """A row that was not taken, or a field of it."""

    line: int | None
    """The line in the file; of a workbook the number of the row."""
    row: str | None
    """The id of the row, where it could be read."""
    field: str
    """Pointer to the field of ours; empty where the file itself is the matter."""
    code: str
    detail: str
    """What was expected."""
    column: str | None = None
    """The column of the file, or the columns, that the field is made from."""
    sheet: str | None = None
    cell: str | None = None
    """The cell of a workbook."""


class ImportReport(Shown):
    """What became of the rows: every row was taken, waits, is reported, or was held back with those that are."""

    operation_id: UUID
    source: str
    mapping: str
    file: str | None
    """The name of the file, where one was sent."""
    is_finished: bool
    """Whether the import has been through all rows; until then the counts grow."""
    rows: int
    created: int
    changed: int
    unchanged: int
    waiting: int
    """Rows of which nothing is made before somebody has decided; they stand in place-matches or authority-matches."""
    reported: int
    unverified: int
    """Of the rows that were created: places that wait unverified."""
    questions: int
    """Questions that this import asked about rows that were taken: places that another source has too, names of addressees."""
    held_back: int
    """Rows that are good and were not taken, because all or nothing was asked for."""
    dry_run: bool
    all_or_nothing: bool
    problems: list[ImportProblem]
    """By line, at most 10,000."""


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
    waiting: int = 0
    unverified: int = 0
    questions: int = 0
    problems: list[ImportProblem] = field(default_factory=list)

    def refuse(self, row: Row, pointer: str, code: str, detail: str) -> None:
        """Note why a row is not taken."""
        self.problems.append(ImportProblem(line=row.line, row=row.row, field=pointer, code=code, detail=detail))

    def is_stopped(self, order: ImportOrder) -> bool:
        """Whether all or nothing was asked for and something is wrong."""
        return order.all_or_nothing and any(problem.code != DOUBTFUL for problem in self.problems)


def sort_out(lines: Sequence[R | BadLine]) -> tuple[dict[str, R], Imported]:
    """Give the rows that can be read, by their id in the source; bad lines and doubles are reported."""
    good: dict[str, R] = {}
    outcome = Imported(rows=len(lines))
    for number, row in enumerate(lines, start=1):
        if isinstance(row, BadLine):
            line = number if row.line is None else row.line
            outcome.problems += [
                ImportProblem(line=line, row=row.row, field=each.pointer, code=each.code, detail=each.detail)
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
