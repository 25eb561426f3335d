"""Referrals through the gateway: what a partner may send and see, and what the NPM makes of it."""

import asyncio
import json
from typing import Any

import pytest

from shared.settings import Settings
from tests.complaints import cast
from tests.complaints.cast import SHOWN_TO_PARTNER, submission
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")
PATH = "/partner/complaint-referrals"


@pytest.mark.requirement("R-C05")
async def test_a_partner_sees_the_status_and_nothing_of_what_it_sent(people: People) -> None:
    place = await cast.known_place(people)
    await cast.agreed_profile(people)
    partner = await people.as_("partner")

    shown = await partner.made(PATH, submission())

    assert set(shown) == SHOWN_TO_PARTNER
    assert (shown["status"], shown["place"]["id"]) == ("received", place["id"])
    assert shown["matching"] == {"place": "resolved", "themes": "resolved"}
    assert (await partner.read(f"{PATH}/OMB-2026-004711")) == shown
    assert (await partner.read(PATH))["items"] == [shown]


async def test_what_cannot_be_told_waits_and_is_never_guessed(people: People) -> None:
    await cast.known_place(people)
    await cast.known_place(people)
    partner = await people.as_("partner")

    shown = await partner.made(PATH, submission())

    assert (shown["status"], shown["place"]) == ("received", None)
    assert shown["matching"] == {"place": "queued", "themes": "queued"}
    assert (await cast.referral_of(people, "OMB-2026-004711"))["state"] == "needs_mapping"


async def test_one_mapping_serves_all_that_wait_and_all_that_come(people: People) -> None:
    place = await cast.known_place(people, name="South Prison")
    partner, officer = await people.as_("partner"), await people.as_("complaints-officer")
    for number in range(3):
        await partner.made(PATH, submission(f"OMB-{number}", place={"code": "NRP-02"}))
    first = await cast.referral_of(people, "OMB-0")

    mapping = {"place_id": place["id"], "themes": [{"code": "34A", "theme": "use_of_force_and_weapons"}]}
    mapped = await officer.done(f"/npm/complaint-referrals/{first['id']}", "map", **mapping)
    later = await partner.made(PATH, submission("OMB-9", place={"code": "NRP-02"}))

    assert (mapped["state"], mapped["themes"]) == ("received", ["use_of_force_and_weapons"])
    assert later["matching"] == {"place": "resolved", "themes": "resolved"}
    assert (await officer.read("/npm/complaint-referrals?state=needs_mapping&count=exact"))["count"] == 0
    profile = (await officer.read("/npm/partner-profiles"))["items"][0]
    assert (await officer.read(f"/npm/partner-profiles/{profile['id']}"))["unmapped"] == []


async def test_a_changed_profile_looks_anew_at_what_waits(people: People) -> None:
    await cast.known_place(people)
    partner, officer = await people.as_("partner"), await people.as_("complaints-officer")
    await partner.made(PATH, submission())
    profile = await cast.agreed_profile(people, theme_map=[])
    assert profile["unmapped"] == [{"code": "34A", "waiting": 1}]

    lines = [{"code": "34A", "label": "", "theme": "use_of_force_and_weapons"}]
    await officer.patch(f"/npm/partner-profiles/{profile['id']}", {"theme_map": lines})

    assert (await cast.referral_of(people, "OMB-2026-004711"))["state"] == "received"


async def test_the_same_key_sends_once_and_the_same_id_is_refused(people: People) -> None:
    partner = await people.as_("partner")
    headers = {"Idempotency-Key": "submission-4711"}

    answers = await asyncio.gather(*(partner.post(PATH, submission(), headers=headers) for _ in range(5)))
    again = await partner.post(PATH, submission(), headers=headers)
    other_key = await partner.post(PATH, submission())

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert (other_key.status_code, other_key.json()["code"]) == (409, "external_id_exists")
    assert (await partner.read(f"{PATH}?count=exact"))["count"] == 1


async def test_a_put_creates_repeats_and_changes_with_the_version_only(people: People) -> None:
    partner = await people.as_("partner")
    path = f"{PATH}/OMB-2026-004711"

    created = await cast.put(partner, path, submission(), with_tag=False)
    same = await cast.put(partner, path, submission(), with_tag=False)
    blind = await cast.put(partner, path, submission(kind="conditions"), with_tag=False)
    changed = await cast.put(partner, path, submission(kind="conditions"))
    misnamed = await cast.put(partner, path, submission("OTHER"))

    assert [each.status_code for each in (created, same, blind, changed, misnamed)] == [201, 200, 428, 200, 422]
    assert (await cast.referral_of(people, "OMB-2026-004711"))["kind"] == "conditions"
    assert (await partner.read(f"{PATH}?count=exact"))["count"] == 1


async def test_once_accepted_only_the_other_body_and_a_withdrawal_may_change(people: People) -> None:
    await cast.known_place(people)
    await cast.agreed_profile(people)
    await cast.accepted(people)
    partner = await people.as_("partner")
    path = f"{PATH}/OMB-2026-004711"

    refused = await cast.put(partner, path, submission(kind="conditions"))
    taken = await cast.put(partner, path, submission(other_body={"status": "open", "due_on": "2026-03-21"}))

    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")
    assert (taken.status_code, taken.json()["status"]) == (200, "accepted")
    assert (await cast.referral_of(people, "OMB-2026-004711"))["is_other_body_overdue"] is True


