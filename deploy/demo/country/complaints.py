"""2,000 complaints over 24 months: a background, and in it a strong pattern, a silence, a watch, a sudden drop, an alert.

Coded facts only: nobody is named, and no text is written as if somebody had said it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from deploy.demo.country.ids import dice, made_id
from deploy.demo.country.places import ALERT_PLACE, DROP_PLACE, PATTERN_PLACE, SILENT_PLACE, WATCH_PLACE
from services.visits.places.rules import TYPE_GROUPS, PlaceType

Row = dict[str, Any]

NUMBER = 2_000
DAYS = 730
PATTERN_THEME = "access_to_care"
WATCH_THEME = "use_of_force_and_weapons"
TORTURE = "torture_and_ill_treatment"
DEATH = "deaths_and_self_harm"

#: Complaints a person and year, by type group; who is held with the armed forces has never been heard.
_RATES = {
    "prison": 0.075, "police": 0.19, "juvenile": 0.06, "immigration": 0.075, "health": 0.03, "social_care": 0.014,
    "court_transport": 0.08, "other": 0.05, "security_services": 0.0, "military": 0.0, "unknown": 0.0,
}  # fmt: skip
#: Where people stay for days and not for years, more of them pass through than a count shows.
_PASSING = {"transit_zone": 3, "airport_port_border": 4}
_THEMES = {
    "prison": "access_to_care overcrowding food_and_water visits disciplinary_procedure_and_sanctions telephone_and_online medication time_out_of_cell sanitary_and_hygiene solitary_confinement_and_seclusion work use_of_force_and_weapons inter_detainee_violence correspondence mental_health complaints_procedures searches_body_cell",
    "police": "use_of_force_and_weapons information_on_rights lawyer doctor_access_at_arrest notification_of_third_party verbal_abuse_and_discrimination accommodation_and_space food_and_water interpretation",
    "juvenile": "education means_of_restraint solitary_confinement_and_seclusion visits verbal_abuse_and_discrimination telephone_and_online",
    "immigration": "legal_basis_and_review interpretation telephone_and_online access_to_care food_and_water lawyer accommodation_and_space",
    "health": "involuntary_treatment means_of_restraint information_on_rights confidentiality_and_consent visits medication",
    "social_care": "means_of_restraint visits staffing_levels access_to_care sanitary_and_hygiene outdoor_exercise",
}
_OTHER_THEMES = "transport accommodation_and_space information_on_rights food_and_water"
_TREATMENT = frozenset(
    {
        TORTURE, DEATH, WATCH_THEME, "solitary_confinement_and_seclusion", "means_of_restraint", "searches_body_cell",
        "inter_detainee_violence", "involuntary_treatment", "verbal_abuse_and_discrimination", "transport",
    }
)  # fmt: skip
_CHANNELS = ("mail", "mail", "phone", "visit_oral", "visit_written", "email", "box_in_place", "department")
_ROLES = (*("deprived_person",) * 7, "family", "family", "lawyer", "cso", "person_acting_for")
_SERIOUSNESS = (*("low",) * 7, *("medium",) * 12, "high")


class Told(NamedTuple):
    """The core of one complaint: where, about what, how many days ago it happened and arrived, how grave."""

    place_id: str
    theme: str
    happened: int
    arrived: int
    seriousness: str


def complaints(today: date, places: list[Row]) -> list[Row]:
    """Give the complaints, the oldest first, all arrived by yesterday."""
    rng = dice("complaints")
    told = [*_pattern(rng), *_watch(rng), *_drop(rng), *_grave(places, rng)]
    told += _background(NUMBER - len(told), places, rng)
    told.sort(key=lambda each: (-each.arrived, each.place_id, each.theme, each.happened))
    return [_row(number, each, today, rng) for number, each in enumerate(told, start=1)]


def _heard(place_id: str, theme: str, happened: int, rng: Random, seriousness: str = "medium") -> Told:
    """Let a complaint arrive up to three weeks after what it is about, yesterday at the latest."""
    return Told(place_id, theme, happened, happened - rng.randint(0, min(21, happened - 1)), seriousness)


def _spread(count: int, nearest: int, furthest: int) -> list[int]:
    """Lay so many days evenly over a stretch of time, from the furthest to the nearest."""
    return [furthest - round(step * (furthest - nearest) / max(1, count - 1)) for step in range(count)]


def _pattern(rng: Random) -> Iterator[Told]:
    """Nobody gets to a doctor: 24 in the last 70 days at one remand prison, four in the year before."""
    for number, day in enumerate(_spread(24, 2, 70)):
        yield _heard(PATTERN_PLACE, PATTERN_THEME, day, rng, "high" if number % 9 == 4 else "medium")
    for day in _spread(4, 130, 430):
        yield _heard(PATTERN_PLACE, PATTERN_THEME, day, rng, "low")


def _watch(rng: Random) -> Iterator[Told]:
    """Force at a prison, more often than before, but not so that it could not be chance."""
    for day in _spread(8, 6, 78):
        yield _heard(WATCH_PLACE, WATCH_THEME, day, rng)
    for day in _spread(9, 100, 440):
        yield _heard(WATCH_PLACE, WATCH_THEME, day, rng)


def _drop(rng: Random) -> Iterator[Told]:
    """A hospital that was heard every fortnight, and since half a year hardly."""
    for day in (40, 150, *_spread(13, 200, 355)):
        theme = rng.choice(_THEMES["health"].split())
        yield Told(DROP_PLACE, theme, day + 2, day, "medium")


def _grave(places: list[Row], rng: Random) -> Iterator[Told]:
    """The few that are critical: an allegation of torture two weeks ago, three old ones, three deaths long ago."""
    yield Told(ALERT_PLACE, TORTURE, 15, 12, "critical")
    stations = [row["id"] for row in places if row["place_type"] == "police_station" and row["id"] != ALERT_PLACE]
    prisons = [row["id"] for row in places if row["place_type"] == "prison" and row["id"] != WATCH_PLACE]
    for place_id, day in zip(rng.sample(stations, 3), (170, 390, 610), strict=True):
        yield Told(place_id, TORTURE, day + 4, day, "critical")
    for place_id, day in zip(rng.sample(prisons, 3), (140, 320, 560), strict=True):
        yield Told(place_id, DEATH, day + 6, day, "critical")


def _background(count: int, places: list[Row], rng: Random) -> Iterator[Told]:
    """What comes in everywhere: by people held, a little different from place to place, a little more each year."""
    heard = [row for row in places if row["population"] and row["id"] not in (SILENT_PLACE, DROP_PLACE)]
    groups = {row["id"]: TYPE_GROUPS[PlaceType(row["place_type"])].value for row in heard}
    rates = [_RATES[groups[row["id"]]] * _PASSING.get(row["place_type"], 1) for row in heard]
    people = [row["population"][-1]["count"] for row in heard]
    weights = [rate * held * rng.lognormvariate(0, 0.15) for rate, held in zip(rates, people, strict=True)]
    for row in rng.choices(heard, weights, k=count):
        themes = _THEMES.get(groups[row["id"]], _OTHER_THEMES).split()
        settled = {PATTERN_PLACE: PATTERN_THEME, WATCH_PLACE: WATCH_THEME}.get(row["id"])
        free = [theme for theme in themes if theme != settled]
        theme = rng.choices(free, [1 / (2 + number) for number in range(len(free))])[0]
        day = min(rng.randint(2, DAYS - 1), rng.randint(2, DAYS * 3))
        yield _heard(row["id"], theme, day, rng, rng.choice(_SERIOUSNESS))


def _row(number: int, told: Told, today: date, rng: Random) -> Row:
    received, happened = today - timedelta(days=told.arrived), today - timedelta(days=told.happened)
    return {
        "row": f"{number:05}",
        "id": made_id("complaint", number),
        "received_on": str(received),
        "channel": rng.choice(_CHANNELS),
        "source_role": rng.choice(_ROLES),
        "kind": "treatment" if told.theme in _TREATMENT else "conditions",
        "themes": [told.theme],
        "place_id": told.place_id,
        "incident_from": str(happened),
        "incident_to": str(min(received, happened + timedelta(days=rng.choice((0, 0, 0, 3, 10))))),
        "seriousness": told.seriousness,
        "source_number": number,
        "group_size": rng.choice((1, 1, 1, 1, 1, 1, 1, 1, 2, 5)),
        "state": _state(told.arrived, rng),
    }


def _state(age: int, rng: Random) -> str:
    """The older a complaint, the further it has come."""
    if age <= 3:
        return "received"
    if age <= 7:
        return rng.choice(("received", "recorded"))
    if age <= 30:
        return rng.choice(("recorded", "assessed", "classified", "classified"))
    if age <= 150:
        return rng.choice(("classified", "action_decided", "in_action", "in_action", "outcome_recorded", "closed"))
    return "closed" if rng.random() < 0.93 else "in_action"
