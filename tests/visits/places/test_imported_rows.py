"""An import may bring ids and what registers rarely hold, and undoes nothing that a hand has added."""

import json
from typing import Any

import pytest

from tests.operations import reported
from tests.people import Actor, People

pytestmark = pytest.mark.usefixtures("empty")

PATH = "/npm/places/imports?source=register&mapping=ours"
PLACE_ID, OPERATOR = "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa", "f9d212a8-7680-4faf-8923-9f324d2f29b3"
ROW = {"row": "1", "line": 1, "name": "North Prison", "place_type": "prison"}


async def imported(head: Actor, *rows: dict[str, Any]) -> dict[str, Any]:
    """Send rows and give the report."""
    answer = await head.send(
        "POST", PATH, content="\n".join(map(json.dumps, rows)), headers={"Content-Type": "application/jsonl"}
    )
    return await reported(head, "places", answer)


async def test_a_row_may_bring_the_id_of_its_place(people: People) -> None:
    head = await people.as_("head", step_up=True)

    await imported(head, {**ROW, "id": PLACE_ID, "operator_id": OPERATOR, "risk_flags": ["isolation_unit"]})

    shown = await head.read(f"/npm/places/{PLACE_ID}")
    assert (shown["name"], shown["operator"]["id"], shown["risk_flags"]) == (
        "North Prison",
        OPERATOR,
        ["isolation_unit"],
    )


async def test_an_id_that_another_place_has_is_reported(people: People) -> None:
    head = await people.as_("head", step_up=True)
    await imported(head, {**ROW, "id": PLACE_ID})

    report = await imported(head, {**ROW, "id": PLACE_ID}, {**ROW, "row": "2", "line": 2, "id": PLACE_ID})

    assert (report["unchanged"], report["created"], report["reported"]) == (1, 0, 1)
    assert [(each["row"], each["code"]) for each in report["problems"]] == [("2", "id_taken")]


async def test_an_import_that_does_not_speak_of_the_operator_leaves_the_one_that_was_entered(people: People) -> None:
    head = await people.as_("head", step_up=True)
    await imported(head, {**ROW, "id": PLACE_ID})
    await head.patch(f"/npm/places/{PLACE_ID}", {"operator_id": OPERATOR, "complaint_channel_quality": "weak"})

    report = await imported(head, {**ROW, "region": "North"})

    shown = await head.read(f"/npm/places/{PLACE_ID}")
    assert report["changed"] == 1
    assert (shown["region"], shown["operator"]["id"], shown["complaint_channel_quality"]) == ("North", OPERATOR, "weak")
