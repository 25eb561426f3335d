"""The real registers through the running system, counted at the API: the figures of each file's PROVENANCE."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from deploy.imports import shipped
from tests.imports.conftest import Bring, mapped
from tests.people import Actor, People

pytestmark = [pytest.mark.usefixtures("empty"), pytest.mark.timeout(300)]


async def counted(staff: Actor, query: str = "") -> int:
    return int((await staff.read(f"/npm/places?count=exact&limit=1{query}"))["count"])


async def listed(staff: Actor, query: str = "") -> AsyncIterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = await staff.read(f"/npm/places?limit=100{query}{cursor}")
        for place in page["items"]:
            yield place
        if page["next_cursor"] is None:
            return
        cursor = f"&cursor={page['next_cursor']}"


async def notes(staff: Actor, query: str = "") -> list[dict[str, Any]]:
    return [(await staff.read(f"/npm/places/{place['id']}"))["import_note"] async for place in listed(staff, query)]


def notation(text: str) -> str:
    """Give how a day is written, whatever the day."""
    return re.sub(r"\d+", "9", text)


async def test_a1_is_taken_or_reported_and_what_is_by_name_no_place_is_asked_about(
    people: People, shared_data: Path, bring: Bring
) -> None:
    file, staff = shared_data / "A1-us-facilities-ucla" / "fac_data.csv", await people.as_("staff")

    first = await bring(file, "a1-us-facilities")
    second = await bring(file, "a1-us-facilities")

    assert (first.total, first.created, first.waiting, first.reported) == (2_296, 2_147 - 63, 63, 149)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 2_147 - 63)
    assert (second.waiting, second.reported, first.is_whole, second.is_whole) == (63, 149, True, True)
    assert (first.unverified, second.unverified) == (74 + 81, 0)
    waiting = await staff.read("/npm/place-matches?count=exact&limit=1&state=open&kind=review")
    assert (waiting["count"], await counted(staff)) == (63, 2_147 - 63)
    doubts = Counter(note.get("doubt", "")[:15] for note in await notes(staff, "&status=unverified"))
    assert doubts == {"by its name an ": 74, "": 81}
    # a row waits for review only where the source gives no kind
    assert sum("description" not in note for note in await notes(staff)) + waiting["count"] == 941


async def test_a1_says_of_each_row_that_it_leaves_out_where_it_stands(shared_data: Path) -> None:
    read = mapped(shared_data / "A1-us-facilities-ucla" / "fac_data.csv", shipped.load("a1-us-facilities"))

    assert Counter((problem.code, problem.column) for problem in read.problems) == {("left_out", "Description"): 149}
    assert all(problem.line and problem.row for problem in read.problems)
    assert sum("description" not in row["note"] for row in read.ready) == 941


async def test_a4_keeps_its_conflicts_and_its_dates_in_three_notations(
    people: People, shared_data: Path, bring: Bring
) -> None:
    file, staff = shared_data / "A4-us-ice-facilities-cc0" / "facilities.csv", await people.as_("staff")

    first = await bring(file, "a4-us-immigration")
    second = await bring(file, "a4-us-immigration")

    assert (first.created, first.reported, second.unchanged) == (1_615, 0, 1_615)
    assert await counted(staff) == 1_615
    assert Counter([place["capacity"] is None async for place in listed(staff)])[True] == 1_466
    kept = await notes(staff)
    assert Counter(note["name_agreement"] for note in kept)["conflict"] == 83
    inspected = [note["last_inspection_ended_on"] for note in kept if "last_inspection_ended_on" in note]
    assert Counter(text.startswith("Scheduled") for text in inspected) == {False: 138, True: 48}
    assert all(len(note["first_used_on"]) == 10 for note in kept if "first_used_on" in note)
    values = [(name, each) for note in kept for name, each in note.items() if isinstance(each, dict)]
    values = [(name, each) for name, each in values if name != "imported"]
    assert (len(values), sum(each["agreement"] == "conflict" for _, each in values)) == (13_380, 178)
    assert all(set(each) == {"value", "agreement", "n_sources"} for _, each in values)
    dated = ("firstUsed", "lastUsed", "lastInspectionEndDate")
    assert Counter(notation(each["value"]) for name, each in values if name in dated) == {
        "9/9/9": 2_770, "9-9-9": 138, "Scheduled FY9": 48,
    }  # fmt: skip


async def test_the_facilities_of_b1_are_places_that_its_codes_find(
    people: People, shared_data: Path, bring: Bring
) -> None:
    file, staff = shared_data / "B1-bop-grievances-ny" / "facility_codes.csv", await people.as_("staff")

    outcome = await bring(file, "b1-facilities")

    assert (outcome.created, outcome.reported) == (196, 0)
    codes = {place["code"] async for place in listed(staff, "&status=in_use")}
    assert {f"b1-facilities-{code}" for code in ("BRO", "OTV", "RBK", "NYM", "CNK")} <= codes
    assert len(codes) == 196


async def test_d1_comes_in_with_all_its_parents(people: People, shared_data: Path, bring: Bring) -> None:
    file = shared_data / "D1-uk-gov-organisations" / "govuk_organisations.jsonl"
    staff = await people.as_("staff")

    first = await bring(file, "d1-uk-government")
    second = await bring(file, "d1-uk-government")

    assert (first.created, first.reported, first.problems) == (1_016, 0, [])
    assert (second.changed, second.unchanged) == (0, 1_016)
    kinds = "kind=authority&kind=monitoring_body"
    page = await staff.read(f"/npm/authorities?count=exact&limit=100&{kinds}")
    assert page["count"] == 1_016
    bodies = list(page["items"])
    while page["next_cursor"]:
        page = await staff.read(f"/npm/authorities?limit=100&{kinds}&cursor={page['next_cursor']}")
        bodies += page["items"]
    assert sum(len(body["parents"]) > 1 for body in bodies) == 16
    assert sum(body["closed_on"] is not None for body in bodies) == 57
