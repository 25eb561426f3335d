"""The 300 places of the made-up country, and those that the story is told with.

The story: medical complaints pile up at one remand prison, while a comparable, larger one is silent.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

from deploy.demo.country.ids import dice, made_id
from deploy.demo.country.institutions import institution_id
from deploy.demo.country.kinds import KINDS, PRIVATE, Kind
from deploy.demo.country.names import CAPITAL, REGIONS, TOWNS

Row = dict[str, Any]

PATTERN_PLACE = made_id("place", "remand_prison 1")
SILENT_PLACE = made_id("place", "remand_prison 2")
WATCH_PLACE = made_id("place", "prison 1")
DROP_PLACE = made_id("place", "psychiatric_hospital 1")
ALERT_PLACE = made_id("place", "police_station 1")

#: What is settled beforehand of the places of the story: people held, capacity, how complaints get out.
_SETTLED: dict[str, Row] = {
    PATTERN_PLACE: {"count": 386, "capacity": 320, "complaint_channel_quality": "working"},
    SILENT_PLACE: {"count": 540, "capacity": 430, "complaint_channel_quality": "weak"},
    WATCH_PLACE: {"count": 460, "capacity": 440, "complaint_channel_quality": "working"},
    DROP_PLACE: {"count": 210, "capacity": 220, "complaint_channel_quality": "weak"},
    ALERT_PLACE: {"count": 14, "capacity": 18, "complaint_channel_quality": "weak"},
}
_BASIS = {
    "is_under_jurisdiction_and_control": True,
    "may_not_leave_at_will": True,
    "authority_involvement": "order",
    "national_law": "Detention Act, section 12",
}
_QUALITIES = ("none", *("weak",) * 4, *("working",) * 7, "unknown", "unknown")
_MORE_GROUPS = (
    "foreign_nationals_or_migrants",
    "young_adults",
    "serious_illness",
    "ethnic_or_national_minority",
    "women",
)


def places(today: date) -> list[Row]:
    """Give the 300 places, those of the story among them."""
    rng = dice("places")
    rows = []
    for kind in KINDS:
        towns = _towns(kind, rng)
        rows += [_place(kind, number, *towns[number - 1], today, rng) for number in range(1, kind.number + 1)]
    for number, row in enumerate(rows, start=1):
        row["row"] = f"{number:04}"
    return rows


def _towns(kind: Kind, rng: Random) -> list[tuple[str, str]]:
    """Choose a town for each place of a kind: every region in turn, no town twice; the story begins in the capital."""
    by_region = [rng.sample(TOWNS[region], len(TOWNS[region])) for region in REGIONS]
    by_region[0] = [CAPITAL, *(town for town in by_region[0] if town != CAPITAL)]
    dealt = zip(*by_region, strict=True)
    listed = [(region, town) for towns in dealt for region, town in zip(REGIONS, towns, strict=True)]
    first = 0 if made_id("place", f"{kind.place_type} 1") in _SETTLED else rng.randrange(len(REGIONS))
    return listed[first:]


def _place(kind: Kind, number: int, region: str, town: str, today: date, rng: Random) -> Row:
    place_id = made_id("place", f"{kind.place_type} {number}")
    settled = _SETTLED.get(place_id, {})
    count = settled.get("count", rng.randint(kind.least, kind.most))
    capacity = settled.get("capacity", round(count / rng.uniform(0.7, 1.25)) or None)
    is_counted = count > 0 and (bool(settled) or count >= 100 or rng.random() > 0.1)
    operator, is_private = _operator(kind, number, region)
    quality = settled.get("complaint_channel_quality", rng.choice(_QUALITIES) if count else "unknown")
    groups, flags = _groups(kind, count, rng), _flags(kind, count, rng)
    is_doubtful = kind.place_type == "unknown"
    return {
        "id": place_id,
        "name": kind.called.format(town=town, region=region),
        "place_type": kind.place_type,
        "region": region,
        "address": "" if count == 0 else f"{rng.choice(_STREETS)} {rng.randint(1, 120)}, {town}",
        **_where(region, rng),
        "operator_id": operator,
        "is_private_operator": is_private,
        "capacity": capacity,
        "population": _counts(count, today, rng) if is_counted else [],
        "vulnerable_groups": groups,
        "risk_flags": flags,
        "complaint_channel_quality": "weak" if quality == "none" and count > 60 else quality,
        "mandate_basis": None if is_doubtful else dict(_BASIS),
        "doubt": "reported by a partner; nobody knows yet what the house is used for" if is_doubtful else None,
    }


_STREETS = ("Mill Lane", "Quarry Road", "Old Ferry Road", "Granary Street", "Ropemaker Row", "Long Acre", "Tannery Way")


def _operator(kind: Kind, number: int, region: str) -> tuple[str | None, bool]:
    """Say who runs a place, and whether that is a company."""
    companies = PRIVATE.get(kind.place_type, ())
    if companies and number % 3 == 0:
        return institution_id(companies[number // 3 % len(companies)]), True
    regional = {"social-board", "council"} & {kind.operator}
    key = f"{kind.operator}-{REGIONS.index(region) + 1}" if regional else kind.operator
    return (institution_id(key) if key else None), kind.operator == "stonebridge"


def _where(region: str, rng: Random) -> Row:
    """Lay the regions side by side in the middle of an ocean, where no country is."""
    column, line = REGIONS.index(region) % 4, REGIONS.index(region) // 4
    return {
        "latitude": round(-41.0 - 1.4 * line - rng.random() * 1.2, 4),
        "longitude": round(-118.0 + 1.6 * column + rng.random() * 1.4, 4),
    }


def _counts(count: int, today: date, rng: Random) -> list[Row]:
    """Count the people held a year ago and lately."""
    before = max(1, round(count * rng.uniform(0.88, 1.1)))
    source = "annual return of the operator"
    return [
        {"count": before, "as_of": str(today - timedelta(days=400)), "source": source},
        {"count": count, "as_of": str(today - timedelta(days=35)), "source": source},
    ]


def _groups(kind: Kind, count: int, rng: Random) -> list[str]:
    groups = kind.groups.split()
    more = [group for group in _MORE_GROUPS if group not in groups]
    return groups + (rng.sample(more, rng.randint(0, 2)) if count >= 20 else [])


def _flags(kind: Kind, count: int, rng: Random) -> list[str]:
    flags = kind.flags.split()
    return flags + (["recent_death"] if count > 60 and rng.random() < 0.08 else [])
