"""The import of earlier visits: an id or a code goes to the first row of a file that asks for it."""

import json
from typing import Any

import pytest

from tests.operations import reported
from tests.people import Actor, People
from tests.visits.story import make_place

pytestmark = pytest.mark.usefixtures("empty")

VISIT_ID = "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa"


async def imported(actor: Actor, rows: dict[str, dict[str, Any]], place: dict[str, Any]) -> dict[str, Any]:
    """Import rows of visits to a place, each with what is told of it; gives the report."""
    whole = {"type": "in_depth", "place_ids": [place["id"]], "days": ["2019-05-06"]}
    lines = [
        json.dumps({**whole, **told, "row": row, "line": line})
        for line, (row, told) in enumerate(rows.items(), start=1)
    ]
    answer = await actor.post(
        "/npm/visits/imports?source=old&mapping=old-1",
        content="\n".join(lines),
        headers={"Content-Type": "application/jsonl"},
    )
    return await reported(actor, "visits", answer)


@pytest.mark.parametrize(("name", "value"), [("id", VISIT_ID), ("code", "V-2019-1")])
async def test_what_an_earlier_row_asked_for_is_reported_not_broken(people: People, name: str, value: str) -> None:
    place = await make_place(people)
    head = await people.as_("head", step_up=True)

    report = await imported(head, {"a": {name: value}, "b": {name: value}}, place)

    assert (report["created"], report["reported"]) == (1, 1)
    assert [(each["row"], each["field"], each["code"]) for each in report["problems"]] == [("b", f"/{name}", "taken")]


async def test_a_secret_visit_to_come_is_imported_by_the_head_alone(people: People) -> None:
    place = await make_place(people)
    deputy, head = await people.as_("deputy-head", step_up=True), await people.as_("head", step_up=True)
    rows = {
        "secret": {"status": "planned"},
        "announced": {"status": "planned", "announcement": "announced"},
        "made": {"status": "closed"},
    }

    report = await imported(deputy, rows, place)
    by_head = await imported(head, rows, place)

    assert (report["created"], report["reported"]) == (2, 1)
    assert [(each["row"], each["field"], each["code"]) for each in report["problems"]] == [
        ("secret", "/announcement", "head_only")
    ]
    assert (by_head["created"], by_head["unchanged"]) == (1, 2)


async def test_what_a_visit_holds_that_the_importer_does_not_see_is_reported_as_taken(people: People) -> None:
    place = await make_place(people)
    deputy, head = await people.as_("deputy-head", step_up=True), await people.as_("head", step_up=True)
    await imported(head, {"secret": {"status": "planned", "code": "V-2019-9", "id": VISIT_ID}}, place)

    report = await imported(
        deputy,
        {"secret": {"status": "closed", "code": "V-1"}, "by code": {"code": "V-2019-9"}, "by id": {"id": VISIT_ID}},
        place,
    )

    found = {(each["row"], each["field"], each["code"]) for each in report["problems"]}
    assert found == {("secret", "/row", "taken"), ("by code", "/code", "taken"), ("by id", "/id", "taken")}
    assert (await head.read(f"/npm/visits/{VISIT_ID}"))["status"] == "planned"
