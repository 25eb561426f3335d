"""What went wrong with a row or a file, said so that its owner finds it: file, line or cell, column, what was expected.

It never repeats what stood in the file: a register may hold what a terminal must not show.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that kept a row, or the file, from being taken; `sheet` and `cell` are a workbook's alone."""

    code: str
    expected: str
    line: int | None = None
    row: str | None = None
    column: str | None = None
    sheet: str | None = None
    cell: str | None = None

    def sentence(self, file: str) -> str:
        """Say it on one line."""
        where = [file]
        if self.sheet is not None:
            where.append(f"sheet {self.sheet}")
        if self.line is not None:
            where.append(f"{'line' if self.sheet is None else 'row'} {self.line}")
        if self.column is not None:
            where.append(f"column {self.column}" + (f" ({self.cell})" if self.cell else ""))
        elif self.cell is not None:
            where.append(f"cell {self.cell}")
        return f"{', '.join(where)}: {self.expected}"


class FileRefused(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, code: str, expected: str, *, line: int | None = None, column: str | None = None) -> None:
        """Hold what was expected, and where."""
        self.problem = Problem(code=code, expected=f"expected {expected}", line=line, column=column)
        super().__init__(expected)


class BadValue(Exception):
    """A value of a row cannot be taken."""

    def __init__(self, column: str, expected: str, *, code: str = "bad_value") -> None:
        """Hold the column and what was expected there."""
        self.column = column
        self.expected = expected
        self.code = code
        super().__init__(expected)
