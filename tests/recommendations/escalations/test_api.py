"""Escalation through the gateway: the ladder suggests, people decide, a channel stays open."""

import pytest

from gateway.development import AUTHORITY_A, AUTHORITY_B
from tests.people import People
from tests.recommendations.conftest import answered, later, sent

pytestmark = pytest.mark.usefixtures("tell")

CHANNEL = {"id": "0f6a1f5e-31f6-4c0f-9a5c-7f7f7a4f2b10", "name": "Focal point"}


@pytest.mark.requirement("R-R33")
async def test_the_ladder_suggests_a_step_once_the_day_has_passed(people: People) -> None:
    staff, made = await people.as_("staff"), await sent(people)
    await answered(people, made)
    before = await staff.read("/npm/escalations/suggestions")

    await later(staff, "P40D")

    after = await staff.read("/npm/escalations/suggestions")
    assert before["items"] == []
    assert [(each["authority"]["name"], each["step"]) for each in after["items"]] == [
        ("Police Directorate", "technical_contact")
    ]
    assert after["items"][0]["recommendations"] == [{"id": made["id"], "name": made["code"]}]


@pytest.mark.requirement("R-R35")
async def test_no_step_is_taken_without_a_channel_that_stays_open(people: People) -> None:
    staff, made = await people.as_("staff"), await sent(people)
    await later(staff, "P40D")
    new = {"authority_id": AUTHORITY_B, "step": "technical_contact", "recommendation_ids": [made["id"]]}
    step = await staff.made("/npm/escalations", new)
    path = f"/npm/escalations/{step['id']}"

    refused = await staff.act(path, "accept")
    accepted = await staff.done(path, "accept", retained_channel=CHANNEL)

    assert refused.status_code == 409
    assert [error["detail"] for error in refused.json()["errors"]] == ["retained_channel_id"]
    assert (accepted["state"], accepted["retained_channel"]) == ("accepted", CHANNEL)
    assert (await staff.done(path, "carry_out"))["state"] == "carried_out"
    assert [each["authority"]["id"] for each in (await staff.read("/npm/escalations/suggestions"))["items"]] == []


async def test_a_step_for_one_recommendation_does_not_silence_the_ladder_for_another(people: People) -> None:
    staff, first, second = await people.as_("staff"), await sent(people), await sent(people)
    await later(staff, "P40D")
    new = {"authority_id": AUTHORITY_B, "step": "technical_contact", "recommendation_ids": [first["id"]]}

    await staff.made("/npm/escalations", new)

    suggested = (await staff.read("/npm/escalations/suggestions"))["items"]
    mine = [each for each in suggested if each["authority"]["id"] == AUTHORITY_B]
    assert [each["recommendations"] for each in mine] == [[{"id": second["id"], "name": second["code"]}]]


@pytest.mark.requirement("R-R34")
async def test_beyond_high_level_the_head_decides_and_a_public_step_is_checked_for_harm(people: People) -> None:
    staff, head, made = await people.as_("staff"), await people.as_("head"), await sent(people)
    new = {"authority_id": AUTHORITY_A, "step": "head_review", "path": "media", "recommendation_ids": [made["id"]]}
    too_early = await staff.post("/npm/escalations", new)
    step = await staff.made("/npm/escalations", {**new, "ground": "urgent_serious"})
    path = f"/npm/escalations/{step['id']}"
    await staff.done(path, "accept", retained_channel=CHANNEL)

    without_head = await staff.act(path, "carry_out")
    by_staff = await staff.act(path, "approve")
    unchecked = await head.act(path, "approve")
    await head.done(path, "approve", is_harm_checked=True)

    assert (too_early.status_code, without_head.status_code) == (409, 409)
    assert (by_staff.status_code, unchecked.status_code) == (403, 409)
    await staff.done(path, "carry_out")
    assert (await head.done(path, "end", outcome="A meeting with the minister."))["state"] == "ended"


async def test_a_rejection_without_a_word_goes_to_the_head(people: People) -> None:
    staff, made = await people.as_("staff"), await sent(people)

    await answered(people, made, position="rejected")

    suggested = (await staff.read("/npm/escalations/suggestions"))["items"]
    assert [(each["step"], each["needs_head"], each["reason"]) for each in suggested] == [
        ("head_review", True, "rejected without reasons")
    ]
