"""Working days and legal deadlines, each deadline with the way it was counted.

Counts by the `holidays` library plus national overrides. Reads no clock and no database, and decides nobody's request:
whether an extension is granted is for the caller.

Day 1 is the day after the start; a deadline runs to the end of its day. What an office owes is counted in working days
and never falls on a day off; what protects a person is counted in calendar days, and such a date is never moved.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Self

import holidays

_ONE_DAY = timedelta(days=1)
_SATURDAY_AND_SUNDAY = frozenset({5, 6})
_NO_COUNTRY = "XX"
_LIBRARY = f"holidays {version('holidays')}"


class Unit(StrEnum):
    """What a deadline is counted in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


@dataclass(frozen=True)
class Skipped:
    """A day that was not counted, and why."""

    on: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A time in which the clock stood still, both days included."""

    from_on: date
    to_on: date
    reason: str

    def __post_init__(self) -> None:
        """Refuse a stop that ends before it begins."""
        if self.to_on < self.from_on:
            raise ValueError(f"stop ends on {self.to_on} before it begins on {self.from_on}")

    def covers(self, day: date) -> bool:
        """Tell whether the clock stands still on `day`."""
        return self.from_on <= day <= self.to_on


@dataclass(frozen=True, kw_only=True)
class Extension:
    """More time that somebody gave: from which date to which, who and why."""

    from_on: date
    until: date
    by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A date that explains itself; kept whole beside the record that it binds."""

    started_on: date
    due_on: date
    unit: Unit
    counted: int
    calendar: str
    library: str
    skipped: tuple[Skipped, ...] = ()
    stops: tuple[Stop, ...] = ()
    extensions: tuple[Extension, ...] = ()

    def is_over(self, today: date) -> bool:
        """Tell whether the date has passed: due is to the end of the day, so strictly after."""
        return today > self.due_on

    @property
    def sentence(self) -> str:
        """Say in one sentence how the date came about."""
        days = self.unit.value.replace("_", " ")
        parts = [f"{self.counted} {days} after {self.started_on}, by calendar {self.calendar} ({self.library})"]
        parts += [f"{len(self.skipped)} days off skipped"] if self.skipped else []
        parts += [f"clock stopped from {stop.from_on} to {stop.to_on}: {stop.reason}" for stop in self.stops]
        parts += [f"extended to {given.until} by {given.by}: {given.reason}" for given in self.extensions]
        return "; ".join(parts) + f"; due on {self.due_on}"

    def as_json(self) -> dict[str, Any]:
        """Give the deadline as JSON values."""
        return {
            "started_on": self.started_on.isoformat(),
            "due_on": self.due_on.isoformat(),
            "unit": self.unit.value,
            "counted": self.counted,
            "calendar": self.calendar,
            "library": self.library,
            "skipped": [{"on": day.on.isoformat(), "reason": day.reason} for day in self.skipped],
            "stops": [_stretch(stop.from_on, stop.to_on, reason=stop.reason) for stop in self.stops],
            "extensions": [_stretch(e.from_on, e.until, reason=e.reason, by=e.by) for e in self.extensions],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read a deadline that `as_json` wrote."""
        day = date.fromisoformat
        return cls(
            started_on=day(kept["started_on"]),
            due_on=day(kept["due_on"]),
            unit=Unit(kept["unit"]),
            counted=kept["counted"],
            calendar=kept["calendar"],
            library=kept["library"],
            skipped=tuple(Skipped(day(one["on"]), one["reason"]) for one in kept["skipped"]),
            stops=tuple(
                Stop(from_on=day(one["from"]), to_on=day(one["to"]), reason=one["reason"]) for one in kept["stops"]
            ),
            extensions=tuple(
                Extension(from_on=day(one["from"]), until=day(one["to"]), by=one["by"], reason=one["reason"])
                for one in kept["extensions"]
            ),
        )


def _stretch(from_on: date, to_on: date, **words: str) -> dict[str, str]:
    return {"from": from_on.isoformat(), "to": to_on.isoformat(), **words}


@lru_cache(maxsize=64)
def _national(country: str, subdivision: str | None) -> holidays.HolidayBase:
    """Give the library's table of a country; names in English where it has them."""
    found = holidays.country_holidays(country, subdiv=subdivision)
    if "en_US" in found.supported_languages:
        return holidays.country_holidays(country, subdiv=subdivision, language="en_US")
    return found


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The calendar an NPM works by: a country's holidays, and what the country decided on top.

    Without a country, or with the code XX, only weekends and overrides count. `weekend` holds weekday numbers
    (Monday is 0); left out, it is the country's own.
    """

    country: str | None = None
    subdivision: str | None = None
    extra_days_off: Mapping[date, str] = field(default_factory=dict)
    extra_working_days: frozenset[date] = frozenset()
    weekend: frozenset[int] | None = None

    def __post_init__(self) -> None:
        """Refuse what the library does not know, and a week without a working day."""
        if not self._weekend() < frozenset(range(7)):
            raise ValueError(f"weekend {sorted(self._weekend())} must leave a working day, numbered 0 to 6")

    @property
    def name(self) -> str:
        """How the calendar is quoted: `FR`, `DE-BY`, `XX`."""
        return "-".join(part for part in (self.country or _NO_COUNTRY, self.subdivision) if part)

    def day_off(self, day: date) -> str | None:
        """Say why nobody works on `day`, or None for a working day; an override beats the library."""
        if day in self.extra_days_off:
            return self.extra_days_off[day]
        if day in self.extra_working_days:
            return None
        national = self._holidays()
        if national is not None and (holiday := national.get(day)) is not None:
            return str(holiday)
        worked_by_decree = national is not None and day in national.weekend_workdays
        return "weekend" if day.weekday() in self._weekend() and not worked_by_decree else None

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices are open."""
        return self.day_off(day) is None

    def next_working_day(self, day: date) -> date:
        """Give `day` itself, or the first working day after it."""
        return next(later for later in _from(day) if self.is_working_day(later))

    def due_after(self, start: date, *, working_days: int, stops: Sequence[Stop] = ()) -> Deadline:
        """Count working days from the day after `start`; the date never falls on a day off."""
        _at_least_one(working_days)
        skipped: list[Skipped] = []
        left, due_on = working_days, start
        for day in _from(start + _ONE_DAY):
            if any(stop.covers(day) for stop in stops):
                continue
            reason = self.day_off(day)
            if reason is not None:
                skipped.append(Skipped(day, reason))
                continue
            left, due_on = left - 1, day
            if left == 0:
                break
        whole = self._deadline(start, due_on, working_days, stops)
        return replace(whole, unit=Unit.WORKING_DAYS, skipped=tuple(skipped))

    def due_after_calendar_days(self, start: date, *, days: int, stops: Sequence[Stop] = ()) -> Deadline:
        """Count every day from the day after `start`; the date is never moved, whatever day it is."""
        _at_least_one(days)
        running = (day for day in _from(start + _ONE_DAY) if not any(stop.covers(day) for stop in stops))
        due_on = next(day for number, day in enumerate(running, start=1) if number == days)
        return self._deadline(start, due_on, days, stops)

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and with `end`; 0 when `end` is not later."""
        return sum(self.is_working_day(start + timedelta(days=number)) for number in range(1, (end - start).days + 1))

    def working_days_before(self, end: date, *, working_days: int) -> date:
        """Give the working day from which `working_days` are left to `end`: the day of a reminder."""
        _at_least_one(working_days)
        earlier = (end - timedelta(days=number) for number in range(1, end.toordinal()))
        open_days = (day for day in earlier if self.is_working_day(day))
        return next(day for number, day in enumerate(open_days, start=1) if number == working_days)

    def extend(self, deadline: Deadline, *, until: date, by: str, reason: str) -> Deadline:
        """Give more time; a date counted in working days moves on to the next working day."""
        moved = self.next_working_day(until) if deadline.unit is Unit.WORKING_DAYS else until
        if moved <= deadline.due_on:
            raise ValueError(f"extension to {until} is not after {deadline.due_on}")
        given = Extension(from_on=deadline.due_on, until=moved, by=by, reason=reason)
        return replace(deadline, due_on=moved, extensions=(*deadline.extensions, given))

    def _weekend(self) -> frozenset[int]:
        if self.weekend is not None:
            return self.weekend
        national = self._holidays()
        return frozenset(national.weekend) if national is not None else _SATURDAY_AND_SUNDAY

    def _holidays(self) -> holidays.HolidayBase | None:
        if self.country in (None, _NO_COUNTRY):
            return None
        return _national(str(self.country), self.subdivision)

    def _deadline(self, start: date, due_on: date, counted: int, stops: Sequence[Stop]) -> Deadline:
        """Write a deadline down, with those stops that it met."""
        return Deadline(
            started_on=start,
            due_on=due_on,
            unit=Unit.CALENDAR_DAYS,
            counted=counted,
            calendar=self.name,
            library=_LIBRARY,
            stops=tuple(stop for stop in stops if stop.to_on > start and stop.from_on <= due_on),
        )


def _from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += _ONE_DAY


def _at_least_one(days: int) -> None:
    if days < 1:
        raise ValueError(f"cannot count {days} days")
