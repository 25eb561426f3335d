"""Institutions through the running system: parents in any order, a circle, and a second run."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.imports.conftest import Bring
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")
MadeUp = Callable[..., Path]


def bodies(**parents: list[str]) -> str:
    return "\n".join(json.dumps(body(name, above)) for name, above in parents.items()) + "\n"


def body(name: str, above: list[str]) -> dict[str, Any]:
    url = "https://gov.example/api/organisations/"
    return {
        "id": f"{url}{name}",
        "title": f"Office {name} ",
        "format": "Executive agency",
        "analytics_identifier": name.upper(),
        "details": {"abbreviation": None, "closed_at": "2014-03-31T00:00:00.000+01:00", "govuk_status": "closed"},
        "parent_organisations": [{"id": f"{url}{each}"} for each in above],
        "updated_at": "2016-07-18T18:26:52.000+01:00",
        "web_url": f"https://gov.example/{name}",
    }


async def parents_of(people: People, name: str) -> list[str]:
    staff = await people.as_("staff")
    (found,) = (await staff.read(f"/npm/authorities?q={name}"))["items"]
    return [parent["name"] for parent in found["parents"]]


async def test_a_body_may_come_before_its_several_parents(people: People, made_up: MadeUp, bring: Bring) -> None:
    file = made_up(bodies(prisons=["justice", "health"], justice=[], health=[]), "bodies.jsonl")

    first, second = await bring(file, "d1-uk-government"), await bring(file, "d1-uk-government")

    assert (first.created, first.reported, second.changed, second.unchanged) == (3, 0, 0, 3)
    assert sorted(await parents_of(people, "prisons")) == ["Office health", "Office justice"]


async def test_a_circle_is_reported_with_its_line_and_the_bodies_are_taken(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    outcome = await bring(made_up(bodies(east=["west"], west=["east"]), "bodies.jsonl"), "d1-uk-government")

    assert (outcome.created, outcome.is_whole) == (2, True)
    assert [(problem.line, problem.column) for problem in outcome.problems] == [(2, "parent_organisations[].id")]


async def test_a_closed_body_keeps_its_day(people: People, made_up: MadeUp, bring: Bring) -> None:
    await bring(made_up(bodies(old=[]), "bodies.jsonl"), "d1-uk-government")

    staff = await people.as_("staff")
    (found,) = (await staff.read("/npm/authorities?q=old"))["items"]

    assert (found["closed_on"], found["category"], found["kind"]) == ("2014-03-31", "specialised_agency", "authority")
