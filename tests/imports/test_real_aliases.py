"""Real lists of written names, and one place in two registers, through the running system and counted at the API."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from shared.texts import folded
from tests.imports.conftest import Bring
from tests.imports.test_real_files import listed
from tests.people import Actor, People

pytestmark = [pytest.mark.usefixtures("empty"), pytest.mark.timeout(600), pytest.mark.long]


async def open_matches(staff: Actor, kind: str) -> list[dict[str, Any]]:
    path, found = f"/npm/place-matches?limit=100&state=open&kind={kind}", []
    page = await staff.read(path)
    found += page["items"]
    while page["next_cursor"]:
        page = await staff.read(f"{path}&cursor={page['next_cursor']}")
        found += page["items"]
    return found


async def test_the_written_names_of_a1_are_taken_reported_or_asked_about(
    people: People, shared_data: Path, bring: Bring
) -> None:
    folder, staff = shared_data / "A1-us-facilities-ucla", await people.as_("staff")
    register = await bring(folder / "fac_data.csv", "a1-us-facilities")
    left_out = {problem.row for problem in register.problems if problem.code == "left_out"}

    first = await bring(folder / "fac_spellings.csv", "a1-us-aliases")
    second = await bring(folder / "fac_spellings.csv", "a1-us-aliases")

    pointed = [str(problem.row).partition(" / ")[0] for problem in first.problems]
    assert (first.total, first.reported, {problem.column for problem in first.problems}) == (
        6_310,
        416,
        {"Facility.ID"},
    )
    assert Counter(row in left_out for row in pointed) == {True: 413, False: 3}
    assert (first.is_whole, second.is_whole) == (True, True)
    assert (second.created, second.changed, second.reported) == (0, 0, 416)
    asked = await open_matches(staff, "alias")
    # six names in 16 rows: three that three places go by, three that two do
    assert Counter(len(match["candidates"]) for match in asked) == {2: 6, 3: 10}
    assert len({(match["region"], folded(match["name"])) for match in asked}) == 6
    waiting = await open_matches(staff, "review")
    assert sum(len(match["written_names"]) for match in waiting) == 186
    full = [await staff.read(f"/npm/places/{place['id']}") async for place in listed(staff)]
    assert sum(len(place["aliases"]) for place in full) == 3_548
    assert (first.created, first.waiting, second.waiting) == (3_548, 16 + 186, 16 + 186)


async def test_a_place_in_two_registers_is_asked_about(people: People, shared_data: Path, bring: Bring) -> None:
    staff = await people.as_("staff")
    await bring(shared_data / "A1-us-facilities-ucla" / "fac_data.csv", "a1-us-facilities")

    outcome = await bring(shared_data / "A4-us-ice-facilities-cc0" / "facilities.csv", "a4-us-immigration")

    twins = await open_matches(staff, "twin")
    assert (outcome.created, outcome.questions, len(twins)) == (1_615, 82, 82)
