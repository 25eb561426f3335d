"""Small counts: what may be shown of numbers that come from complaints.

Pure: no database, no HTTP, no clock. Never shows a number by which a person could be singled out: a hidden count
is None, and None is never a zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

#: Inside the NPM but outside the complaints service.
INSIDE = 3
#: Inside, in drafts that are meant to leave.
IN_DRAFTS = 5
#: Outward: authority, partner, NHRI, civil society, expert, public.
OUTWARD = 10
ROUNDED_TO = 5
SMALL_PLACE = 20
_BANDS = ((OUTWARD, "10 or more"), (IN_DRAFTS, "5 to 9"), (INSIDE, "3 to 4"))


@dataclass(frozen=True, kw_only=True)
class OutwardTable:
    """A one-way table as it may leave: rounded counts, None where hidden, and why each one is."""

    cells: Mapping[str, int | None]
    total: int | None
    hidden: Mapping[str, str]


def inside(count: int, *, below: int = INSIDE) -> int | None:
    """Give a count as it may be shown inside the NPM; None is shown as "fewer than"."""
    return None if count < below else count


def in_draft(count: int) -> int | None:
    """Give a count as it may stand in a draft that is meant to leave."""
    return inside(count, below=IN_DRAFTS)


def count_band(count: int) -> str:
    """Give the band of a count, for events and evidence that must not carry the count itself."""
    return next((name for least, name in _BANDS if count >= least), "fewer than 3")


def rounded(count: int, *, base: int = ROUNDED_TO) -> int:
    """Round to the nearest multiple of the base."""
    return base * ((count + base // 2) // base)


def outward(count: int) -> int | None:
    """Give a single count as it may leave the NPM."""
    return None if count < OUTWARD else rounded(count)


def outward_table(counts: Mapping[str, int]) -> OutwardTable:
    """Give a one-way table as it may leave.

    Hidden are small cells (zero too), a cell that is the whole, and then the next smallest ones, until what is hidden
    cannot be told from the total: at least two cells that hold ten complaints together.
    """
    total = sum(counts.values())
    hidden = {key: _why(count, total) for key, count in counts.items() if _why(count, total)}
    shown = sorted((key for key in counts if key not in hidden), key=lambda key: (counts[key], key))
    while hidden and shown and not _is_covered(hidden, counts):
        hidden[shown.pop(0)] = "complementary"
    total_safe = total >= OUTWARD and (not hidden or _is_covered(hidden, counts))
    return OutwardTable(
        cells={key: None if key in hidden else rounded(count) for key, count in counts.items()},
        total=rounded(total) if total_safe else None,
        hidden=hidden,
    )


def _why(count: int, total: int) -> str:
    if count < OUTWARD:
        return "small"
    return "whole" if count == total else ""


def _is_covered(hidden: Mapping[str, str], counts: Mapping[str, int]) -> bool:
    return len(hidden) >= 2 and sum(counts[key] for key in hidden) >= OUTWARD


def may_show_place(count: int, other_releases: Iterable[int]) -> bool:
    """Tell whether a place may have a row: ten complaints in this release and in the difference to any other.

    An equal count in another release gives no difference away.
    """
    differences = (abs(count - other) for other in other_releases)
    return count >= OUTWARD and all(difference == 0 or difference >= OUTWARD for difference in differences)


def quarter(on: date) -> str:
    """Name the quarter of a date: outward there is nothing finer."""
    return f"{on.year}-Q{(on.month + 2) // 3}"


def event_date(on: date, population: int | None) -> date:
    """Give the date that an event from a complaint carries; of a small or unknown place the first of the quarter."""
    if population is not None and population >= SMALL_PLACE:
        return on
    return date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
