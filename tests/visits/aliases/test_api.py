"""Written names of places: taken, reported or asked about, and never guessed."""

from typing import Any

import pytest

from tests.complaints import cast
from tests.people import Actor, People
from tests.stakeholders.made import imported
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("empty")

PLACES = (
    {"row": "1", "name": "North Prison", "place_type": "prison", "region": "East"},
    {"row": "2", "name": "Old Mill", "place_type": "prison", "region": "East"},
    {"row": "3", "name": "Old Mill", "place_type": "prison", "region": "West"},
    {"row": "4", "name": "ALL HOUSES", "place_type": "unknown", "region": "East", "review": "many places"},
)


async def registered(people: People) -> Actor:
    """Four rows of a register, the last of which waits; gives the staff member."""
    await imported(people, "places", *PLACES, source="register")
    return await people.as_("staff")


async def written(people: People, *names: tuple[str, str]) -> dict[str, Any]:
    rows = [
        {"row": f"{row} / {text}", "place_source": "register", "place_row": row, "text": text} for row, text in names
    ]
    return await imported(people, "place-aliases", *rows, source="agencies")


async def aliases(staff: Actor, row: str) -> list[str]:
    found = [each for each in (await staff.read("/npm/places?limit=100"))["items"] if each["code"] == f"register-{row}"]
    return [each["text"] for each in (await staff.read(f"/npm/places/{found[0]['id']}"))["aliases"]]


async def matches(staff: Actor, kind: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await staff.read(f"/npm/place-matches?kind={kind}"))["items"]
    return items


async def test_a_written_name_becomes_an_alias_and_a_second_run_changes_nothing(people: People) -> None:
    staff, names = await registered(people), (("1", "N. PRISON"), ("1", "North Prison"), ("2", "The Mill (old)"))

    first, second = await written(people, *names), await written(people, *names)

    # the second is the name that the place has anyway
    assert (first["created"], first["unchanged"], first["reported"]) == (2, 1, 0)
    assert (second["created"], second["changed"], second["unchanged"]) == (0, 0, 3)
    assert (await aliases(staff, "1"), await aliases(staff, "2")) == (["N. PRISON"], ["The Mill (old)"])


async def test_a_name_of_a_row_that_made_no_place_is_reported_with_its_row(people: People) -> None:
    await registered(people)

    report = await written(people, ("1", "N. PRISON"), ("99", "Nowhere"))

    assert (report["created"], report["reported"]) == (1, 1)
    assert [(each["row"], each["field"], each["code"]) for each in report["problems"]] == [
        ("99 / Nowhere", "/place_row", "unknown_place")
    ]


async def test_a_name_that_two_places_of_a_region_go_by_is_asked_about_and_not_guessed(people: People) -> None:
    staff = await registered(people)

    report = await written(people, ("1", "THE HILL"), ("2", "The Hill"), ("3", "The Hill"), ("1", "OLD MILL"))

    assert (report["created"], report["waiting"]) == (1, 3)
    assert (await aliases(staff, "1"), await aliases(staff, "2")) == ([], [])
    # in another region the same name means something else
    assert await aliases(staff, "3") == ["The Hill"]
    asked = {match["row"]: [each["name"] for each in match["candidates"]] for match in await matches(staff, "alias")}
    assert asked == {
        "1 / THE HILL": ["North Prison", "Old Mill"],
        "2 / The Hill": ["Old Mill", "North Prison"],
        "1 / OLD MILL": ["North Prison", "Old Mill"],
    }


async def test_an_asked_name_goes_where_a_person_puts_it_and_is_not_asked_again(people: People) -> None:
    staff, names = await registered(people), (("1", "THE HILL"), ("2", "The Hill"))
    await written(people, *names)
    match = next(each for each in await matches(staff, "alias") if each["row"] == "1 / THE HILL")
    path = f"/npm/place-matches/{match['id']}"

    refused = await staff.act(path, "make_new")
    await staff.done(path, "accept", candidate_id=match["candidates"][1]["id"])

    assert (match["allowed_actions"], refused.status_code) == (["accept", "drop"], 409)
    assert (await aliases(staff, "1"), await aliases(staff, "2")) == ([], ["THE HILL"])
    again = await written(people, *names)
    assert (again["unchanged"], again["waiting"]) == (1, 1)
    assert len(await matches(staff, "alias")) == 2


async def test_names_of_a_row_that_waits_wait_with_it_and_follow_the_decision(people: People) -> None:
    staff, names = await registered(people), (("4", "EVERY HOUSE"), ("4", "ALL HOUSES"))

    first = await written(people, *names)
    (match,) = await matches(staff, "review")
    await staff.done(f"/npm/place-matches/{match['id']}", "accept", candidate_id=(await only(staff, "1"))["id"])

    assert (first["created"], first["waiting"], first["unchanged"]) == (0, 1, 1)
    assert match["written_names"] == ["EVERY HOUSE"]
    assert await aliases(staff, "1") == ["ALL HOUSES", "EVERY HOUSE"]
    assert (await written(people, *names))["unchanged"] == 2


async def only(staff: Actor, row: str) -> dict[str, Any]:
    items = (await staff.read("/npm/places?limit=100"))["items"]
    return next(each for each in items if each["code"] == f"register-{row}")


async def test_names_of_a_row_that_was_dropped_go_nowhere(people: People) -> None:
    staff = await registered(people)
    (match,) = await matches(staff, "review")
    await staff.done(f"/npm/place-matches/{match['id']}", "drop", reason="a total")

    report = await written(people, ("4", "EVERY HOUSE"))

    assert (report["unchanged"], report["reported"]) == (1, 0)
    assert (await matches(staff, "review"))[0]["written_names"] == []


async def test_names_of_a_merged_place_go_to_the_one_that_it_is(people: People) -> None:
    staff = await registered(people)
    into = await only(staff, "2")
    await staff.done(f"/npm/places/{(await only(staff, '1'))['id']}", "merge", into_id=into["id"])

    await written(people, ("1", "N. PRISON"))

    assert "N. PRISON" in await aliases(staff, "2")


async def test_complaints_find_a_place_by_a_name_as_an_agency_writes_it(people: People) -> None:
    staff, head = await registered(people), await people.as_("head", step_up=True)
    await written(people, ("1", "NORTH PRIS."))
    complaint = cast.row(1, None, place_name="North Pris", place_region="East")

    async def is_known() -> bool:
        return not (await cast.imported(head, [complaint], dry_run="true"))["problems"]

    await eventually(is_known, seconds=25)
    assert await aliases(staff, "1") == ["NORTH PRIS."]
