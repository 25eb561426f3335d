"""Recommendations through the gateway: from the draft to the addressees, and what each audience sees."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from gateway.development import AUTHORITY_A, AUTHORITY_B
from shared.settings import Settings
from tests.people import People
from tests.recommendations.conftest import (
    DRAFT,
    QUALITY,
    Tell,
    answered,
    drafted,
    later,
    owed_by,
    published,
    sent,
    soon,
)
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("tell")


@pytest.mark.requirement("R-R01")
async def test_a_draft_names_what_it_still_needs(people: People) -> None:
    staff = await people.as_("staff")
    draft = await staff.made("/npm/recommendations", {"text": {"en": "Do better."}})

    refused = await staff.act(f"/npm/recommendations/{draft['id']}", "submit")

    assert refused.status_code == 409
    gaps = {error["detail"] for error in refused.json()["errors"]}
    assert gaps == {"theme", "scope", "root_cause_level", "lead addressee", *(f"quality.{name}" for name in QUALITY)}


@pytest.mark.requirement("R-R07")
async def test_nobody_approves_an_own_proposal(people: People) -> None:
    head, deputy = await people.as_("head"), await people.as_("deputy-head")
    path = f"/npm/recommendations/{(await drafted(people))['id']}"
    await head.done(path, "submit")

    own = await head.act(path, "approve")
    without_scope = await (await people.as_("staff")).act(path, "approve")

    assert (own.status_code, own.json()["code"]) == (409, "own_proposal")
    assert without_scope.status_code == 403
    assert (await deputy.done(path, "approve"))["state"] == "approved"


async def test_who_drafted_through_another_account_is_no_second_person(people: People, settings: Settings) -> None:
    somebody = str(uuid4())
    drafter, decider = (people.other_account(settings, persona, somebody) for persona in ("staff", "head"))
    path = f"/npm/recommendations/{(await drafter.made('/npm/recommendations', DRAFT))['id']}"
    await (await people.as_("staff")).done(path, "submit")

    refused = await decider.act(path, "approve")

    assert (refused.status_code, refused.json()["code"]) == (409, "own_proposal")


async def test_what_rests_on_nothing_is_not_approved(people: People) -> None:
    path = f"/npm/recommendations/{(await drafted(people, stated_basis=''))['id']}"
    await (await people.as_("staff")).done(path, "submit")

    refused = await (await people.as_("head")).act(path, "approve")

    assert refused.status_code == 409
    assert refused.json()["errors"][0]["detail"] == "findings or another stated basis"


@pytest.mark.requirement("R-R15")
async def test_each_addressee_has_a_deadline_in_working_days_that_explains_itself(people: People) -> None:
    made = await sent(people)

    lead, other = owed_by(made, AUTHORITY_A), owed_by(made, AUTHORITY_B)

    assert (lead["state"], other["state"]) == ("awaited", "awaited")
    assert (lead["deadline"]["counted"], other["deadline"]["counted"]) == (30, 10)
    assert date.fromisoformat(other["due_on"]) < date.fromisoformat(lead["due_on"])
    assert {day["reason"] for day in other["deadline"]["skipped"]} == {"weekend"}
    assert len(other["deadline"]["skipped"]) >= 2
    assert other["deadline"]["sentence"].startswith(f"10 working days after {made['transmitted_on']}, by calendar XX")
    assert other["deadline"]["sentence"].endswith(f"due on {other['due_on']}")


async def test_an_id_without_a_directory_entry_is_not_sent_to(people: People) -> None:
    stranger = {"authority_id": "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa"}
    staff, head = await people.as_("staff"), await people.as_("head")
    path = f"/npm/recommendations/{(await drafted(people, addressees=[stranger]))['id']}"
    await staff.done(path, "submit")
    await head.done(path, "approve")

    refused = await head.act(path, "transmit")

    assert refused.status_code == 409
    [wrong] = refused.json()["errors"]
    [addressee] = (await staff.read(path))["addressees"]
    assert wrong["code"] == "unknown_stakeholder"
    assert (addressee["id"] in wrong["detail"], stranger["authority_id"] in wrong["detail"]) == (True, False)


async def test_an_approved_text_is_fixed_and_an_addressee_of_a_draft_can_go(people: People) -> None:
    staff, head = await people.as_("staff"), await people.as_("head")
    draft = await drafted(people)
    path, other = f"/npm/recommendations/{draft['id']}", owed_by(draft, AUTHORITY_B)
    tag = (await staff.get(path)).headers["ETag"]

    removed = await staff.send("DELETE", f"{path}/addressees/{other['id']}", headers={"If-Match": tag})
    changed = await staff.patch(path, {"priority": "immediate"})
    await staff.done(path, "submit")
    await head.done(path, "approve")
    fixed = await staff.patch(path, {"priority": "low"})

    assert [each["authority"]["name"] for each in removed.json()["addressees"]] == ["Prison Service"]
    assert changed.json()["priority"] == "immediate"
    assert fixed.status_code == 409


async def test_late_shows_only_after_the_day_has_passed_and_changes_no_state(people: People) -> None:
    staff = await people.as_("staff")
    made = await sent(people)
    before = await staff.read("/npm/recommendations?is_overdue=true")

    await later(staff, "P25D")

    late = await staff.read("/npm/recommendations?is_overdue=true")
    shown = await staff.read(f"/npm/recommendations/{made['id']}")
    assert (before["items"], [each["id"] for each in late["items"]]) == ([], [made["id"]])
    assert owed_by(shown, AUTHORITY_B)["is_overdue"] is True
    assert owed_by(shown, AUTHORITY_B)["state"] == "awaited"
    assert owed_by(shown, AUTHORITY_A)["is_overdue"] is False
    official_two = await people.as_("authority-official-two")
    assert (await official_two.read(f"/authority/recommendations/{made['id']}"))["is_overdue"] is True


async def test_an_authority_sees_what_was_sent_to_it_and_nothing_before(people: People) -> None:
    official, staff, head = await people.as_("authority-official"), await people.as_("staff"), await people.as_("head")
    path = f"/npm/recommendations/{(draft := await drafted(people))['id']}"
    await staff.done(path, "submit")
    await head.done(path, "approve")
    before = await official.get(f"/authority/recommendations/{draft['id']}")

    await head.done(path, "transmit")

    shown = await official.read(f"/authority/recommendations/{draft['id']}")
    assert before.status_code == 404
    assert set(shown) == {
        "id", "code", "text", "rationale", "expected_result", "scope", "theme", "more_themes", "priority", "horizon", "kind",
        "state", "transmitted_on", "published_on", "implementation_due", "withdrawal_reason", "role", "response_state",
        "asked_parts", "requested_on", "due_on", "deadline", "is_overdue", "answered_on", "clarifications",
    }  # fmt: skip
    assert set((await official.read("/authority/recommendations"))["items"][0]) == {
        "id", "code", "text", "state", "theme", "priority", "role", "response_state", "transmitted_on", "due_on", "is_overdue",
    }  # fmt: skip


async def test_another_authority_gets_what_an_absent_one_gets(people: People) -> None:
    made = await sent(people, addressees=[{"authority_id": AUTHORITY_A}])
    official_two = await people.as_("authority-official-two")

    answers = [
        await official_two.get(f"/authority/recommendations/{which}{more}")
        for more in ("", "/responses", "/extension-requests/6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa")
        for which in (made["id"], "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa")
    ]
    refused = await official_two.post(f"/authority/recommendations/{made['id']}/responses", {"position": "accepted"})

    bodies = [{name: value for name, value in answer.json().items() if name != "instance"} for answer in answers]
    assert {answer.status_code for answer in answers} == {404}
    assert all(body == bodies[0] for body in bodies)
    assert refused.status_code == 404
    assert (await official_two.read("/authority/recommendations"))["items"] == []


async def test_the_public_sees_it_once_it_is_published(people: People) -> None:
    anybody, head = people.stranger(), await people.as_("head")
    made = await sent(people)
    before = await anybody.get(f"/public/recommendations/{made['id']}")

    await head.done(f"/npm/recommendations/{made['id']}", "publish", next_follow_up_on=soon(made))

    shown = await anybody.read(f"/public/recommendations/{made['id']}")
    assert before.status_code == 404
    assert set(shown) == {
        "id", "code", "text", "scope", "theme", "more_themes", "kind", "addressees", "state", "implementation_status",
        "transmitted_on", "published_on", "closed_on", "answers",
    }  # fmt: skip
    assert [each["name"] for each in shown["addressees"]] == ["Prison Service", "Police Directorate"]
    assert len((await anybody.read("/public/recommendations?theme=medical_screening_at_entry"))["items"]) == 1


@pytest.mark.requirement("R-R24")
async def test_follow_up_always_has_a_next_date_that_is_near(people: People) -> None:
    head, made = await people.as_("head"), await sent(people)
    path = f"/npm/recommendations/{made['id']}"

    without = await head.act(path, "publish")
    too_far = await head.act(path, "publish", next_follow_up_on="2036-01-01")

    assert (without.status_code, too_far.status_code) == (409, 409)


async def test_a_recommendation_is_published_with_its_report(people: People, tell: Tell) -> None:
    report = "0d2c0f39-58a1-4c39-97c5-0a5d3fb4c0aa"
    made = await sent(people, report_id=report)

    await tell(
        "visits.report.published", report, code="V-2026-0001", title="Visit to North", kind="visit", place_ids=[]
    )

    shown = await (await people.as_("staff")).read(f"/npm/recommendations/{made['id']}")
    assert (shown["state"], shown["report"]["name"]) == ("in_follow_up", "Visit to North")
    assert (await people.stranger().get(f"/public/recommendations/{made['id']}")).status_code == 200


@pytest.mark.requirement("R-R27")
async def test_complaints_contradict_a_claim_and_change_no_status(people: People, tell: Tell) -> None:
    staff, made = await people.as_("staff"), await published(people)
    await answered(people, made, claimed_status="implemented")

    await tell(
        "complaints.non_implementation_signal.recomputed",
        made["id"],
        level="strong",
        count_band="3-9",
        as_of="2026-11-01",
    )

    shown = await staff.read(f"/npm/recommendations/{made['id']}")
    assert shown["signal"] == {"level": "strong", "count_band": "3-9", "as_of": "2026-11-01", "is_contradicted": True}
    assert shown["is_assessment_due"] is True
    assert shown["implementation"]["status"] is None
    assert [each["trigger"] for each in shown["assessments"]] == ["non_implementation_signal"]
    assert len((await staff.read("/npm/recommendations?is_contradicted=true"))["items"]) == 1


async def test_a_visit_to_the_place_says_that_it_is_time_to_look(people: People, tell: Tell) -> None:
    place = "a3f1d0f0-4b0e-4b43-8d9c-6a2f6a6e0b11"
    made = await published(people, scope={"kind": "place", "place_ids": [place]})

    await tell("visits.visit.completed", "5b1f0c52-5b52-4a55-b0aa-6a5bb7a2c0de", code="V-1", place_ids=[place])

    shown = await (await people.as_("staff")).read(f"/npm/recommendations/{made['id']}")
    assert [each["trigger"] for each in shown["assessments"]] == ["visit_completed"]


@pytest.mark.usefixtures("experts")
async def test_an_expert_of_the_visit_comments_on_the_draft_and_no_other_expert_sees_it(
    people: People, tell: Tell
) -> None:
    visit = "5b1f0c52-5b52-4a55-b0aa-6a5bb7a2c0de"
    expert, other = await people.as_("expert"), await people.as_("expert-two")
    await tell("visits.visit.readied", visit, visit_id=visit, expert_ids=["7bf4b43d-3c15-4834-899c-51a69f732f60"])
    draft = await drafted(people, visit_id=visit)
    path = f"/expert/recommendations/{draft['id']}"

    comment = await expert.made(f"{path}/comments", {"text": "Say who does the screening."})

    assert set(await expert.read(path)) == {
        "id", "code", "text", "rationale", "expected_result", "scope", "theme", "more_themes", "priority", "horizon", "kind",
        "state", "visit_id", "transmitted_on", "published_on", "addressees", "comments",
    }  # fmt: skip
    assert (await other.get(path)).status_code == 404
    assert (await other.post(f"{path}/comments", {"text": "Me too."})).status_code == 404
    shown: dict[str, Any] = await (await people.as_("staff")).read(f"/npm/recommendations/{draft['id']}")
    assert [each["id"] for each in shown["comments"]] == [comment["id"]]
    assert shown["text"] == draft["text"]


async def test_other_doors_stay_shut(people: People) -> None:
    official, expert = await people.as_("authority-official"), await people.as_("expert")
    keeper = await people.as_("vault-keeper")

    for path in ("recommendations", "responses", "escalations", "escalations/suggestions", "dashboards/implementation"):
        assert (await official.get(f"/npm/{path}")).status_code == 403
        assert (await expert.get(f"/npm/{path}")).status_code == 403
        assert (await keeper.get(f"/npm/{path}")).status_code == 403


async def test_the_name_of_a_place_arrives_from_the_register_by_itself(people: People) -> None:
    staff = await people.as_("staff")
    place = await staff.made("/npm/places", {"name": "North Remand Prison", "place_type": "remand_prison"})
    draft = await drafted(people, scope={"kind": "place", "place_ids": [place["id"]]})

    async def named() -> bool:
        shown = await staff.read(f"/npm/recommendations/{draft['id']}")
        return bool(shown["scope"]["places"] == [{"id": place["id"], "name": "North Remand Prison"}])

    assert await eventually(named)
