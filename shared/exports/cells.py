"""How a value stands in a cell, and comes out of it again. Pure, and exactly reversible but for one thing: an empty text and
nothing are both an empty cell.

A text that a spreadsheet would take for a formula never stands in a CSV as it is.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

#: What makes a spreadsheet calculate; the wide forms count in East Asian versions.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_ESCAPED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")

LIST, OBJECT = "[]", "{}"
"""How the header of a column ends whose cells hold JSON."""


def escaped(text: str) -> str:
    """Put an apostrophe before what would be a formula, or would look like an escaped one."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescaped(text: str) -> str:
    """Take the apostrophe off that `escaped` has put there, and no other."""
    return text[1:] if _ESCAPED.match(text) else text


def as_json(value: Any) -> str:
    """Write a list or an object as it stands in one cell."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def csv_cell(value: Any) -> str:
    """Give the text of a CSV cell."""
    if isinstance(value, str):
        return escaped(value)
    if value is None:
        return ""
    # numbers and yes or no as in JSON: -5 is a number and no formula
    return as_json(value)


def row_of(cells: Mapping[str, Any], *, is_escaped: bool = True) -> dict[str, Any]:
    """Give the object behind a row of an exported CSV or, with `is_escaped` false, of a workbook, from its cells by their headers.

    Numbers and yes or no of a CSV stay texts: the header does not tell them from texts that look alike. ValueError for a
    cell that should hold JSON and does not.
    """
    row: dict[str, Any] = {}
    for header, cell in cells.items():
        *above, name = header.removesuffix(LIST).removesuffix(OBJECT).split(".")
        inside = row
        for step in above:
            inside = inside.setdefault(step, {})
        if cell is None or cell == "":
            inside[name] = None
        elif header.endswith((LIST, OBJECT)):
            inside[name] = json.loads(str(cell))
        else:
            inside[name] = unescaped(cell) if is_escaped else cell
    return row
