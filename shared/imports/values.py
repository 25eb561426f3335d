"""Makes one value of ours out of the cells of a row, as the mapping says. It never invents: what is missing stays missing."""

import hashlib
import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from shared.imports import notations
from shared.imports.mapping import Condition, Mapping, Value
from shared.imports.problems import BadValue
from shared.imports.reading.layout import Row

#: Enough that two different rows of a million do not meet.
FINGERPRINT_LETTERS = 20
_PLAIN_NUMBER, _PLAIN_DAY = ("1234.5",), ("YYYY-MM-DD",)
_WHOLE_UP_TO = 1e15


class Text(str):
    """The text of a cell, with what a workbook or JSON stored in it when that was no text."""

    typed: Any = None


def made(value: Value, row: Row, mapping: Mapping) -> Any:
    """Give the value for a row; None when it is missing. Raises BadValue with the column and what was expected there."""
    if not all(holds(condition, row, mapping) for condition in value.when):
        return None
    found = _found(value, row, mapping)
    return value.default if found is None else found


def holds(condition: Condition, row: Row, mapping: Mapping) -> bool:
    """Tell whether a row looks as a condition says."""
    text = cell(row, condition.column, mapping)
    if condition.missing is not None and (text is None) != condition.missing:
        return False
    if condition.equals is not None and text not in condition.equals:
        return False
    if condition.matches is not None and not (text and re.search(condition.matches, text, re.IGNORECASE)):
        return False
    return not (condition.unless is not None and text and re.search(condition.unless, text, re.IGNORECASE))


def cell(row: Row, column: str, mapping: Mapping) -> str | None:
    """Give the text of a cell without blanks around and doubled inside; None when it is missing."""
    texts = list(_texts(_at(row, column, mapping), column, mapping))
    return texts[0] if texts else None


def _at(row: Row, column: str, mapping: Mapping) -> list[Any]:
    """Follow a path through a JSON object, `parents[].id` through a list; any other column is its own name."""
    if mapping.format not in ("jsonl", "export"):
        return [row.cells.get(column)]
    here: list[Any] = [row.cells]
    for step in column.split("."):
        name = step.removesuffix("[]")
        below = [each.get(name) for each in here if isinstance(each, dict)]
        here = below if name == step else [inner for each in below if isinstance(each, list) for inner in each]
    return here


def _texts(cells: Iterable[Any], column: str, mapping: Mapping) -> Iterable[Text]:
    for each in cells:
        if isinstance(each, dict | list):
            raise BadValue(column, "expected one value, not a list or an object")
        text = Text(" ".join(written(each).split()))
        if each is not None and text and text not in mapping.missing:
            text.typed = None if isinstance(each, str) else each
            yield text


