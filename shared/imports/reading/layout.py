"""A row as it stands in a file, and where its cells stand. Holds no word of what a row means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.imports.problems import Problem


@dataclass(frozen=True)
class Row:
    """A row as it stands in the file, with the line it begins on (of a workbook: the number of the row)."""

    line: int
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class Layout:
    """Where the columns of a workbook stand: the sheet, and the letters of each column. Of other files nothing."""

    sheet: str | None = None
    letters: Mapping[str, str] = field(default_factory=dict)

    def problem(
        self, code: str, expected: str, *, line: int, column: str | None = None, row: str | None = None
    ) -> Problem:
        """Say what is wrong at a line and a column (or several, of which the first is pointed at)."""
        first = (column or "").partition(", ")[0]
        letters = self.letters.get(column or "") or self.letters.get(first)
        return Problem(
            code=code, expected=expected, line=line, column=column, row=row, sheet=self.sheet,
            cell=f"{letters}{line}" if letters else None,
        )  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """A file whose header was read: its columns in their order, and its rows and problems one after the other."""

    layout: Layout
    header: tuple[str, ...]
    rows: Iterator[Row | Problem]
