"""Accreditations through the gateway: what the NPM asks, and all that the authority sees."""

import pytest

from gateway.development import AUTHORITY_A, AUTHORITY_B
from tests.people import People
from tests.stakeholders.made import EXPERT, LONG, with_experts

pytestmark = pytest.mark.usefixtures("empty")

ASKED = {"person_id": EXPERT, "authority_id": AUTHORITY_B, **LONG}


async def test_an_authority_sees_name_profession_and_dates_of_its_own_accreditations(people: People) -> None:
    await with_experts(people)
    at_a, at_b = await people.as_("authority-official"), await people.as_("authority-official-two")

    shown = (await at_a.read("/authority/accreditations"))["items"]

    assert [set(each) for each in shown] == [{"id", "name", "profession", "status", "from_on", "to_on"}] * 2
    assert {each["name"] for each in shown} == {"Asha Rao", "Ben Oduya"}
    assert (await at_b.read("/authority/accreditations"))["items"] == []


async def test_a_request_can_tell_an_authority_nothing_of_a_visit(people: People) -> None:
    await with_experts(people)
    staff = await people.as_("staff")

    answer = await staff.post("/npm/accreditations", {**ASKED, "visit_id": EXPERT})

    assert answer.status_code == 422


async def test_an_answer_on_paper_is_filed_and_a_refusal_says_why(people: People) -> None:
    await with_experts(people)
    staff = await people.as_("staff")
    path = f"/npm/accreditations/{(await staff.made('/npm/accreditations', ASKED))['id']}"

    unfiled = await staff.act(path, "grant")
    granted = await staff.done(path, "grant", document_reference="file 7")
    unexplained = await staff.act(path, "revoke")
    revoked = await staff.done(path, "revoke", reason="no longer wanted")

    assert [each.json()["errors"][0]["code"] for each in (unfiled, unexplained)] == ["document", "reason"]
    assert (granted["is_valid"], revoked["is_valid"], revoked["allowed_actions"]) == (True, False, [])
    at_b = await people.as_("authority-official-two")
    assert (await at_b.read("/authority/accreditations"))["items"] == []


async def test_a_lost_accreditation_ends_the_standing(people: People) -> None:
    await with_experts(people)
    staff = await people.as_("staff")
    held = (await staff.read(f"/npm/accreditations?person_id={EXPERT}"))["items"][0]

    await staff.done(f"/npm/accreditations/{held['id']}", "revoke", reason="taken away")

    assert (await staff.read(f"/npm/experts/{EXPERT}"))["standing"] == {
        "in_standing": False,
        "reasons": ["no_accreditation_today"],
    }
    assert held["authority"]["id"] == AUTHORITY_A
