"""Answers through the gateway: the authority drafts alone, its validator submits, the NPM reviews."""

import pytest

from gateway.development import AUTHORITY_A, AUTHORITY_B
from tests.people import People
from tests.recommendations.conftest import answered, later, owed_by, sent

pytestmark = pytest.mark.usefixtures("tell")


async def test_a_draft_answer_is_seen_by_its_authority_alone(people: People) -> None:
    made = await sent(people)
    official, staff = await people.as_("authority-official"), await people.as_("staff")
    path, owed = f"/authority/recommendations/{made['id']}/responses", owed_by(made, AUTHORITY_A)

    draft = await official.made(path, {"position": "rejected", "reasons": "Not for your eyes."})

    inside = [
        await staff.get(f"/npm/responses/{owed['id']}"),
        await staff.get(f"/npm/recommendations/{made['id']}"),
        await (await people.as_("head")).get("/npm/responses"),
        await people.stranger().get(f"/public/recommendations/{made['id']}"),
        await (await people.as_("authority-official-two")).get(f"/authority/recommendations/{made['id']}/responses"),
    ]
    assert all("Not for your eyes" not in answer.text and draft["id"] not in answer.text for answer in inside)
    assert inside[0].json()["versions"] == []
    assert inside[0].json()["state"] == "awaited"
    assert [each["id"] for each in (await official.read(path))["items"]] == [draft["id"]]
    other = await (await people.as_("authority-official-two")).get(f"{path}/{draft['id']}")
    assert other.status_code == 404


@pytest.mark.requirement("R-R16")
async def test_only_the_validator_submits_and_then_the_npm_reads_it(people: People) -> None:
    made = await sent(people)
    official, validator = await people.as_("authority-official"), await people.as_("authority-validator")
    path = f"/authority/recommendations/{made['id']}/responses"
    version = await official.made(path, {"position": "accepted", "measures": [{"text": "Nurses at night"}]})

    refused = await official.act(f"{path}/{version['id']}", "submit")
    submitted = await validator.done(f"{path}/{version['id']}", "submit")

    assert refused.status_code == 403
    assert set(submitted) == {
        "id", "number", "state", "position", "measures", "planned_on", "obstacles", "needs", "reasons", "claimed_status",
        "submitted_on", "was_late", "allowed_actions",
    }  # fmt: skip
    shown = await (await people.as_("staff")).read(f"/npm/responses/{owed_by(made, AUTHORITY_A)['id']}")
    assert (shown["state"], shown["versions"][0]["measures"][0]["text"]) == ("submitted", "Nurses at night")


async def test_a_draft_changes_until_it_is_submitted_and_then_a_new_version_takes_its_place(people: People) -> None:
    made = await sent(people)
    official, validator = await people.as_("authority-official"), await people.as_("authority-validator")
    path = f"/authority/recommendations/{made['id']}/responses"
    first = await official.made(path, {"position": "under_consideration"})
    twin = await official.post(path, {"position": "accepted"})

    changed = await official.patch(f"{path}/{first['id']}", {"position": "accepted_in_part", "needs": "Two nurses"})
    await validator.done(f"{path}/{first['id']}", "submit")
    too_late = await official.patch(f"{path}/{first['id']}", {"position": "rejected"})
    second = await answered(people, made, position="accepted", obstacles=["staffing"])

    assert twin.status_code == 409
    assert (changed.json()["position"], changed.json()["needs"]) == ("accepted_in_part", "Two nurses")
    assert too_late.status_code == 409
    versions = (await official.read(path))["items"]
    assert [(each["number"], each["state"]) for each in versions] == [(2, "submitted"), (1, "superseded")]
    assert versions[0]["id"] == second["id"]


@pytest.mark.requirement("R-R22")
async def test_the_npm_asks_back_and_the_question_has_its_own_deadline(people: People) -> None:
    staff = await people.as_("staff")
    made = await sent(people)
    await answered(people, made)
    path = f"/npm/responses/{owed_by(made, AUTHORITY_A)['id']}"
    await staff.done(path, "start_review")

    asked = await staff.done(path, "request_clarification", question="Who will do it?")

    official = await people.as_("authority-official")
    seen = await official.read(f"/authority/recommendations/{made['id']}")
    assert (asked["state"], asked["deadline"]["counted"]) == ("clarification_requested", 10)
    assert [each["was_met"] for each in asked["earlier_deadlines"]] == [True]
    assert [each["question"] for each in seen["clarifications"]] == ["Who will do it?"]
    await answered(people, made, position="rejected", reasons="It is the ministry's matter.")
    await staff.done(path, "start_review")
    assert (await staff.done(path, "accept"))["state"] == "complete"


async def test_an_answer_without_what_was_asked_is_not_complete(people: People) -> None:
    staff = await people.as_("staff")
    made = await sent(people, addressees=[{"authority_id": AUTHORITY_A, "asked_parts": ["planned_date", "measures"]}])
    await answered(people, made)
    path = f"/npm/responses/{owed_by(made, AUTHORITY_A)['id']}"
    await staff.done(path, "start_review")

    refused = await staff.act(path, "accept")

    assert refused.status_code == 409
    assert {error["detail"] for error in refused.json()["errors"]} == {"measures", "planned_date"}


async def test_an_answer_on_paper_is_marked_so(people: People) -> None:
    staff, made = await people.as_("staff"), await sent(people)
    path = f"/npm/responses/{owed_by(made, AUTHORITY_B)['id']}"
    paper = {"position": "accepted", "document_reference": "Letter 12", "submitted_on": made["transmitted_on"]}

    shown = await staff.made(f"{path}/paper-answers", paper)

    assert (shown["state"], shown["versions"][0]["channel"]) == ("submitted", "paper")
    assert shown["versions"][0]["document_reference"] == "Letter 12"


@pytest.mark.requirement("R-R23")
async def test_an_answer_is_published_as_far_as_the_npm_chooses(people: People) -> None:
    head, anybody = await people.as_("head"), people.stranger()
    made = await sent(people)
    await answered(people, made, reasons="Because of the budget.")
    await head.done(f"/npm/recommendations/{made['id']}", "publish", next_follow_up_on=made["next_due_on"])
    path, public = f"/npm/responses/{owed_by(made, AUTHORITY_A)['id']}", f"/public/recommendations/{made['id']}"
    nothing = (await anybody.read(public))["answers"]

    await head.patch(path, {"publication": "summary"})
    summary = (await anybody.read(public))["answers"]
    await head.patch(path, {"publication": "full"})
    full = (await anybody.read(public))["answers"]

    assert nothing == []
    assert [(each["position"], each["reasons"]) for each in summary] == [("accepted", None)]
    assert [each["reasons"] for each in full] == ["Because of the budget."]


async def test_an_answer_after_the_day_is_late_and_no_longer_overdue(people: People) -> None:
    staff, made = await people.as_("staff"), await sent(people)
    await later(staff, "P70D")

    version = await answered(people, made)

    shown = await staff.read(f"/npm/responses/{owed_by(made, AUTHORITY_A)['id']}")
    assert version["was_late"] is True
    assert (shown["is_overdue"], shown["current_answer"]["was_late"]) == (False, True)
