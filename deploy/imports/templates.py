"""Writes the empty workbook that goes with a mapping: what is filled in there comes in through that mapping.

It knows no kind and no vocabulary: columns, comments and examples are the mapping's, and the words of a drop-down are those
that it looks up.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from shared.imports.mapping import Mapping
from shared.imports.problems import FileRefused
from shared.imports.reading.sheets import letters
from shared.imports.workbook import PLAIN_TEXT

SHEET, EXAMPLE, WORDS = "Register", "Example", "Words"
#: As far down as drop-downs and formats go; rows below are read like the others.
ROWS = 10_000


@dataclass(frozen=True)
class Column:
    """A column of the workbook: its name, what goes in, an example, the words of its drop-down, and whether it is a day."""

    name: str
    about: str
    example: str
    words: tuple[str, ...]
    is_day: bool
    is_text: bool


def write(path: Path, mapping: Mapping) -> None:
    """Write the workbook of a mapping; FileRefused when it is not for workbooks, or tells nothing of its columns."""
    if mapping.format != "xlsx" or not mapping.template:
        raise FileRefused("no_template", f"a mapping of format xlsx with the word template; {mapping.name} is none")
    columns = [_column(mapping, name) for name in mapping.template]
    with Workbook(path, dict(PLAIN_TEXT)) as book:
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#E7EEF7", "border": 1}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "text": book.add_format({"num_format": "@"}),
            "plain": book.add_format(),
        }
        sheet = book.add_worksheet(mapping.sheet or SHEET)
        example, words = book.add_worksheet(EXAMPLE), book.add_worksheet(WORDS)
        for at, column in enumerate(columns):
            _head(sheet, at, column, formats, line=mapping.header_row - 1)
            _head(example, at, column, formats, line=0)
            example.write_string(1, at, column.example, formats["text"])
            _drop_down(sheet, words, at, column, first=mapping.header_row)
        sheet.freeze_panes(mapping.header_row, 1)
        example.write_string(3, 0, "The row above is an example. Fill in the first sheet; this one is not read.")
        words.write_string(0, len(columns) + 1, "The words of the drop-downs. This sheet is not read.")


def _column(mapping: Mapping, name: str) -> Column:
    values, told = mapping.values_of(name), mapping.template[name]
    words = [word for value in values for word in value.lookup or {}]
    words += ["Yes", "No"] if any(value.read_as == "yes_no" for value in values) else []
    kinds = {value.read_as for value in values}
    return Column(name, told.about, told.example or "", tuple(words), "day" in kinds, kinds == {"text"})


def _head(sheet: Any, at: int, column: Column, formats: dict[str, Any], *, line: int) -> None:
    sheet.write_string(line, at, column.name, formats["head"])
    sheet.write_comment(line, at, column.about)
    kind = "day" if column.is_day else "text" if column.is_text else "plain"
    sheet.set_column(at, at, max(14, len(column.name) + 2), formats[kind])


def _drop_down(sheet: Any, words: Any, at: int, column: Column, *, first: int) -> None:
    """Let a cell be chosen from a list; the list stands on a sheet of its own, as a long one fits nowhere else."""
    if not column.words:
        return
    words.write_string(0, at, column.name)
    for number, word in enumerate(column.words, start=1):
        words.write_string(number, at, word)
    named = letters(at)
    source = f"={WORDS}!${named}$2:${named}${len(column.words) + 1}"
    sheet.data_validation(first, at, ROWS, at, {"validate": "list", "source": source})
