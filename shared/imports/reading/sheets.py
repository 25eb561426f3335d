"""Looks through the XML of a sheet once, as a stream: how far it reaches, and the cells whose value cannot be trusted.

Reads no value; that is the library's. It keeps what the library drops: errors, and formulas without a stored value.
"""

import re
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from shared.imports.problems import FileRefused

#: Of a sheet that is wrong in more cells than this, nothing is told cell by cell.
MOST_MARKS = 10_000
#: A library lays a sheet out as a rectangle; one lone cell in the last corner would fill the memory.
MOST_CELLS = 4_000_000
_PIECE = 65_536
_MOST_DIGITS = 8
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_FORMULA = "expected a value; the formula here has none stored: open and save the file in an office program"

Address = tuple[int, int]


@dataclass
class Seen:
    """What was seen of a sheet, counted from 0: its last row and column with a value, and marks of cells by place."""

    last_row: int = -1
    last_column: int = -1
    first_column: int = 1 << 20
    marks: dict[Address, tuple[str, str]] = field(default_factory=dict)


def letters(column: int) -> str:
    """Name a column that is counted from 0, as a workbook does: A, B … Z, AA."""
    name, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Give the parts that hold the sheets of a workbook, by the name of the sheet and in their order; no charts."""
    relations: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            relations[attributes.get("name", "")] = relation

    def target(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            found = attributes.get("Target", "").removeprefix("/")
            targets[attributes.get("Id", "")] = found if found.startswith("xl/") else f"xl/{found}"

    for part, handler in (("xl/workbook.xml", sheet), ("xl/_rels/workbook.xml.rels", target)):
        with archive.open(part) as opened:
            _parse(opened, handler)
    return {name: targets[relation] for name, relation in relations.items() if relation in targets}


def looked_through(archive: zipfile.ZipFile, part: str) -> Seen:
    """Look through a sheet by its part; FileRefused when it is too large or too broken to be read at all."""
    scan = _Scan()
    with archive.open(part) as opened:
        _parse(opened, scan.begin, scan.end, scan.text)
    seen = scan.seen
    width = seen.last_column - min(seen.first_column, seen.last_column) + 1
    if (seen.last_row + 1) * max(width, 1) > MOST_CELLS:
        raise FileRefused("too_large", f"a sheet of at most {MOST_CELLS:,} cells from its first to its last")
    return seen


def _parse(part: Any, begin: Any, end: Any = None, text: Any = None) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
    parser.StartDoctypeDeclHandler = _no_document_type
    parser.buffer_text = True
    try:
        while piece := part.read(_PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise FileRefused("other_format", "an XLSX workbook; the XML inside is broken") from None


def _no_document_type(*_told: Any) -> None:
    raise FileRefused(
        "other_format", "an XLSX workbook; the XML inside declares entities, which office programs do not"
    )


class _Scan:
    """Handlers of the XML parser; one pass over a sheet. Of an empty cell nothing but its number is looked at."""

    def __init__(self) -> None:
        self.seen = Seen()
        self.row = -1
        self.column = -1
        self.address = ""
        self.kind = ""
        self.has_formula = False
        self.has_value = False
        self.is_value = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Note where a cell stands and what it holds."""
        name = tag if ":" not in tag else tag.rpartition(":")[2]
        if name == "c":
            self.column += 1
            self.address, self.kind = attributes.get("r", ""), attributes.get("t", "")
            self.has_formula = self.has_value = False
        elif name == "row":
            told = attributes.get("r", "")
            self.row = int(told) - 1 if told.isdigit() and len(told) < _MOST_DIGITS else self.row + 1
            self.column = -1
        elif name == "f":
            self.has_formula = True
        elif name in ("v", "is"):
            self.is_value = True

    def text(self, _text: str) -> None:
        """Note that a value is not empty."""
        if self.is_value:
            self.has_value = True

    def end(self, tag: str) -> None:
        """Judge a cell at its end."""
        name = tag if ":" not in tag else tag.rpartition(":")[2]
        if name == "c":
            if self.has_value or self.has_formula:
                self._judge()
        elif name in ("v", "is"):
            self.is_value = False

    def _judge(self) -> None:
        seen, found = self.seen, _ADDRESS.fullmatch(self.address)
        if found:
            self.row, self.column = int(found[2]) - 1, _number(found[1])
        seen.last_row, seen.last_column = max(seen.last_row, self.row), max(seen.last_column, self.column)
        seen.first_column = min(seen.first_column, self.column)
        if self.kind == "e":
            seen.marks[self.row, self.column] = ("error_value", "expected a value; the cell shows an error")
        elif not self.has_value and self.kind != "str":
            seen.marks[self.row, self.column] = ("no_stored_value", _FORMULA)
        if len(seen.marks) > MOST_MARKS:
            raise FileRefused("too_many_problems", f"a sheet with errors in at most {MOST_MARKS:,} cells")


def _number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
