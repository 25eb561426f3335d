"""Reads JSON Lines strictly, one object a line, holding no more of a file than one line. It never repairs a row."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

from shared.imports.mapping import Mapping
from shared.imports.problems import FileRefused, Problem
from shared.imports.reading.layout import Layout, Opened, Row
from shared.imports.reading.texts import is_undecoded, lines

_LAYOUT = Layout()
Line = tuple[int, str]


def opened(file: BinaryIO, mapping: Mapping) -> Opened:
    """Look at the first line and give the rows as a stream."""
    numbered = _numbered(file, mapping)
    first = next(numbered, (1, ""))
    start = first[1].lstrip()
    if not start.startswith("{"):
        what = "one array" if start.startswith("[") else "something else"
        raise FileRefused("other_format", f"JSON Lines, one object a line; this file begins with {what}", line=1)
    return Opened(_LAYOUT, (), _rows(chain([first], numbered), mapping))


def _numbered(file: BinaryIO, mapping: Mapping) -> Iterator[Line]:
    """Give the lines that are not empty, each with its number; the pieces of one that is too long have the same."""
    number, is_begun = 0, False
    with lines(file, mapping, newline="\n") as read:
        for line in read:
            number += not is_begun
            is_begun = not line.endswith("\n")
            if line.strip():
                yield number, line


def _rows(numbered: Iterator[Line], mapping: Mapping) -> Iterator[Row | Problem]:
    wanted = {column.partition(".")[0].removesuffix("[]"): column for column in mapping.columns()}
    told, is_empty = 0, True
    for number, line in numbered:
        if number == told:
            continue
        if is_undecoded(line):
            expected = f"expected text in {mapping.encoding.upper()}"
            found: Row | Problem = _LAYOUT.problem("bad_encoding", expected, line=number)
        elif (read := _object(line)) is not None:
            is_empty = False
            wanted = {name: column for name, column in wanted.items() if name not in read} if wanted else wanted
            found = Row(number, read)
        else:
            found = _LAYOUT.problem("not_json", "expected one JSON object, each member once", line=number)
        told = number if isinstance(found, Problem) else 0
        yield found
    if wanted and not is_empty:
        absent = next(iter(wanted.values()))
        raise FileRefused("missing_column", "a member of this name in the objects", column=absent)


def _object(line: str) -> dict[str, Any] | None:
    try:
        read = json.loads(line, object_pairs_hook=_no_twins, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a member stands twice")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(name)
