"""Imported history through the gateway: any state, past dates, nothing doubled, nothing made up."""

import json
from typing import Any

import pytest

from gateway.development import AUTHORITY_A, AUTHORITY_B
from tests.operations import reported
from tests.people import People

pytestmark = pytest.mark.usefixtures("tell")

STABLE = "c5b0e5a1-6f0f-4a35-9f35-5f6a3b7f0a01"
CLOSED: dict[str, Any] = {
    "row": "r-1",
    "line": 2,
    "id": STABLE,
    "text": {"en": "Repair the heating."},
    "state": "closed",
    "theme": "light_air_temperature",
    "scope": {"kind": "system"},
    "transmitted_on": "2025-01-10",
    "published_on": "2025-02-01",
    "closed_on": "2026-06-01",
    "addressees": [
        {
            "authority_id": AUTHORITY_A,
            "state": "complete",
            "due_on": "2025-03-10",
            "answer": {"position": "accepted", "claimed_status": "implemented", "submitted_on": "2025-03-01"},
        }
    ],
    "findings": [
        {"on": "2025-09-01", "status": "in_progress"},
        {"on": "2026-05-01", "status": "implemented", "has_other_evidence": True},
    ],
}
OPEN: dict[str, Any] = {
    "row": "r-2",
    "line": 3,
    "text": {"en": "Stop using the old cells."},
    "state": "in_follow_up",
    "transmitted_on": "2026-01-10",
    "addressees": [
        {"authority_id": AUTHORITY_B, "state": "awaited", "due_on": "2026-03-10"},
        {
            "authority_id": AUTHORITY_A,
            "role": "contributing",
            "state": "complete",
            "due_on": "2026-03-10",
            "reported_outcome": {"replies_count": 2, "as_of": "2026-05-01"},
        },
    ],
}


async def imported(people: People, *rows: dict[str, Any], query: str = "") -> dict[str, Any]:
    """Import rows as the head with a strong login, and give the report."""
    head = await people.as_("head", step_up=True)
    content = "\n".join(json.dumps(row) for row in rows).encode()
    path = f"/npm/recommendations/imports?source=old-register&mapping=by-hand{query}"
    answer = await head.post(path, None, content=content, headers={"Content-Type": "application/jsonl"})
    return await reported(head, "recommendations", answer)


async def test_history_enters_in_any_state_with_past_dates_and_says_so(people: People) -> None:
    answer = await imported(people, CLOSED, OPEN)

    staff = await people.as_("staff")
    shown = await staff.read(f"/npm/recommendations/{STABLE}")
    assert {name: answer[name] for name in ("rows", "created", "reported")} == {
        "rows": 2,
        "created": 2,
        "reported": 0,
    }
    assert (shown["state"], shown["origin"], shown["implementation"]["status"]) == ("closed", "imported", "implemented")
    assert shown["imported_from"] == {"source": "old-register", "row": "r-1"}
    assert shown["addressees"][0]["deadline"]["calendar"] == "source"
    late = (await staff.read("/npm/responses?is_overdue=true"))["items"]
    assert [each["authority"]["name"] for each in late] == ["Police Directorate"]
    counted = next(each for each in (await staff.read("/npm/responses"))["items"] if each["reported_outcome"])
    assert (counted["reported_outcome"]["replies_count"], counted["current_answer"]) == (2, None)
    assert (await staff.post("/npm/deadline-runs")).json()["overdue"] == 0


async def test_the_same_rows_again_change_nothing_and_bad_ones_are_reported(people: People) -> None:
    await imported(people, CLOSED, OPEN)

    again = await imported(people, CLOSED, {**OPEN, "text": {"en": "Close the old cells."}})
    bad = await imported(people, {**OPEN, "row": "r-3", "transmitted_on": None}, {"row": "r-4"})
    dry = await imported(people, {**OPEN, "row": "r-5"}, query="&dry_run=true")

    assert (again["unchanged"], again["changed"], again["created"]) == (1, 1, 0)
    assert bad["reported"] == 2
    assert {"/transmitted_on", "/state"} <= {problem["field"] for problem in bad["problems"]}
    assert dry["created"] == 1
    assert (await (await people.as_("staff")).read("/npm/recommendations?count=exact"))["count"] == 2


async def test_an_id_that_another_row_asked_for_is_reported(people: People) -> None:
    report = await imported(people, CLOSED, {**OPEN, "id": STABLE})

    assert (report["created"], report["reported"]) == (1, 1)
    assert [(each["row"], each["code"]) for each in report["problems"]] == [("r-2", "id_taken")]


async def test_importing_needs_the_head_and_a_strong_login(people: People) -> None:
    head, staff = await people.as_("head"), await people.as_("staff", step_up=True)
    path, headers = "/npm/recommendations/imports?source=x&mapping=y", {"Content-Type": "application/jsonl"}

    answers = [await actor.post(path, None, content=b"{}", headers=headers) for actor in (head, staff)]

    assert [answer.status_code for answer in answers] == [401, 403]


async def test_four_hundred_rows_come_in_at_once(people: People) -> None:
    rows = [{**OPEN, "row": f"m-{number}", "line": number + 1} for number in range(400)]

    answer = await imported(people, *rows)

    assert (answer["created"], answer["reported"]) == (400, 0)
    listed = await (await people.as_("staff")).read("/npm/recommendations?limit=100&sort=next_due_on&count=exact")
    assert (len(listed["items"]), listed["count"]) == (100, 400)
