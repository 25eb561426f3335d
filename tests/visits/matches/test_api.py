"""Rows of imports that wait for a decision: asked once, with candidates, and decided by a person."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.imports.conftest import Bring, bring, made_up, mapping_of
from tests.people import Actor, People
from tests.visits.story import make_place

__all__ = ["bring", "made_up"]

pytestmark = pytest.mark.usefixtures("empty")
MadeUp = Callable[..., Path]

HEADER = "Id,Name,Kind,Beds,Region\n"
FILE = (
    HEADER
    + "1,North Prison,Prison,500,East\n2,ALL PRISON STAFF,NA,77,East\n3,South Jail,Jail,9,West\n4,HQ,Office,NA,East\n"
)
PATH = "/npm/place-matches"


def mapping(**changes: Any) -> Any:
    told = mapping_of().model_dump(by_alias=True, exclude_unset=True)
    said = {
        "fields": {**told["fields"], "region": {"column": "Region"}},
        "doubt_when": [],
        "review_when": [{"column": "Name", "matches": "^ALL ", "reason": "by its name many places"}],
        **changes,
    }
    return mapping_of(**said)


async def only(staff: Actor, query: str = "") -> dict[str, Any]:
    (found,) = (await staff.read(f"{PATH}?limit=10{query}"))["items"]
    return dict(found)


async def named(staff: Actor, name: str) -> dict[str, Any]:
    (found,) = [each for each in (await staff.read("/npm/places?limit=100"))["items"] if each["name"] == name]
    return await staff.read(f"/npm/places/{found['id']}")


async def test_a_row_that_is_by_name_no_place_waits_and_makes_none(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    staff = await people.as_("staff")

    outcome = await bring(made_up(FILE), mapping())

    assert (outcome.total, outcome.created, outcome.waiting, outcome.reported) == (4, 2, 1, 1)
    assert (await staff.read("/npm/places?count=exact"))["count"] == 2
    match = await only(staff)
    assert (match["kind"], match["state"], match["row"], match["reason"]) == (
        "review", "open", "2", "by its name many places",
    )  # fmt: skip
    assert [(each["name"], each["region"]) for each in match["candidates"]] == [("North Prison", "East")]
    assert match["allowed_actions"] == ["accept", "make_new", "drop"]


async def test_what_is_made_of_a_waiting_row_has_all_that_the_row_said(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    staff = await people.as_("staff")
    await bring(made_up(FILE.replace("STAFF,NA", "STAFF,Prison")), mapping())
    match = await only(staff)

    decided = await staff.done(f"{PATH}/{match['id']}", "make_new")

    place = await staff.read(f"/npm/places/{decided['place']['id']}")
    assert (decided["state"], decided["allowed_actions"]) == ("made", [])
    assert (place["capacity"], place["region"], place["status"], place["origin"]) == (77, "East", "in_use", "imported")
    assert place["imported_from"] == {"source": "made-up", "row": "2"}


async def test_a_waiting_row_of_unknown_kind_is_made_unverified(people: People, made_up: MadeUp, bring: Bring) -> None:
    staff = await people.as_("staff")
    await bring(made_up(FILE), mapping())

    decided = await staff.done(f"{PATH}/{(await only(staff))['id']}", "make_new")

    assert (await staff.read(f"/npm/places/{decided['place']['id']}"))["status"] == "unverified"


async def test_accepting_makes_the_name_an_alias_of_the_place_that_is_meant(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    staff = await people.as_("staff")
    await bring(made_up(FILE), mapping())
    match = await only(staff)

    decided = await staff.done(f"{PATH}/{match['id']}", "accept", candidate_id=match["candidates"][0]["id"])

    place = await named(staff, "North Prison")
    assert [(each["text"], each["source"]) for each in place["aliases"]] == [("ALL PRISON STAFF", "made-up")]
    assert (decided["state"], decided["place"]["name"]) == ("accepted", "North Prison")


@pytest.mark.parametrize(
    ("answer", "pointer"),
    [
        ({"action": "accept"}, "/candidate_id"),
        ({"action": "accept", "candidate_id": "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa"}, "/candidate_id"),
        ({"action": "drop"}, "/reason"),
    ],
)
async def test_a_decision_that_lacks_something_is_refused_and_the_row_waits_on(
    people: People, made_up: MadeUp, bring: Bring, answer: dict[str, Any], pointer: str
) -> None:
    staff = await people.as_("staff")
    await bring(made_up(FILE), mapping())
    match = await only(staff)

    refused = await staff.act(f"{PATH}/{match['id']}", **answer)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert await only(staff) == match


@pytest.mark.parametrize("answer", [{"action": "make_new"}, {"action": "drop", "reason": "a total"}, {}])
async def test_a_second_run_neither_doubles_nor_reopens(
    people: People, made_up: MadeUp, bring: Bring, answer: dict[str, Any]
) -> None:
    staff = await people.as_("staff")
    await bring(made_up(FILE), mapping())
    path = f"{PATH}/{(await only(staff))['id']}"
    if answer:
        await staff.done(path, **answer)
    before = await staff.read(path), await staff.read("/npm/places?count=exact")

    outcome = await bring(made_up(FILE), mapping())

    # the row waits as long as nobody has decided
    assert (outcome.created, outcome.changed, outcome.waiting, outcome.unchanged) == (
        0,
        0,
        not answer,
        3 - (not answer),
    )
    assert (await staff.read(path), await staff.read("/npm/places?count=exact")) == before
    assert len((await staff.read(PATH))["items"]) == 1


async def test_a_waiting_row_that_says_something_else_is_changed(people: People, made_up: MadeUp, bring: Bring) -> None:
    staff = await people.as_("staff")
    await bring(made_up(FILE), mapping())

    outcome = await bring(made_up(FILE.replace("77,East", "78,East")), mapping())

    assert (outcome.changed, outcome.waiting, outcome.unchanged) == (0, 1, 2)
    decided = await staff.done(f"{PATH}/{(await only(staff))['id']}", "make_new")
    assert (await staff.read(f"/npm/places/{decided['place']['id']}"))["capacity"] == 78


async def test_a_decided_question_takes_no_other_answer(people: People, made_up: MadeUp, bring: Bring) -> None:
    staff = await people.as_("staff")
    await bring(made_up(FILE), mapping())
    path = f"{PATH}/{(await only(staff))['id']}"
    await staff.done(path, "drop", reason="a total")

    refused = await staff.act(path, "make_new")

    assert refused.status_code == 409
    assert (await staff.read(path))["decision_reason"] == "a total"


async def test_a_place_that_another_source_has_is_taken_and_asked_about(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    staff = await people.as_("staff")
    ours = await make_place(people, name="NORTH - Prison", region="East")
    await make_place(people, name="North Prison", region="West")

    outcome = await bring(made_up(FILE), mapping())

    twin = await only(staff, "&kind=twin")
    assert (outcome.created, outcome.waiting, outcome.questions) == (2, 1, 1)
    assert twin["place"]["name"] == "North Prison"
    assert [each["id"] for each in twin["candidates"]] == [ours["id"]]


@pytest.mark.parametrize(("ours", "theirs"), [("", "East"), ("East", ""), ("", "")])
async def test_without_a_region_the_whole_country_is_looked_at(
    people: People, made_up: MadeUp, bring: Bring, ours: str, theirs: str
) -> None:
    staff = await people.as_("staff")
    known = await make_place(people, name="NORTH - Prison", region=ours)
    await make_place(people, name="South Prison", region=ours)

    outcome = await bring(made_up(FILE.replace("East", theirs)), mapping())

    twin = await only(staff, "&kind=twin")
    assert (outcome.questions, [each["id"] for each in twin["candidates"]]) == (1, [known["id"]])
    assert twin["candidates"][0]["why"] == "same name"


async def test_a_name_that_many_go_by_asks_nothing_without_a_region(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    staff = await people.as_("staff")
    for number in range(6):
        await make_place(people, name="North Prison", region=f"Region {number}")

    outcome = await bring(made_up(FILE.replace("East", "")), mapping())

    assert outcome.questions == 0
    assert (await staff.read(f"{PATH}?kind=twin"))["items"] == []


async def test_accepting_a_twin_merges_it_and_a_second_run_finds_it_merged(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    staff = await people.as_("staff")
    ours = await make_place(people, name="NORTH - Prison", region="East")
    await bring(made_up(FILE), mapping())
    twin = await only(staff, "&kind=twin")

    await staff.done(f"{PATH}/{twin['id']}", "accept", candidate_id=ours["id"])

    merged = await staff.read(f"/npm/places/{twin['place']['id']}")
    assert (merged["status"], merged["merged_into"]["id"]) == ("merged", ours["id"])
    assert "North Prison" in [each["text"] for each in (await staff.read(f"/npm/places/{ours['id']}"))["aliases"]]
    again = await bring(made_up(FILE), mapping())
    assert (again.unchanged, again.waiting, len((await staff.read(f"{PATH}?kind=twin"))["items"])) == (2, 1, 1)


async def test_a_supposed_twin_may_stay_a_place_of_its_own(people: People, made_up: MadeUp, bring: Bring) -> None:
    staff = await people.as_("staff")
    await make_place(people, name="North prison", region="East")
    await bring(made_up(FILE), mapping())
    twin = await only(staff, "&kind=twin")

    decided = await staff.done(f"{PATH}/{twin['id']}", "make_new")

    assert decided["state"] == "made"
    assert (await staff.read(f"/npm/places/{twin['place']['id']}"))["status"] == "in_use"


async def test_a_dry_run_asks_nothing(people: People, made_up: MadeUp, bring: Bring) -> None:
    outcome = await bring(made_up(FILE), mapping(), dry_run=True)

    assert (outcome.created, outcome.waiting) == (2, 1)
    assert (await (await people.as_("staff")).read(PATH))["items"] == []
