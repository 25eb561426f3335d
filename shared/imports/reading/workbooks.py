"""Reads a sheet of an XLSX workbook strictly, row by row; cells come typed, as the workbook stores them.

It never runs a formula and never repairs a row. The archive is judged before the library sees it.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from shared.imports.mapping import Mapping
from shared.imports.problems import FileRefused, Problem
from shared.imports.reading import archives, sheets
from shared.imports.reading.layout import Layout, Opened, Row
from shared.imports.reading.sheets import Seen

_MERGED = "expected a cell of its own; it is merged with others, and which row it belongs to is not told"


def opened(file: BinaryIO, mapping: Mapping) -> Opened:
    """Read the header and give the rows as a stream."""
    with archives.checked(file) as archive, _broken():
        found = sheets.parts(archive)
        name = _chosen(list(found), mapping)
        # before the library: it lays a sheet out as a rectangle in memory
        seen = sheets.looked_through(archive, found[name])
    with _broken():
        file.seek(0)
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_name(name)
    # the library begins with row 1, and with the first column that holds something
    left = sheet.start[1] if sheet.start else 0
    numbered = enumerate(sheet.iter_rows(), start=1)
    header = next((cells for number, cells in numbered if number == mapping.header_row), [])
    columns = _columns(header, mapping)
    named = {column: left + position for position, column in columns.items()}
    layout = Layout(sheet.name, {column: sheets.letters(position) for column, position in named.items()})
    marks = {**seen.marks, **_merged(sheet, set(named.values()), mapping)}
    rows = _rows(numbered, columns, left, Seen(marks=marks), layout, mapping)
    return Opened(layout, tuple(columns.values()), rows)


def _chosen(names: list[str], mapping: Mapping) -> str:
    if mapping.sheet is None and len(names) != 1:
        raise FileRefused("no_sheet", f"a mapping that names the sheet; this workbook has {len(names)}")
    if mapping.sheet is not None and mapping.sheet not in names:
        raise FileRefused("no_sheet", f"a sheet named {mapping.sheet}")
    return mapping.sheet or names[0]


@contextmanager
def _broken() -> Iterator[None]:
    """Refuse what the libraries cannot read."""
    try:
        yield
    except FileRefused:
        raise
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError):
        raise FileRefused("other_format", "an XLSX workbook; this one cannot be read") from None
    except BaseException as error:
        # the library is written in Rust and tells of its own defects with an exception beyond Exception
        if type(error).__name__ != "PanicException":
            raise
        raise FileRefused("other_format", "an XLSX workbook; this one cannot be read") from None


def _columns(header: list[Any], mapping: Mapping) -> dict[int, str]:
    """Give the columns by their position in a row of the library."""
    columns = {position: " ".join(str(cell).split()) for position, cell in enumerate(header)}
    columns = {position: column for position, column in columns.items() if column}
    line, names = mapping.header_row, list(columns.values())
    twice = next((column for column in names if names.count(column) > 1), None)
    if twice is not None:
        raise FileRefused("column_twice", "each column once", line=line, column=twice)
    absent = next((column for column in mapping.columns() if column not in names), None)
    if absent is not None:
        raise FileRefused("missing_column", "a column of this name in the header", line=line, column=absent)
    return columns


def _merged(sheet: CalamineSheet, wanted: set[int], mapping: Mapping) -> dict[sheets.Address, tuple[str, str]]:
    """Mark the cells of the wanted columns that are merged; a title above the header may be."""
    marks: dict[sheets.Address, tuple[str, str]] = {}
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
        rows = range(max(top, mapping.header_row), bottom + 1)
        for column in sorted(wanted & set(range(first, last + 1))):
            marks |= {(row, column): ("merged_cells", _MERGED) for row in rows[: sheets.MOST_MARKS]}
        if len(marks) > sheets.MOST_MARKS:
            raise FileRefused("merged_cells", "a table without merged cells")
    return marks


def _rows(
    numbered: Iterator[tuple[int, list[Any]]],
    columns: dict[int, str],
    left: int,
    seen: Seen,
    layout: Layout,
    mapping: Mapping,
) -> Iterator[Row | Problem]:
    marked: dict[int, list[int]] = {}
    for row, column in seen.marks:
        marked.setdefault(row, []).append(column)
    wanted = {left + position: name for position, name in columns.items()}
    read = set(mapping.columns())
    for number, cells in numbered:
        bad = sorted(column for column in marked.get(number - 1, ()) if wanted.get(column) in read)
        if bad:
            code, expected = seen.marks[number - 1, bad[0]]
            yield layout.problem(code, expected, line=number, column=wanted[bad[0]])
        elif any(cell != "" for cell in cells):
            yield Row(number, {name: cells[position] for position, name in columns.items()})
