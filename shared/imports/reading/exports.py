"""Reads what this system exported, in any of its formats: the columns become the object again that the list showed.

The apostrophes that keep a CSV from calculating are taken off here and nowhere else.
"""

from collections.abc import Iterator
from typing import Any

from shared.exports.cells import LIST, OBJECT, row_of
from shared.imports.mapping import Mapping
from shared.imports.problems import FileRefused, Problem
from shared.imports.reading.layout import Layout, Opened, Row

_NOTHING_ELSE: dict[str, Any] = {"fields": {}, "note": {}, "provenance": None, "report_when": [], "doubt_when": []}


def as_found(head: bytes, mapping: Mapping) -> Mapping:
    """Give the mapping by which a file is read as it lies there; of its columns only that of the row must have its name."""
    if head.startswith(b"PK"):
        return mapping.model_copy(update={"format": "xlsx", **_NOTHING_ELSE})
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return mapping.model_copy(update={"format": "jsonl"})
    return mapping.model_copy(update={"format": "csv", **_NOTHING_ELSE})


def nested(opened: Opened, mapping: Mapping) -> Opened:
    """Make the rows of a table objects as JSON Lines have them; those of JSON Lines, which has no header, are such objects."""
    if not opened.header:
        return opened
    there = {_top(header) for header in opened.header}
    absent = next((column for column in mapping.columns() if _top(column) not in there), None)
    if absent is not None:
        raise FileRefused("missing_column", "a column of this name, as the export has it", line=1, column=absent)
    return Opened(opened.layout, opened.header, _rows(opened.rows, opened.layout))


def _top(column: str) -> str:
    return column.partition(".")[0].removesuffix(LIST).removesuffix(OBJECT)


def _rows(rows: Iterator[Row | Problem], layout: Layout) -> Iterator[Row | Problem]:
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        try:
            # a workbook keeps texts as texts; only a CSV needs an apostrophe
            yield Row(row.line, row_of(row.cells, is_escaped=layout.sheet is None))
        except ValueError:
            lists = ", ".join(header for header in row.cells if header.endswith((LIST, OBJECT)))
            yield layout.problem("not_json", "expected JSON as the export wrote it", line=row.line, column=lists)
