"""Reads exported files as their reader would, by the rules that the documents state; nothing of the product is used here."""

import csv
import io
import json
from datetime import date
from typing import Any

from python_calamine import load_workbook

ACCEPT = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
}
Leaves = dict[str, Any]


def rows(content: bytes, form: str) -> list[Leaves]:
    """Give each row as its filled leaves by path."""
    if form == "jsonl":
        return [leaves(json.loads(line)) for line in content.decode().split("\n") if line]
    table: list[list[Any]] = (
        [list(record) for record in csv.reader(io.StringIO(content.decode(), newline=""), strict=True)]
        if form == "csv"
        else load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    header, records = table[0], table[1:]
    return [_opened(header, record, is_escaped=form == "csv") for record in records]


def _opened(header: list[str], record: list[Any], *, is_escaped: bool) -> Leaves:
    found: Leaves = {}
    for name, cell in zip(header, record, strict=True):
        if cell == "":
            continue
        if name.endswith(("[]", "{}")):
            inside = json.loads(cell)
            found |= (
                {f"{name[:-2]}.{rest}": value for rest, value in leaves(inside).items()}
                if isinstance(inside, dict)
                else {name[:-2]: inside}
            )
        else:
            found[name] = _plain(cell) if is_escaped else cell
    return found


def _plain(cell: str) -> str:
    bare = cell.lstrip("'")
    return cell[1:] if cell != bare and bare[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else cell


def leaves(item: dict[str, Any], above: str = "") -> Leaves:
    """Give the filled leaves of an item of a list, by path; a list is a leaf."""
    found: Leaves = {}
    for name, value in item.items():
        if isinstance(value, dict):
            found |= leaves(value, f"{above}{name}.")
        elif value is not None and value != "":
            found[f"{above}{name}"] = value
    return found


def is_same(row: Leaves, item: Leaves) -> bool:
    """Tell whether a row says what an item of the list says; a CSV knows texts only, and a sheet one kind of number."""
    return row.keys() == item.keys() and all(_says(row[path], value) for path, value in item.items())


def _says(cell: Any, value: Any) -> bool:
    if isinstance(value, bool):
        return cell is value or cell == str(value).lower()
    if isinstance(value, int | float):
        return float(cell) == float(value)
    return bool(cell == value or (isinstance(cell, date) and cell.isoformat() == value))
