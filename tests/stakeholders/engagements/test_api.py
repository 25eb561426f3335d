"""The log of engagements through the gateway."""

import pytest

from gateway.development import AUTHORITY_A
from tests.people import People
from tests.stakeholders.dialogue.test_api import days_ago, logged
from tests.stakeholders.made import with_institutions

pytestmark = pytest.mark.usefixtures("empty")

MEETING = {"action": "plan", "format": "bilateral", "channel": "in_person", "counterpart_ids": [AUTHORITY_A]}


async def test_a_planned_meeting_walks_to_its_end_through_its_guards(people: People) -> None:
    await with_institutions(people)
    staff = await people.as_("staff")
    meeting = await staff.made("/npm/engagements", {**MEETING, "held_on": days_ago(1)})
    path = f"/npm/engagements/{meeting['id']}"

    unprepared = await staff.act(path, "prepare")
    await staff.patch(path, {"aims": "Explain the mandate."})
    await staff.done(path, "prepare")
    await staff.done(path, "hold")
    unrecorded = await staff.act(path, "record")
    promise = {"kind": "commitment", "text": "Answer in time.", "due_on": "2099-01-01"}
    await staff.patch(path, {"summary": "Explained.", "outcomes": [promise]})
    await staff.done(path, "record")
    unkept = await staff.act(path, "close")
    await staff.patch(path, {"outcomes": [{**promise, "kept_on": days_ago(0)}]})
    closed = await staff.done(path, "close")

    assert [each.json()["errors"][0]["code"] for each in (unprepared, unrecorded, unkept)] == [
        "aims",
        "summary",
        "commitment_open",
    ]
    assert (closed["status"], closed["allowed_actions"]) == ("closed", ["reopen"])


async def test_what_is_logged_has_taken_place_and_says_what_was_said(people: People) -> None:
    await with_institutions(people)
    staff = await people.as_("staff")

    future = await staff.post("/npm/engagements", {**MEETING, "action": "log", "summary": "x", "held_on": "2099-01-01"})
    silent = await staff.post("/npm/engagements", {**MEETING, "action": "log", "held_on": days_ago(1)})

    assert [(each.status_code, each.json()["errors"][0]["pointer"]) for each in (future, silent)] == [
        (422, "/held_on"),
        (422, "/summary"),
    ]


async def test_the_log_is_narrowed_by_institution_and_day(people: People) -> None:
    await with_institutions(people)
    staff = await people.as_("staff")
    kept = await logged(staff)
    await logged(staff, held_on=days_ago(50))

    found = await staff.read(f"/npm/engagements?authority_id={AUTHORITY_A}&held_on_from={days_ago(10)}")

    assert [each["id"] for each in found["items"]] == [kept["id"]]
    assert found["items"][0]["counterparts"] == [{"id": AUTHORITY_A, "name": "Prison Service"}]
