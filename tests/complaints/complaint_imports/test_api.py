"""The import of complaints: rows are taken once, bad ones named, and every record says where it is from."""

import pytest

from tests.complaints import cast
from tests.complaints.cast import imported, row
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")


async def test_rows_are_taken_once_and_changed_ones_changed(people: People) -> None:
    place = await cast.known_place(people)
    head = await people.as_("head", step_up=True)
    rows = [row(number, place["id"]) for number in range(1, 301)]

    first = await imported(head, rows)
    again = await imported(head, rows)
    changed = await imported(head, [{**rows[0], "seriousness": "critical"}, *rows[1:]])

    assert (first["created"], first["reported"]) == (300, 0)
    assert (again["unchanged"], again["created"]) == (300, 0)
    assert (changed["changed"], changed["unchanged"]) == (1, 299)
    assert (await head.read("/npm/complaints?count=exact"))["count"] == 300
    shown = (await head.read("/npm/complaints?seriousness=critical"))["items"]
    assert [(each["origin"], each["state"]) for each in shown] == [("imported", "closed")]


async def test_bad_rows_are_named_and_the_good_ones_taken(people: People) -> None:
    place = await cast.known_place(people)
    head = await people.as_("head", step_up=True)
    rows = [
        row(1, place["id"]),
        row(2, cast.NOWHERE),
        row(3, place["id"], themes=["no_such_theme"]),
        {**row(4, place["id"]), "place_id": None, "place_name": "North Remand Prison", "place_region": "North"},
        {**row(5, place["id"]), "place_id": None, "place_code": place["code"]},
        row(1, place["id"]),
    ]

    report = await imported(head, rows)

    assert (report["created"], report["reported"]) == (3, 3)
    assert {(each["line"], each["code"]) for each in report["problems"]} >= {(2, "place_unknown"), (1, "duplicate_row")}


async def test_an_id_that_another_complaint_has_is_reported(people: People) -> None:
    place = await cast.known_place(people)
    head = await people.as_("head", step_up=True)
    rows = [{**row(number, place["id"]), "id": cast.NOWHERE} for number in (1, 2)]

    together = await imported(head, rows)
    later = await imported(head, rows[1:])

    assert (together["created"], together["reported"]) == (1, 1)
    assert [[each["row"] for each in report["problems"]] for report in (together, later)] == [[rows[1]["row"]]] * 2
    assert {each["code"] for each in (*together["problems"], *later["problems"])} == {"id_taken"}


async def test_a_dry_run_keeps_nothing_and_staff_may_not_import(people: People) -> None:
    place = await cast.known_place(people)
    head, staff = await people.as_("head", step_up=True), await people.as_("staff", step_up=True)

    report = await imported(head, [row(1, place["id"])], dry_run="true")
    refused = await staff.send(
        "POST",
        "/npm/complaints/imports?source=a&mapping=b",
        content="{}",
        headers={"Content-Type": "application/jsonl"},
    )

    assert (report["created"], report["dry_run"]) == (1, True)
    assert refused.status_code == 403
    assert (await head.read("/npm/complaints?count=exact"))["count"] == 0
