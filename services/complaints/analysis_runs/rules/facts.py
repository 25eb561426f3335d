"""What a run looks at: places and distinct incidents. Pure: no database, no HTTP, no clock. Holds no person and no text."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

DAYS_PER_MONTH = 30.4375
YEAR_DAYS = 365
POPULATION_UNKNOWN = 100.0
_GRAVITY = ("low", "medium", "high", "critical")


@dataclass(frozen=True, kw_only=True)
class PlaceFacts:
    """A place, as the formulas know it."""

    id: str
    place_type: str
    type_group: str
    region: str
    operator_id: str | None
    population: float | None
    vulnerable_groups: frozenset[str]
    channel_quality: str


@dataclass(frozen=True, kw_only=True)
class IncidentFacts:
    """One distinct incident: duplicates and merged complaints are in it once."""

    id: str
    on: date
    received_on: date
    seriousness: str
    themes: tuple[str, ...]
    place: str | None
    voices: frozenset[str]


def distinct(told: Iterable[IncidentFacts]) -> list[IncidentFacts]:
    """Put complaints about one incident together: the first day, the gravest view, every theme and voice."""
    found: dict[str, IncidentFacts] = {}
    for one in told:
        known = found.get(one.id)
        found[one.id] = one if known is None else _together(known, one)
    return [found[key] for key in sorted(found)]


def _together(one: IncidentFacts, other: IncidentFacts) -> IncidentFacts:
    return replace(
        one,
        on=min(one.on, other.on),
        received_on=max(one.received_on, other.received_on),
        seriousness=max(one.seriousness, other.seriousness, key=_GRAVITY.index),
        themes=tuple(dict.fromkeys((*one.themes, *other.themes))),
        voices=one.voices | other.voices,
    )


def within(incidents: Iterable[IncidentFacts], *, days: int, until: date) -> list[IncidentFacts]:
    """Give the incidents of a number of days up to and with a day."""
    first = until - timedelta(days=days - 1)
    return [one for one in incidents if first <= one.on <= until]


def people(places: Collection[PlaceFacts]) -> dict[str, float]:
    """Give each place its population; an unknown one is the median of its type group, 100 if none is known."""
    known: dict[str, list[float]] = {}
    for one in places:
        known.setdefault(one.type_group, []).extend([one.population] if one.population is not None else [])
    usual = {group: float(median(counts)) if counts else POPULATION_UNKNOWN for group, counts in known.items()}
    return {one.id: usual[one.type_group] if one.population is None else one.population for one in places}


def months_before(on: date, as_of: date) -> float:
    """Give an age in months."""
    return max(0, (as_of - on).days) / DAYS_PER_MONTH
