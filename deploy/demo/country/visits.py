"""60 visits over four years: who went where, for what, and what was found. Findings are general; nobody is in them."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from deploy.demo.country import ids
from deploy.demo.country.ids import dice, made_id
from deploy.demo.country.people import COMPANIONS, LEADERS
from deploy.demo.country.places import ALERT_PLACE, DROP_PLACE, PATTERN_PLACE, SILENT_PLACE, WATCH_PLACE

Row = dict[str, Any]

NUMBER = 60
DAYS = 4 * 365


class Going(NamedTuple):
    """One visit: its type, how many days ago it ended, and where it went."""

    visit_type: str
    ended: int
    place_ids: tuple[str, ...]


#: Visits that the story looks back on; the silent prison was seen once, long ago and for a single theme.
_SETTLED = (
    Going("in_depth", 940, (PATTERN_PLACE,)),
    Going("follow_up", 560, (PATTERN_PLACE,)),
    Going("thematic", 1_290, (SILENT_PLACE, WATCH_PLACE)),
    Going("in_depth", 410, (WATCH_PLACE,)),
    Going("in_depth", 610, (DROP_PLACE,)),
    Going("ad_hoc", 365, (ALERT_PLACE,)),
)
_TYPES = (*("in_depth",) * 24, *("thematic",) * 9, *("follow_up",) * 11, *("ad_hoc",) * 6, *("reactive",) * 4)
_PURPOSES = {
    "in_depth": ["regular_monitoring"],
    "thematic": ["theme"],
    "follow_up": ["recommendation_check"],
    "ad_hoc": ["issue_of_concern"],
    "reactive": ["individual_allegation", "issue_of_concern"],
}
#: Groups that are visited more often than by their number.
_WEIGHTS = {
    "prison": 6, "remand_prison": 6, "women_prison": 6, "high_security": 8, "juvenile_justice_facility": 6, "psychiatric_hospital": 5,
    "forensic_psychiatry": 6, "immigration_detention": 8, "reception_closed": 5, "secure_childrens_home": 3, "military_detention": 2,
}  # fmt: skip
_THEMES = {
    "prison": "access_to_care overcrowding time_out_of_cell solitary_confinement_and_seclusion complaints_procedures mental_health visits sanitary_and_hygiene staffing_levels medical_screening_at_entry work disciplinary_procedure_and_sanctions",
    "police": "information_on_rights lawyer doctor_access_at_arrest registers_and_files use_of_force_and_weapons accommodation_and_space recording_of_interviews safety_and_fire",
    "care": "means_of_restraint involuntary_treatment staffing_levels outdoor_exercise complaints_procedures confidentiality_and_consent training accessibility",
    "young": "education means_of_restraint solitary_confinement_and_seclusion staffing_levels telephone_and_online children",
    "border": "legal_basis_and_review interpretation access_to_care telephone_and_online foreign_nationals information_on_rights",
}
_CAUSES = (
    "place_management",
    "place_management",
    "resources",
    "resources",
    "policy_or_procedure",
    "attitudes_and_training",
    "law",
)
_SOURCES = (
    "observation",
    "interview_deprived_person",
    "interview_staff",
    "register_or_document",
    "interview_management",
    "measurement_or_photo",
)


def family(place_type: str) -> str:
    """Say which themes a type of place brings up."""
    if "prison" in place_type or place_type == "high_security":
        return "prison"
    if "child" in place_type or "juvenile" in place_type:
        return "young"
    if place_type in ("immigration_detention", "transit_zone", "airport_port_border", "reception_closed"):
        return "border"
    care = ("hospital", "home", "psychiatr", "treatment", "quarantine")
    return "care" if any(word in place_type for word in care) else "police"


def visits(today: date, places: list[Row]) -> list[Row]:
    """Give the visits, the oldest first; the last ones are still being reported on."""
    rng = dice("visits")
    by_id = {row["id"]: row for row in places}
    going = sorted((*_SETTLED, *_drawn(places, rng)), key=lambda each: -each.ended)
    return [_row(number, each, by_id, today, rng) for number, each in enumerate(going, start=1)]


def _drawn(places: list[Row], rng: Random) -> Iterator[Going]:
    """Draw the other visits, one after the other through the years; no place of the story among them."""
    settled = {place_id for each in _SETTLED for place_id in each.place_ids}
    free = [row for row in places if row["population"] and row["id"] not in settled]
    weights = [_WEIGHTS.get(row["place_type"], 1) for row in free]
    types = rng.sample(_TYPES, len(_TYPES))
    for number, visit_type in enumerate(types):
        ended = 18 + number * (DAYS - 30) // len(types) + rng.randint(0, 10)
        count = rng.randint(2, 4) if visit_type == "thematic" else 1
        chosen = [rng.choices(free, weights)[0]]
        same = [row["id"] for row in free if row["place_type"] == chosen[0]["place_type"] and row is not chosen[0]]
        yield Going(visit_type, ended, (chosen[0]["id"], *rng.sample(same, min(count - 1, len(same)))))


def _row(number: int, going: Going, by_id: dict[str, Row], today: date, rng: Random) -> Row:
    days = _days(going, by_id, today, rng)
    place_days = {place: days if len(going.place_ids) == 1 else [days[at]] for at, place in enumerate(going.place_ids)}
    return {
        "row": f"{number:03}",
        "id": made_id("visit", number),
        "type": going.visit_type,
        "purposes": _PURPOSES[going.visit_type],
        "announcement": rng.choice(("unannounced", "unannounced", "unannounced", "period_announced", "announced")),
        "status": "reporting" if going.ended < 75 else "closed",
        "days": [str(day) for day in days],
        "places": [
            {
                "place_id": place,
                "days": [str(day) for day in on],
                "access": "partial" if rng.random() < 0.05 else "full",
            }
            for place, on in place_days.items()
        ],
        "team": _team(number, going),
        "findings": list(_findings(number, going, by_id, rng)),
    }


def _days(going: Going, by_id: dict[str, Row], today: date, rng: Random) -> list[date]:
    """Give the days, at least one for each place; one visit in six comes back after a pause."""
    held = max(row["count"] for place in going.place_ids for row in by_id[place]["population"])
    count = max(len(going.place_ids), {"in_depth": 2, "thematic": 2}.get(going.visit_type, 1) + (held > 250))
    last = today - timedelta(days=going.ended)
    pause = rng.randint(3, 9) if count > 1 and rng.random() < 0.17 else 0
    return [last - timedelta(days=back + (pause if back else 0)) for back in range(count - 1, -1, -1)]


def _team(number: int, going: Going) -> list[Row]:
    """Give lead and companions, and an expert on the larger visits; nobody goes where a conflict shuts out."""
    lead = LEADERS[number % len(LEADERS)]
    others = [person for person in COMPANIONS if person != lead]
    team = [{"person_id": lead, "role": "lead"}]
    team += [{"person_id": others[(number + at) % len(others)], "role": "team_member"} for at in range(2)]
    if going.visit_type in ("in_depth", "thematic"):
        free = (ids.EXPERT, ids.EXPERT_TWO, ids.EXPERT_THREE)
        expert = ids.EXPERT if PATTERN_PLACE in going.place_ids else free[number % 3]
        team.append({"person_id": expert, "role": "team_member"})
    return team


def _findings(number: int, going: Going, by_id: dict[str, Row], rng: Random) -> Iterator[Row]:
    """Give four to seven findings, each with the kinds of source it rests on."""
    count = rng.randint(5, 7) if going.visit_type in ("in_depth", "thematic") else rng.randint(2, 4)
    place_type = by_id[going.place_ids[0]]["place_type"]
    themes = _THEMES[family(place_type)].split()
    drawn = rng.sample(themes, min(count, len(themes)))
    for at, theme in enumerate(_first("access_to_care", drawn) if PATTERN_PLACE in going.place_ids else drawn):
        place = going.place_ids[at % len(going.place_ids)]
        yield {
            "id": made_id("finding", f"{number} {at}"),
            "place_id": place,
            "theme": theme,
            "text": f"{theme.replace('_', ' ').capitalize()}: what the team found at {by_id[place]['name']} falls short of the standard.",
            "root_cause_level": rng.choice(_CAUSES),
            "severity": rng.choice((1, 2, 2, 3, 3, 4)),
            "sources": rng.sample(_SOURCES, rng.choice((1, 2, 2, 3))),
        }


def _first(theme: str, drawn: list[str]) -> list[str]:
    """Put a theme in front that must not be missing."""
    return [theme, *(each for each in drawn if each != theme)]
