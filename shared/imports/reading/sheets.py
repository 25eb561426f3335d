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


def looked_through(archive: zipfile.ZipFile, name: str) -> Seen:
    """Look through the sheet of this name; FileRefused when it is too large or too broken to be read at all."""
    scan = _Scan()
    with archive.open(_part_of(archive, name)) as part:
        _parse(part, scan.begin, scan.end, scan.text)
    seen = scan.seen
    width = seen.last_column - min(seen.first_column, seen.last_column) + 1
    if (seen.last_row + 1) * max(width, 1) > MOST_CELLS:
        raise FileRefused("too_large", f"a sheet of at most {MOST_CELLS:,} cells from its first to its last")
    return seen


def _part_of(archive: zipfile.ZipFile, name: str) -> str:
    """Give the part that holds a sheet, by the workbook's list of sheets and its relations."""
    relation, targets = "", {}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        nonlocal relation
        if tag.rpartition("}")[2] == "sheet" and attributes.get("name") == name:
            relation = next((value for key, value in attributes.items() if key.rpartition("}")[2] == "id"), "")

    def target(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition("}")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    with archive.open("xl/workbook.xml") as part:
        _parse(part, sheet)
    with archive.open("xl/_rels/workbook.xml.rels") as part:
        _parse(part, target)
    found = targets.get(relation, "").removeprefix("/")
    return found if found.startswith("xl/") else f"xl/{found}"


def _parse(part: Any, begin: Any, end: Any = None, text: Any = None) -> None:
    parser = expat.ParserCreate(namespace_separator="}")
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
    """Handlers of the XML parser; one pass over a sheet."""

    def __init__(self) -> None:
        self.seen = Seen()
        self.row = -1
        self.column = -1
        self.kind = ""
        self.has_formula = False
        self.has_value = False
        self.is_value = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Note where a cell stands and what it holds."""
        name = tag.rpartition("}")[2]
        if name == "c":
            self._cell(attributes)
        elif name == "f":
            self.has_formula = True
        elif name in ("v", "is"):
            self.is_value = True
        elif name == "row":
            self.row = int(attributes["r"]) - 1 if attributes.get("r", "").isdigit() else self.row + 1
            self.column = -1

    def text(self, _text: str) -> None:
        """Note that a value is not empty."""
        self.has_value = self.has_value or self.is_value

    def end(self, tag: str) -> None:
        """Judge a cell at its end."""
        name = tag.rpartition("}")[2]
        if name in ("v", "is"):
            self.is_value = False
        elif name == "c" and (self.has_value or self.has_formula):
            self._judge()

    def _cell(self, attributes: dict[str, str]) -> None:
        found = _ADDRESS.fullmatch(attributes.get("r", ""))
        self.column += 1
        if found:
            self.row, self.column = int(found[2]) - 1, _number(found[1])
        self.kind, self.has_formula, self.has_value = attributes.get("t", ""), False, False

    def _judge(self) -> None:
        seen = self.seen
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
