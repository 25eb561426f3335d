"""The writers of the three formats: rows of JSON in, bytes out. Nothing here waits, reads a database or knows a caller."""

import csv
import io
import json
import tempfile
from collections.abc import Sequence
from datetime import date
from typing import IO, Any, Protocol

import xlsxwriter

from shared.errors import Unprocessable
from shared.exports.cells import as_json, csv_cell
from shared.exports.columns import Column
from shared.exports.media import Form, Format

MOST_SHEET_ROWS = 1_048_576
MOST_CELL_CHARACTERS = 32_767
#: Beyond this a spreadsheet's number is no longer the number that was written.
_EXACT = 2**53
#: Before this a spreadsheet counts a day that never was, 29 February 1900; such a day stays a text.
_FIRST_DAY = date(1900, 3, 1)
_DAY_WIDTH = 11


class Streamed(Protocol):
    """A format that goes out as it is written."""

    def begins(self) -> bytes:
        """Give what stands before the rows."""

    def rows(self, rows: Sequence[str]) -> bytes:
        """Give some rows; each comes as the text of a JSON object."""


class Csv:
    """CSV as RFC 4180 has it: UTF-8, a header, CR LF."""

    def __init__(self, columns: Sequence[Column], *, has_mark: bool) -> None:
        """Take the columns, and whether a byte order mark stands first."""
        self._columns = columns
        self._mark = b"\xef\xbb\xbf" if has_mark else b""

    def begins(self) -> bytes:
        """Give mark and header."""
        return self._mark + self._written([[column.header for column in self._columns]])

    def rows(self, rows: Sequence[str]) -> bytes:
        """Give some records."""
        items = map(json.loads, rows)
        return self._written([[csv_cell(column.value_of(item)) for column in self._columns] for item in items])

    def _written(self, records: list[list[str]]) -> bytes:
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(records)
        return text.getvalue().encode()


class JsonLines:
    """The items of the list as they are, one on each line."""

    def begins(self) -> bytes:
        """Nothing stands before the rows."""
        return b""

    def rows(self, rows: Sequence[str]) -> bytes:
        """Give some lines."""
        # within a text a line break is escaped; between tokens a blank says the same
        return "".join(row.replace("\n", " ") + "\n" for row in rows).encode()


class Workbook:
    """One sheet in a workbook that is written to disk row by row; memory stays flat, and nothing leaves before it is whole."""

    def __init__(self, columns: Sequence[Column]) -> None:
        """Begin with the header; the parts lie in a folder that only this process reads, and go with it."""
        self._columns = columns
        self._folder = tempfile.TemporaryDirectory(prefix="a22-export-")
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - `discard` closes it
        options = {"constant_memory": True, "tmpdir": self._folder.name}
        self._book = xlsxwriter.Workbook(self._file, options)
        self._book.use_zip64()
        self._sheet = self._book.add_worksheet()
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        for at, column in enumerate(columns):
            if column.is_day:
                self._sheet.set_column(at, at, _DAY_WIDTH)
        self._next = 0
        self._put([column.header for column in columns])

    def add(self, rows: Sequence[str]) -> None:
        """Write some rows; Unprocessable for more than a sheet or a cell holds."""
        for row in rows:
            item = json.loads(row)
            self._put([_typed(column, column.value_of(item)) for column in self._columns])

    def finished(self) -> IO[bytes]:
        """Close the workbook and give its file, set to its beginning."""
        self._book.close()
        self._file.seek(0)
        return self._file

    def discard(self) -> None:
        """Leave nothing on the disk, whole or not."""
        self._sheet.row_data_fh.close()
        self._file.close()
        self._folder.cleanup()

    def _put(self, values: Sequence[Any]) -> None:
        if self._next >= MOST_SHEET_ROWS:
            raise Unprocessable(
                f"a sheet holds {MOST_SHEET_ROWS} rows; take CSV or JSON Lines, or narrow the list",
                code="too_many_rows",
            )
        for at, value in enumerate(values):
            self._cell(at, value)
        self._next += 1

    def _cell(self, at: int, value: Any) -> None:
        if isinstance(value, bool):
            self._sheet.write_boolean(self._next, at, value)
        elif isinstance(value, int | float) and abs(value) <= _EXACT:
            self._sheet.write_number(self._next, at, value)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._next, at, value, self._day)
        elif value is not None:
            # always as text: a formula is never written
            text = value if isinstance(value, str) else as_json(value)
            if len(text) > MOST_CELL_CHARACTERS:
                raise Unprocessable(
                    f"row {self._next}, column {self._columns[at].header}: a cell of a workbook holds "
                    f"{MOST_CELL_CHARACTERS} characters; take CSV or JSON Lines",
                    code="cell_too_long",
                )
            self._sheet.write_string(self._next, at, text)


def _typed(column: Column, value: Any) -> Any:
    """Give a day of a column of days as a day that a spreadsheet reckons with; anything else as it is."""
    if not column.is_day or not isinstance(value, str):
        return value
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return day if day >= _FIRST_DAY else value


def streamed(form: Form, columns: Sequence[Column]) -> Streamed:
    """Give the writer of a format that goes out as it is written."""
    return JsonLines() if form.format is Format.JSONL else Csv(columns, has_mark=form.has_mark)
