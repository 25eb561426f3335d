"""Reads CSV strictly, row by row, holding no more of a file than one record. It never repairs a row."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from shared.imports.mapping import Mapping
from shared.imports.problems import FileRefused, Problem
from shared.imports.reading.layout import Layout, Opened, Row
from shared.imports.reading.texts import is_undecoded, lines

_LAYOUT = Layout()
Record = tuple[int, list[str] | None]


def opened(file: BinaryIO, mapping: Mapping) -> Opened:
    """Read the header and give the rows as a stream."""
    records = _records(file, mapping)
    # what stands above the header, a title or the day of an extract, is not looked at
    beginning = (record for record in records if record[0] >= mapping.header_row)
    header = _header(next(beginning, (mapping.header_row, None)), mapping)
    return Opened(_LAYOUT, tuple(header), _rows(records, header, mapping))


class _Lines:
    """Lines of which those of the present record can be set back: an open quote must not swallow the rest of the file."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.position = 0
        self.record: list[str] = []
        self.waiting: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else next(self.lines)
        self.position += 1
        self.record.append(line)
        return line

    def begin(self) -> int:
        """Begin a record; gives the line it begins on."""
        self.record = []
        return self.position + 1

    def set_back(self) -> None:
        """Go on after the first line of the present record."""
        self.waiting.extendleft(reversed(self.record[1:]))
        self.position -= len(self.record) - 1
        self.record = []


def _records(file: BinaryIO, mapping: Mapping) -> Iterator[Record]:
    """Give each record with the line it begins on; None where its quotes cannot be read or it is too long."""
    # a line ends where a text editor ends it, not at every character that Unicode calls a separator
    with lines(file, mapping, newline="") as read:
        source = _Lines(read)
        reader = csv.reader(source, delimiter=mapping.delimiter, strict=True)
        while True:
            start = source.begin()
            try:
                yield start, next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield start, None
                source.set_back()
                reader = csv.reader(source, delimiter=mapping.delimiter, strict=True)


def _header(first: Record, mapping: Mapping) -> list[str]:
    line, cells = first
    if cells is None or cells[:1] == [] or cells[0].lstrip()[:1] in ("{", "["):
        raise FileRefused("other_format", "a CSV header with the names of the columns", line=line)
    header = [cell.strip() for cell in cells]
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        raise FileRefused("column_twice", "each column once", line=line, column=twice[0])
    absent = [column for column in mapping.columns() if column not in header]
    if absent:
        expected = f"a column of this name in the header{_hint(header, mapping)}"
        raise FileRefused("missing_column", expected, line=line, column=absent[0])
    return header


def _hint(header: list[str], mapping: Mapping) -> str:
    """Say what a line that names hardly a column may be: one that is parted by something else, or a title above the header."""
    if len(header) == 1:
        return f"; the header holds no “{mapping.delimiter}”"
    if sum(map(bool, header)) == 1:
        return "; this line looks like a title: header_row says in which line the names of the columns stand"
    return ""


def _rows(records: Iterator[Record], header: list[str], mapping: Mapping) -> Iterator[Row | Problem]:
    for line, cells in records:
        if cells is None:
            yield _LAYOUT.problem("bad_quotes", "expected a quote that is closed before a delimiter", line=line)
        elif len(cells) != len(header) and any(cells):
            expected = f"expected {len(header)} cells; the row has {len(cells)}"
            column = header[min(len(cells), len(header) - 1)]
            yield _LAYOUT.problem("ragged_row", expected, line=line, column=column)
        elif any(cells):
            undecoded = [column for column, cell in zip(header, cells, strict=True) if is_undecoded(cell)]
            if undecoded:
                expected = f"expected text in {mapping.encoding.upper()}"
                yield _LAYOUT.problem("bad_encoding", expected, line=line, column=undecoded[0])
            else:
                yield Row(line, dict(zip(header, cells, strict=True)))