def written(cell: Any) -> str:
    """Write the value of a cell as a person would: 500 and not 500.0, a day and not its midnight."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE_UP_TO:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return cell.date().isoformat()
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)


def _found(value: Value, row: Row, mapping: Mapping) -> Any:
    if value.first is not None:
        return next((each for each in (made(one, row, mapping) for one in value.first) if each is not None), None)
    if value.gather is not None:
        return _gathered(value.gather, row, mapping)
    if value.object is not None:
        needed = {name: made(one, row, mapping) for name, one in value.object.items() if name in value.required}
        if len(needed) < len(set(value.required)) or None in needed.values():
            return None
        whole = {
            name: needed[name] if name in needed else made(one, row, mapping) for name, one in value.object.items()
        }
        kept = {name: each for name, each in whole.items() if each is not None}
        return kept or None
    if value.join is not None:
        parts = [text for column in value.join if (text := _part(value, row, column, mapping)) is not None]
        return _read(value, value.separator.join(parts), ", ".join(value.join)) if parts else None
    if value.fingerprint is not None:
        cells = [cell(row, column, mapping) for column in value.fingerprint]
        return hashlib.sha256("\x1f".join(text or "" for text in cells).encode()).hexdigest()[:FINGERPRINT_LETTERS]
    if value.column is not None and value.split is not None:
        return _split(value, row, mapping)
    if value.column is not None and value.read_as == "written":
        return _part(value, row, value.column, mapping)
    if value.column is not None:
        texts = _texts(_at(row, value.column, mapping), value.column, mapping)
        read = [_read(value, text, value.column) for text in texts]
        return read if "[]" in value.column else next(iter(read), None)
    return value.constant


def _part(value: Value, row: Row, column: str, mapping: Mapping) -> str | None:
    """Give a cell; as written, it keeps its blanks, so that what differs by them alone stays different."""
    text = cell(row, column, mapping)
    return str(_at(row, column, mapping)[0]) if text is not None and value.read_as == "written" else text


def _split(value: Value, row: Row, mapping: Mapping) -> list[Any] | None:
    """Cut cells into a list; each part stays as it is written but for the blanks around it, and repeated parts stay repeated."""
    parts = [
        part.strip(" ")
        for each in _at(row, str(value.column), mapping)
        if isinstance(each, str)
        for part in each.split(str(value.split))
    ]
    return [_read(value, part, str(value.column)) for part in parts if part and part not in mapping.missing] or None


def _gathered(values: list[Value], row: Row, mapping: Mapping) -> list[Any]:
    gathered: list[Any] = []
    for value in values:
        found = made(value, row, mapping)
        for each in found if isinstance(found, list) else [found]:
            if each is not None and each not in gathered:
                gathered.append(each)
    return gathered


def _read(value: Value, text: str, column: str) -> Any:
    if value.after is not None:
        text = text.rpartition(value.after)[2]
    if value.keep is not None and re.fullmatch(value.keep, text):
        return text
    if value.lookup is not None:
        return _looked_up(value, text, column)
    if value.patterns is not None:
        given = (match.gives for match in value.patterns if re.search(match.matches, text, re.IGNORECASE))
        return next(given, value.otherwise)
    return _typed(value, text, column)


def _looked_up(value: Value, text: str, column: str) -> Any:
    known = value.lookup or {}
    if text in known:
        return known[text]
    if value.has_otherwise:
        return value.otherwise
    raise BadValue(column, f"expected one of {', '.join(known)}")


def _typed(value: Value, text: str, column: str) -> Any:
    typed = getattr(text, "typed", None)
    if value.read_as in ("whole", "number"):
        taken = tuple(value.notations) or _PLAIN_NUMBER
        found = _stored_number(typed)
        found = notations.number(text, taken) if found is None else found
        if found is None or (value.read_as == "whole" and not found.is_integer()):
            what = "a whole number" if value.read_as == "whole" else "a number"
            raise BadValue(column, f"expected {what} written as {' or '.join(taken)}")
        return int(found) if value.read_as == "whole" else found
    if value.read_as == "day":
        taken = tuple(value.notations) or _PLAIN_DAY
        read = _stored_day(typed) or notations.day(text, taken)
        if read is None:
            raise BadValue(column, f"expected a day that exists, written as {' or '.join(taken)}")
        return read.isoformat()
    if value.read_as == "days":
        written = tuple(value.notations) or _PLAIN_DAY
        listed = notations.days(text, written)
        if listed is None:
            expected = f"expected days that exist, the earlier first, written as {' or '.join(written)}"
            raise BadValue(column, expected)
        return [each.isoformat() for each in listed]
    if value.read_as == "yes_no":
        answer = notations.yes_or_no(text)
        if answer is None:
            raise BadValue(column, "expected yes or no; for other words a lookup gives true or false")
        return answer
    return text


def _stored_number(typed: Any) -> float | None:
    """Give a number that was stored as one: no notation of texts applies to it."""
    is_number = isinstance(typed, int | float) and not isinstance(typed, bool)
    return float(typed) if is_number and math.isfinite(typed) and abs(typed) < 2**53 else None


def _stored_day(typed: Any) -> date | None:
    return typed.date() if isinstance(typed, datetime) else typed if isinstance(typed, date) else None
