"""Complaints through the gateway: who works on one, who never sees it, and what each step asks for."""

from typing import Any

import pytest

from tests.complaints import cast
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")
OFFICER_TWO = "815fd7d8-9c09-4239-ad8d-35c350c6c690"
HEAD = "bbb77181-7301-4890-8fce-d2aa94075a60"
NEW = {
    "received_on": "2026-10-01",
    "channel": "mail",
    "source_role": "family",
    "kind": "treatment",
    "themes": ["use_of_force_and_weapons"],
}


async def recorded(people: People, **changes: Any) -> dict[str, Any]:
    """Let the officer record a complaint at a known place."""
    place = await cast.known_place(people)
    officer = await people.as_("complaints-officer")
    made = await officer.made("/npm/complaints", {**NEW, "place_id": place["id"], **changes})
    return await officer.read(f"/npm/complaints/{made['id']}")


async def classified(people: People, **changes: Any) -> str:
    """Take a complaint through acknowledgement, assessment and classification; gives its path."""
    complaint = await recorded(people, **changes)
    officer, path = await people.as_("complaints-officer"), f"/npm/complaints/{complaint['id']}"
    await cast.put_part(officer, path, "acknowledgement", {"sent_on": "2026-10-05"})
    await officer.done(path, "assess", position={"is_best_placed": True})
    filled = {
        "kind": "treatment",
        "themes": ["use_of_force_and_weapons"],
        "place_id": complaint["place"]["id"],
        "seriousness": "high",
        "urgency": "soon",
        "risk": {"risk": 2},
    }
    answer = await cast.put_part(officer, path, "classification", filled)
    assert answer.status_code == 200, answer.text
    await officer.done(path, "classify")
    return path


async def test_staff_may_record_a_complaint_and_never_read_it(people: People) -> None:
    staff, officer = await people.as_("staff"), await people.as_("complaints-officer")
    head = await people.as_("head")

    receipt = await staff.made("/npm/complaints", {**NEW, "persons": [cast.PERSON]})

    path = f"/npm/complaints/{receipt['id']}"
    assert set(receipt) == {"id", "ref"}
    assert (await staff.get(path)).status_code == 403
    assert (await officer.get(path)).status_code == 404
    assert (await head.read(path))["state"] == "received"


@pytest.mark.requirement("R-C14")
async def test_only_who_is_assigned_and_the_head_read_a_case(people: People) -> None:
    complaint = await recorded(people)
    path = f"/npm/complaints/{complaint['id']}"
    two, head = await people.as_("complaints-officer-two"), await people.as_("head")

    hidden, absent = await two.get(path), await two.get(f"/npm/complaints/{cast.NOWHERE}")

    assert hidden.status_code == absent.status_code == 404
    assert {**hidden.json(), "instance": ""} == {**absent.json(), "instance": ""}
    assert (await two.read("/npm/complaints"))["items"] == []
    assert (await head.read(path))["assignments"][0]["role"] == "handler"


async def test_a_handed_over_case_is_gone_for_who_had_it(people: People) -> None:
    complaint = await recorded(people)
    path = f"/npm/complaints/{complaint['id']}"
    deputy, two = await people.as_("deputy-head"), await people.as_("complaints-officer-two")

    answer = await cast.put(
        deputy, f"{path}/assignments", {"assignments": [{"person_id": OFFICER_TWO, "role": "handler"}]}
    )

    assert answer.status_code == 200, answer.text
    assert (await two.get(path)).status_code == 200
    assert (await (await people.as_("complaints-officer")).get(path)).status_code == 404
    assert (await deputy.get(path)).status_code == 403


@pytest.mark.parametrize("persona", ["head", "complaints-officer-two"])
async def test_a_person_complained_of_is_shut_out_whatever_their_role(people: People, persona: str) -> None:
    complaint = await recorded(people, against_person_ids=[HEAD, OFFICER_TWO], persons=[cast.PERSON])
    actor, deputy = await people.as_(persona, step_up=True), await people.as_("deputy-head")
    path = f"/npm/complaints/{complaint['id']}"

    assigned = await cast.put(
        deputy, f"{path}/assignments", {"assignments": [{"person_id": OFFICER_TWO, "role": "handler"}]}
    )
    record = f"/npm/person-records/{complaint['person_refs'][0]}/reveal"

    assert (assigned.status_code, assigned.json()["code"]) == (409, "complained_of")
    assert (await actor.get(path)).status_code == 404
    assert (await actor.get(f"{path}/narrative", headers=cast.PURPOSE)).status_code == 404
    assert (await actor.post(record, headers=cast.PURPOSE)).status_code == 404


