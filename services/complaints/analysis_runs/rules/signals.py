"""F2 of every place, and C of the complaint picture (F1, K). Pure: no database, no HTTP, no clock. Scores advise only."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from services.complaints.analysis_runs.rules.facts import (
    YEAR_DAYS,
    IncidentFacts,
    PlaceFacts,
    months_before,
    people,
    within,
)
from services.complaints.patterns.rules import PatternLevel
from services.complaints.silences.rules import (
    GROUP_COMPLAINTS,
    GROUP_PLACES,
    ComparedWith,
    PlaceYear,
    SilenceFlag,
    SilenceResult,
    clamp,
    is_sudden_drop,
    silence,
    silent_type_groups,
)

HALF_LIFE_MONTHS = 6
SMALLEST_POPULATION = 20
TYPICAL_RATE = 5.0
HALF_YEAR_DAYS = 182
WEIGHTS = {"low": 1, "medium": 2, "high": 4, "critical": 8}
PATTERN_FLOORS = {PatternLevel.SIGNAL: 0.6, PatternLevel.STRONG: 0.8}
BANDS = ((10, "10+"), (3, "3-9"), (1, "1-2"))


@dataclass(frozen=True, kw_only=True)
class PlaceSilence:
    """F2 of one place: the judgement, what it is compared with, and the flags it raises."""

    place_id: str
    result: SilenceResult
    compared_with: ComparedWith
    flags: tuple[SilenceFlag, ...]


def expectations(years: Sequence[PlaceYear]) -> dict[str, tuple[float, ComparedWith]]:
    """Give E of every place at once: the sums of `silences.rules.expectation`, each taken once."""
    facts = [
        PlaceFacts(
            id=one.place, place_type="", type_group=one.type_group, region="", operator_id=None,
            population=one.population, vulnerable_groups=frozenset(), channel_quality="",
        )
        for one in years
    ]  # fmt: skip
    held = people(facts)
    size = Counter(one.type_group for one in years)
    incidents: dict[str, int] = Counter()
    person_years: dict[str, float] = {}
    for one in years:
        incidents[one.type_group] += one.incidents
        person_years[one.type_group] = person_years.get(one.type_group, 0.0) + held[one.place]
    told = {}
    for one in years:
        group = one.type_group
        enough = size[group] >= GROUP_PLACES and incidents[group] >= GROUP_COMPLAINTS
        count = (incidents[group] if enough else sum(incidents.values())) - one.incidents
        years_of_others = (person_years[group] if enough else sum(person_years.values())) - held[one.place]
        rate = count / years_of_others if years_of_others > 0 else 0.0
        told[one.place] = (rate * held[one.place], ComparedWith.TYPE_GROUP if enough else ComparedWith.ALL)
    return told


def silences(places: Sequence[PlaceFacts], incidents: Sequence[IncidentFacts], as_of: date) -> list[PlaceSilence]:
    """Compute F2 of every place."""
    counts = Counter(str(one.place) for one in within(incidents, days=YEAR_DAYS, until=as_of))
    last = Counter(str(one.place) for one in within(incidents, days=HALF_YEAR_DAYS, until=as_of))
    half_year_ago = as_of - timedelta(days=HALF_YEAR_DAYS)
    before = Counter(str(one.place) for one in within(incidents, days=HALF_YEAR_DAYS, until=half_year_ago))
    years = [
        PlaceYear(place=one.id, type_group=one.type_group, population=one.population, incidents=counts[one.id])
        for one in places
    ]
    expected, quiet_groups = expectations(years), set(silent_type_groups(years))
    found = []
    for one in places:
        e, compared_with = expected[one.id]
        result = silence(
            counts[one.id], e, vulnerable_groups=one.vulnerable_groups, channel_quality=one.channel_quality
        )
        raised = {
            SilenceFlag.SUSPICIOUS_SILENCE: result.is_flagged,
            SilenceFlag.TYPE_SILENCE: one.type_group in quiet_groups,
            SilenceFlag.SUDDEN_DROP: is_sudden_drop(before[one.id], last[one.id]),
        }
        flags = tuple(flag for flag, is_raised in raised.items() if is_raised)
        found.append(PlaceSilence(place_id=one.id, result=result, compared_with=compared_with, flags=flags))
    return found


def complaint_pictures(
    places: Sequence[PlaceFacts],
    incidents: Sequence[IncidentFacts],
    levels: Mapping[str, PatternLevel],
    as_of: date,
) -> dict[str, float]:
    """Give C of every place: its rate against the median non-zero rate of its type group, lifted by an active pattern."""
    held = people(places)
    weighed: dict[str, float] = {}
    for one in within(incidents, days=YEAR_DAYS, until=as_of):
        faded = 0.5 ** (months_before(one.on, as_of) / HALF_LIFE_MONTHS)
        weighed[str(one.place)] = weighed.get(str(one.place), 0.0) + WEIGHTS[one.seriousness] * faded
    rates = {one.id: weighed.get(one.id, 0.0) / max(held[one.id], SMALLEST_POPULATION) * 100 for one in places}
    of_group: dict[str, list[float]] = {}
    for place in places:
        if rates[place.id] > 0:
            of_group.setdefault(place.type_group, []).append(rates[place.id])
    usual = {group: median(found) for group, found in of_group.items()}
    return {
        one.id: max(
            clamp(1 - math.exp(-rates[one.id] / usual.get(one.type_group, TYPICAL_RATE))),
            PATTERN_FLOORS.get(levels.get(one.id, PatternLevel.NONE), 0.0),
        )
        for one in places
    }


def band(count: int) -> str:
    """Give the band in which a count of complaints leaves this service."""
    return next((name for least, name in BANDS if count >= least), "0")