@pytest.mark.requirement("R-C25")
async def test_a_withdrawal_takes_the_consent_back(people: People, settings: Settings) -> None:
    await cast.known_place(people)
    await cast.agreed_profile(people)
    complaint = await cast.accepted(people)
    partner, officer = await people.as_("partner"), await people.as_("complaints-officer")

    sent = submission(consent={"state": "withdrawn"}, persons=[])
    taken = await cast.put(partner, f"{PATH}/OMB-2026-004711", sent)

    assert taken.status_code == 200, taken.text
    consents = (await officer.read(f"/npm/complaints/{complaint['id']}/consents"))["items"]
    assert [(each["state"], each["is_valid"]) for each in consents] == [("withdrawn", False)]
    ledger = (settings.secrets / "complaints" / "ledger.jsonl").read_text()
    assert complaint["id"] in ledger


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "person without consent": ({"consent": {"state": "refused"}}, "/persons"),
    "consent without a person": ({"persons": []}, "/persons"),
    "consent that does not name us": ({"consent": {**cast.GIVEN, "recipients": ["press"]}}, "/consent/recipients"),
    "two ways to name a place": ({"place": {"code": "A", "name": "B", "region": "C"}}, "/place"),
    "half a name": ({"place": {"name": "B"}}, "/place"),
    "no place at all": ({"place": None}, "/place"),
    "withdrawn at once": ({"consent": {"state": "withdrawn"}, "persons": []}, "/consent/state"),
    "an upload that is not there": (
        {"attachments": [{"upload_id": cast.NOWHERE, "kind": "letter", "sha256": "0" * 64}]},
        "/attachments/0/upload_id",
    ),
}


@pytest.mark.parametrize("name", BAD)
async def test_what_does_not_fit_together_is_refused_with_its_place(people: People, name: str) -> None:
    changes, pointer = BAD[name]
    partner = await people.as_("partner")

    answer = await partner.post(PATH, submission(**changes))

    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]], answer.text
    assert cast.SECRETS["name"] not in answer.text
    assert (await partner.read(f"{PATH}?count=exact"))["count"] == 0


async def test_another_partners_referral_answers_as_an_absent_one(people: People) -> None:
    partner, other = await people.as_("partner"), await people.as_("partner-two")
    await partner.made(PATH, submission())

    answers = [await other.get(f"{PATH}/{which}") for which in ("OMB-2026-004711", "OMB-NOTHING")]
    own = await cast.put(other, f"{PATH}/OMB-2026-004711", submission(), with_tag=False)

    bodies = [{key: value for key, value in each.json().items() if key != "instance"} for each in answers]
    assert bodies[0] == bodies[1]
    assert [each.status_code for each in answers] == [404, 404]
    assert own.status_code == 201
    assert (await partner.read(f"{PATH}?count=exact"))["count"] == 1


async def test_nobody_else_has_a_door_here(people: People) -> None:
    for persona in ("authority-official", "expert"):
        actor = await people.as_(persona)
        for path in (PATH, f"/npm/complaint-referrals/{cast.NOWHERE}", "/npm/complaints", "/npm/patterns"):
            assert (await actor.get(path)).status_code == 403
    for persona in ("staff", "cso", "vault-keeper", "data-protection-officer"):
        actor = await people.as_(persona)
        assert (await actor.get(PATH if persona == "cso" else "/npm/complaint-referrals")).status_code == 403


async def test_a_question_is_answered_and_a_referral_taken_back(people: People) -> None:
    await cast.known_place(people)
    await cast.agreed_profile(people)
    partner, officer = await people.as_("partner"), await people.as_("complaints-officer")
    await partner.made(PATH, submission())
    referral = await cast.referral_of(people, "OMB-2026-004711")
    await officer.done(f"/npm/complaint-referrals/{referral['id']}", "request_clarification", question="Which wing?")
    asked = await partner.read(f"{PATH}/OMB-2026-004711")

    answered = await partner.done(f"{PATH}/OMB-2026-004711", "clarify", text="The east wing")
    taken_back = await partner.done(f"{PATH}/OMB-2026-004711", "withdraw", text="Sent twice")

    assert (asked["status"], asked["question"]) == ("clarification_requested", "Which wing?")
    assert asked["allowed_actions"] == ["clarify", "withdraw"]
    assert (answered["status"], answered["question"]) == ("received", None)
    assert (taken_back["status"], taken_back["allowed_actions"]) == ("withdrawn", [])


async def test_bulk_lines_are_taken_reported_and_safe_to_repeat(people: People) -> None:
    partner = await people.as_("partner")
    sent = [submission("B-1"), submission("B-2"), submission("B-3", consent={"state": "refused"})]
    lines = "\n".join([*(json.dumps(each) for each in sent), "{"])
    headers = {"Content-Type": "application/jsonl"}

    first = await partner.send("POST", f"{PATH}/bulk", content=lines, headers=headers)
    second = await partner.send("POST", f"{PATH}/bulk", content=lines, headers=headers)

    assert first.status_code == 200, first.text
    assert (first.json()["created"], first.json()["unchanged"]) == (2, 0)
    assert (second.json()["created"], second.json()["unchanged"]) == (0, 2)
    assert {problem["line"] for problem in first.json()["problems"]} == {3, 4}


async def test_a_declined_referral_says_why_with_a_code(people: People) -> None:
    partner, officer = await people.as_("partner"), await people.as_("complaints-officer")
    await partner.made(PATH, submission())
    referral = await cast.referral_of(people, "OMB-2026-004711")

    await officer.done(f"/npm/complaint-referrals/{referral['id']}", "decline", decline_reason="outside_mandate")

    shown = await partner.read(f"{PATH}/OMB-2026-004711")
    assert (shown["status"], shown["decline_reason"]) == ("declined", "outside_mandate")
