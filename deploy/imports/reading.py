"""Reads CSV and JSON Lines strictly, row by row: what cannot be read is reported with its line, and the rest is safe.

It never repairs a row and never reads a file that is not what it is said to be.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.imports import mapping as mappings
from deploy.imports.problems import FileRefused, Problem

MOST_BYTES = 200_000_000
_KINDS_OF_FILE = (
    (b"PK\x03\x04", "a ZIP archive, as XLSX and ODS files are"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "XML"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_WORDS = {"csv": "CSV", "jsonl": "JSON Lines"}


@dataclass(frozen=True)
class Row:
    """A row as it stands in the file, with the line it begins on."""

    line: int
    cells: Mapping[str, Any]


def rows(path: Path, mapping: mappings.Mapping) -> Iterator[Row | Problem]:
    """Give the rows and the problems of a file, in its order; raises FileRefused when it cannot be read as a whole."""
    text = _text(_content(path, mapping), mapping)
    # a line ends where a text editor ends it, not at every character that Unicode calls a separator
    lines = list(io.StringIO(text, newline="")) if mapping.format == "csv" else text.split("\n")
    yield from (_csv_rows if mapping.format == "csv" else _json_rows)(lines, mapping)


def _content(path: Path, mapping: mappings.Mapping) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileRefused("too_large", f"at most {MOST_BYTES // 1_000_000} MB; cut the file into parts")
        content = path.read_bytes()
    except OSError as error:
        raise FileRefused("no_file", f"a file that can be read ({error.strerror})") from None
    if not content.strip():
        raise FileRefused("empty_file", "a file with rows; this one is empty")
    start = content.lstrip()[:20].lower()
    for magic, what in _KINDS_OF_FILE:
        if start.startswith(magic.lower()):
            raise FileRefused("other_format", f"{_WORDS[mapping.format]}; this file is {what}")
    is_utf16 = content.startswith(_UTF16)
    if is_utf16 != (mapping.encoding == "utf-16") or (not is_utf16 and b"\x00" in content[:65_536]):
        found = "is UTF-16" if is_utf16 else "is not"
        raise FileRefused("other_encoding", f"text in {mapping.encoding.upper()}; this file {found}")
    return content


def _text(content: bytes, mapping: mappings.Mapping) -> str:
    if mapping.encoding == "utf-16":
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise FileRefused("other_encoding", "text in UTF-16 from beginning to end") from None
    # what cannot be decoded stays visible as a lone surrogate, and is reported with its own row and column
    return content.decode(mapping.encoding, errors="surrogateescape").removeprefix("\ufeff")


def _is_undecoded(text: str) -> bool:
    return any("\udc80" <= letter <= "\udcff" for letter in text)


class _Lines:
    """Lines with a position that can be set back: an open quote must not swallow the rest of the file."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.position = 0

    def __iter__(self) -> Iterator[str]:
        while self.position < len(self.lines):
            self.position += 1
            yield self.lines[self.position - 1]


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Give each record with the line it begins on; None where its quotes cannot be read."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = lines.position + 1
        try:
            yield start, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield start, None
            lines.position = start
            reader = csv.reader(lines, delimiter=delimiter, strict=True)


def _csv_rows(lines: list[str], mapping: mappings.Mapping) -> Iterator[Row | Problem]:
    records = _records(_Lines(lines), mapping.delimiter)
    header = _header(next(records), mapping)
    for line, cells in records:
        if cells is None:
            yield Problem(code="bad_quotes", line=line, expected="expected a quote that is closed before a delimiter")
        elif len(cells) != len(header) and any(cells):
            yield _ragged(line, cells, header)
        elif any(cells):
            named = dict(zip(header, cells, strict=True))
            undecoded = [column for column, cell in named.items() if _is_undecoded(cell)]
            yield _bad_encoding(line, undecoded[0], mapping) if undecoded else Row(line, named)


def _header(first: tuple[int, list[str] | None], mapping: mappings.Mapping) -> list[str]:
    line, cells = first
    if cells is None or cells[:1] == [] or cells[0].lstrip()[:1] in ("{", "["):
        raise FileRefused("other_format", "a CSV header with the names of the columns", line=line)
    header = [cell.strip() for cell in cells]
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        raise FileRefused("column_twice", "each column once", line=line, column=twice[0])
    absent = [column for column in mapping.columns() if column not in header]
    if absent:
        hint = f"; the header holds no “{mapping.delimiter}”" if len(header) == 1 else ""
        raise FileRefused("missing_column", f"a column of this name in the header{hint}", line=line, column=absent[0])
    return header


def _ragged(line: int, cells: list[str], header: list[str]) -> Problem:
    expected = f"expected {len(header)} cells; the row has {len(cells)}"
    column = header[min(len(cells), len(header) - 1)]
    return Problem(code="ragged_row", line=line, column=column, expected=expected)


def _bad_encoding(line: int, column: str | None, mapping: mappings.Mapping) -> Problem:
    return Problem(
        code="bad_encoding", line=line, column=column, expected=f"expected text in {mapping.encoding.upper()}"
    )


def _json_rows(lines: list[str], mapping: mappings.Mapping) -> Iterator[Row | Problem]:
    first = next((line.lstrip() for line in lines if line.strip()), "")
    if not first.startswith("{"):
        what = "one array" if first.startswith("[") else "something else"
        raise FileRefused("other_format", f"JSON Lines, one object a line; this file begins with {what}", line=1)
    found = list(_parsed(lines, mapping))
    tops = {name for each in found if isinstance(each, Row) for name in each.cells}
    absent = [column for column in mapping.columns() if column.partition(".")[0].removesuffix("[]") not in tops]
    if absent and tops:
        raise FileRefused("missing_column", "a member of this name in the objects", column=absent[0])
    yield from found


def _parsed(lines: list[str], mapping: mappings.Mapping) -> Iterator[Row | Problem]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if _is_undecoded(line):
            yield _bad_encoding(number, None, mapping)
            continue
        try:
            read = json.loads(line, object_pairs_hook=_no_twins, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            read = None
        if isinstance(read, dict):
            yield Row(number, read)
        else:
            yield Problem(code="not_json", line=number, expected="expected one JSON object, each member once")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a member stands twice")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(name)