@pytest.mark.requirement("R-C18")
async def test_a_complaint_is_assessed_only_when_receipt_is_dealt_with(people: People) -> None:
    complaint = await recorded(people)
    officer, path = await people.as_("complaints-officer"), f"/npm/complaints/{complaint['id']}"

    early = await officer.act(path, "assess", position={"is_best_placed": True})
    await cast.put_part(officer, path, "acknowledgement", {"is_unsafe": True})
    without = await officer.act(path, "assess")
    done = await officer.done(path, "assess", position={"is_best_placed": True})

    assert [error["code"] for error in early.json()["errors"]] == ["acknowledgement"]
    assert [error["code"] for error in without.json()["errors"]] == ["position_assessment"]
    assert (complaint["acknowledgement"]["due_on"] is not None, done["state"]) == (True, "assessed")


@pytest.mark.requirement("R-C21")
async def test_an_allegation_of_torture_is_critical(people: People) -> None:
    complaint = await recorded(people)
    officer, path = await people.as_("complaints-officer"), f"/npm/complaints/{complaint['id']}"
    told = {"kind": "treatment", "themes": ["torture_and_ill_treatment"], "seriousness": "medium"}

    answer = await cast.put_part(officer, path, "classification", told)

    assert [error["code"] for error in answer.json()["errors"]] == ["torture_is_critical"]


@pytest.mark.requirement("R-C26")
async def test_nothing_is_raised_with_management_without_consent(people: People) -> None:
    path = await classified(people)
    officer = await people.as_("complaints-officer")
    consent = {
        "state": "given",
        "purposes": ["raise_with_management"],
        "recipients": ["management"],
        "informed_points": ["use", "risks", "withdrawal"],
        "given_on": "2026-10-02",
    }
    given = await officer.made(f"{path}/consents", consent)
    action = {"kind": "raise_with_management", "consent_id": given["id"], "recipient": "management"}
    await officer.done(path, "decide_action", actions=[action])

    withdrawn = await officer.done(f"{path}/consents/{given['id']}", "withdraw")
    refused = await officer.act(path, "start_action")

    assert withdrawn["is_valid"] is False
    assert (refused.status_code, refused.json()["code"]) == (409, "not_covered")
    assert (await officer.read(path))["actions"][0]["effect_of_withdrawal"] == "cancelled"


async def test_a_complaint_goes_its_way_to_the_end(people: People) -> None:
    path = await classified(people)
    officer = await people.as_("complaints-officer")

    await officer.done(path, "decide_action", actions=[{"kind": "propose_ad_hoc_visit"}])
    await officer.done(path, "start_action")
    early = await officer.act(path, "close")
    await officer.done(path, "record_outcome", outcome={"kind": "improved", "on": "2026-11-01"})
    closed = await officer.done(path, "close", is_person_told_or_unsafe=True)

    assert early.status_code == 409
    assert (closed["state"], closed["allowed_actions"]) == ("closed", ["reopen", "take_up_again"])


async def test_a_consent_that_is_not_informed_is_refused(people: People) -> None:
    complaint = await recorded(people)
    officer = await people.as_("complaints-officer")
    told = {"state": "given", "purposes": ["refer"], "recipients": ["ombuds"], "given_on": "2026-10-02"}

    answer = await officer.post(f"/npm/complaints/{complaint['id']}/consents", told)

    assert answer.status_code == 422
    assert "informed of risks" in answer.text


async def test_an_authority_is_told_the_same_whatever_it_asks_for(people: People) -> None:
    complaint = await recorded(people)
    official = await people.as_("authority-official")

    answers = [
        await official.get(f"/npm/{path}")
        for path in (f"complaints/{complaint['id']}", "complaints", "silences", "complaint-statistics", "nothing")
    ]
    missing = await official.get("/authority/complaints")

    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.text.replace(answer.json()["instance"], "") for answer in answers}) == 1
    assert missing.status_code == 404
