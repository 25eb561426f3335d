"""The import of earlier visits: an id or a code goes to the first row of a file that asks for it."""

import json

import pytest

from tests.operations import reported
from tests.people import People
from tests.visits.story import make_place

pytestmark = pytest.mark.usefixtures("empty")

VISIT_ID = "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa"


@pytest.mark.parametrize(("name", "value"), [("id", VISIT_ID), ("code", "V-2019-1")])
async def test_what_an_earlier_row_asked_for_is_reported_not_broken(people: People, name: str, value: str) -> None:
    place = await make_place(people)
    head = await people.as_("head", step_up=True)
    row = {"type": "in_depth", "place_ids": [place["id"]], "days": ["2019-05-06"], name: value}
    lines = [json.dumps({**row, "row": each, "line": line}) for line, each in enumerate(("a", "b"), start=1)]

    answer = await head.post(
        "/npm/visits/imports?source=old&mapping=old-1",
        content="\n".join(lines),
        headers={"Content-Type": "application/jsonl"},
    )

    report = await reported(head, "visits", answer)
    assert (report["created"], report["reported"]) == (1, 1)
    assert [(each["row"], each["field"], each["code"]) for each in report["problems"]] == [("b", f"/{name}", "taken")]
