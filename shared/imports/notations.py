"""How people write numbers, days and yes or no, and what these come to. It never guesses: a notation is named or not taken."""

import re
from datetime import date, datetime
from functools import cache

#: Named by the way in which they write one thousand two hundred thirty-four and a half.
NUMBERS = {
    "1234.5": (r"\d+(\.\d+)?", "", "."),
    "1234,5": (r"\d+(,\d+)?", "", ","),
    "1,234.5": (r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?", ",", "."),
    "1.234,5": (r"\d{1,3}(\.\d{3})+(,\d+)?|\d+(,\d+)?", ".", ","),
    "1 234,5": (r"\d{1,3}([ \u00a0\u202f]\d{3})+(,\d+)?|\d+(,\d+)?", " \u00a0\u202f", ","),
}
INSTANT = "instant"
MONTHS = "january february march april may june july august september october november december".split()
_TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "Month": r"(?P<name>[A-Za-z]{3,9})\.?",
    "DD": r"(?P<day>\d{2})",
    "D": r"(?P<day>\d{1,2})",
}
_YES, _NO = {"yes", "y", "true", "t", "1", "1.0"}, {"no", "n", "false", "f", "0", "0.0"}


def is_number_notation(notation: str) -> bool:
    """Tell whether numbers can be read in this notation."""
    return notation in NUMBERS


def is_day_notation(notation: str) -> bool:
    """Tell whether days can be read in this notation: year, month and day, each once, or an instant."""
    if notation == INSTANT:
        return True
    tokens = re.findall(r"YYYY|Month|MM?|DD?", notation)
    return sorted(token[0] for token in tokens) == ["D", "M", "Y"]


def number(text: str, notations: tuple[str, ...]) -> float | None:
    """Read a finite number in the first notation that fits, or None."""
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-") if text[:1] in "+-" else text
    for notation in notations:
        pattern, thousands, decimal = NUMBERS[notation]
        if len(digits) <= 30 and re.fullmatch(pattern, digits, re.ASCII):
            plain = "".join(letter for letter in digits if letter not in thousands)
            return sign * float(plain.replace(decimal, "."))
    return None


def day(text: str, notations: tuple[str, ...]) -> date | None:
    """Read a day that exists in the first notation that fits, or None; of an instant the day as written counts."""
    for notation in notations:
        if notation == INSTANT:
            found = _instant(text)
        else:
            written = _pattern(notation).fullmatch(text)
            found = _day(written.groupdict()) if written else None
        if found is not None:
            return found
    return None


def days(text: str, notations: tuple[str, ...]) -> list[date] | None:
    """Read a list of days, each later than the one before, or None.

    “27 and 28 September 2022”: a day that stands without month or year has those of the day after it.
    """
    parts = [part for part in re.split(r"\s*(?:\band\b|[&,;])\s*|(?<=\b\d{4})\s+(?=\d)", text.strip()) if part]
    read: list[date] = []
    for part in reversed(parts):
        found = day(part, notations) or (_with_what_follows(part, read[0]) if read else None)
        if found is None or (read and found >= read[0]):
            return None
        read.insert(0, found)
    return read or None


def _with_what_follows(part: str, following: date) -> date | None:
    written = re.fullmatch(r"(?P<day>\d{1,2})(?: (?P<name>[A-Za-z]{3,9}))?", part, re.ASCII)
    if written is None:
        return None
    name = written["name"] or MONTHS[following.month - 1]
    return _day({"day": written["day"], "name": name, "year": str(following.year)})


def yes_or_no(text: str) -> bool | None:
    """Read yes or no, or None."""
    word = text.lower()
    return True if word in _YES else False if word in _NO else None


@cache
def _pattern(notation: str) -> re.Pattern[str]:
    parts = re.split(r"(YYYY|Month|MM?|DD?)", notation)
    return re.compile("".join(_TOKENS.get(part, re.escape(part)) for part in parts), re.ASCII)


def _day(written: dict[str, str]) -> date | None:
    try:
        month = int(written["month"]) if "month" in written else _month(written["name"])
        return date(int(written["year"]), month, int(written["day"]))
    except ValueError:
        return None


def _month(name: str) -> int:
    fitting = [number for number, month in enumerate(MONTHS, start=1) if month.startswith(name.lower())]
    return fitting[0] if len(fitting) == 1 else 0


def _instant(text: str) -> date | None:
    if "T" not in text:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None
