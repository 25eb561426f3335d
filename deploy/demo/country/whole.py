"""The whole made-up country on one day, in the row formats of the imports. Pure: the same day gives the same rows.

It knows no address and no clock; `deploy.demo.load` brings it into a system.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from deploy.demo.country import complaints, dialogue, institutions, people, places, recommendations, visits

Row = dict[str, Any]

#: How the imported records name where they come from.
SOURCE = "vessmark"
MAPPING = "made-up-country"


@dataclass(frozen=True)
class Entry:
    """Something that has no import: entered by one call, or added to what is there (`is_change`)."""

    path: str
    body: Row
    is_change: bool = False


@dataclass(frozen=True)
class Country:
    """Everything there is to load, by kind and in the order in which it can be loaded; history ends yesterday."""

    imports: dict[str, list[Row]]
    entries: dict[str, list[Entry]]


def country(today: date) -> Country:
    """Make the country as it stands on a day."""
    registered = places.places(today)
    visited = visits.visits(today, registered)
    imports = {
        "authorities": [*institutions.authorities(), *institutions.bodies()],
        "places": registered,
        "mous": dialogue.mous(today),
        "persons": people.persons(today),
        # who is accredited with nobody is not in standing, and that is told when an engagement comes in
        "accreditations": people.accreditations(today),
        "experts": people.expert_engagements(today),
        "visits": [_visit(row) for row in visited],
        "recommendations": recommendations.recommendations(today, registered, visited),
        "complaints": complaints.complaints(today, registered),
    }
    for rows in imports.values():
        for line, row in enumerate(rows, start=1):
            row["line"] = line
    return Country(imports, _entries(today))


def _visit(row: Row) -> Row:
    """Say a visit as the import takes it; team and graded findings stay as what the source says beside the fields."""
    places = [each["place_id"] for each in row["places"]]
    graded = [{name: each[name] for name in ("place_id", "theme", "severity")} for each in row["findings"]]
    kept = {name: value for name, value in row.items() if name not in ("places", "team", "findings")}
    return {
        **kept,
        "place_ids": places,
        "is_shown_to_authorities": True,
        "note": {"findings": graded, "team": row["team"]},
    }


def _entries(today: date) -> dict[str, list[Entry]]:
    """Give what is entered by hand, once institutions and people are there."""
    return {
        "contacts": [_under_authority(row, "contacts") for row in dialogue.contacts(today)],
        "mapping": [_under_authority(row, "mapping", is_change=True) for row in institutions.mappings()],
        "remuneration-rules": [Entry("/npm/remuneration-rules", people.remuneration_rules(today))],
        "engagements": [Entry("/npm/engagements", row) for row in dialogue.engagements(today)],
    }


def _under_authority(row: Row, part: str, *, is_change: bool = False) -> Entry:
    body = {name: value for name, value in row.items() if name != "authority_id"}
    return Entry(f"/npm/authorities/{row['authority_id']}/{part}", body, is_change)
