"""The NPM's own people through the gateway."""

import pytest

from gateway.development import AUTHORITY_A
from tests.people import People
from tests.stakeholders.made import EXPERT, with_experts, with_institutions

pytestmark = pytest.mark.usefixtures("empty")

SECONDEE = {"kind": "secondee", "name": "Sam Lee", "secondment": {"origin_id": AUTHORITY_A}}


async def test_a_seconded_official_is_entered_with_the_origin(people: People) -> None:
    await with_institutions(people)
    head = await people.as_("head")

    without = await head.post("/npm/persons", {"kind": "secondee", "name": "Sam Lee"})
    person = await head.made("/npm/persons", SECONDEE)

    assert (without.status_code, without.json()["errors"][0]["code"]) == (422, "secondment_missing")
    assert person["secondment"]["origin"] == {"id": AUTHORITY_A, "name": "Prison Service"}
    assert [each["origin_authority"]["id"] for each in (await head.read("/npm/persons?kind=secondee"))["items"]] == [
        AUTHORITY_A
    ]


async def test_experts_are_no_persons_of_the_institution(people: People) -> None:
    await with_experts(people)
    head = await people.as_("head")

    assert (await head.get(f"/npm/persons/{EXPERT}")).status_code == 404
    assert (await head.read("/npm/persons"))["items"] == []
    assert (await head.post("/npm/persons", {"kind": "expert", "name": "X"})).status_code == 422


@pytest.mark.parametrize("persona", ["staff", "member", "secondee", "expert", "authority-official", "sysadmin"])
async def test_only_the_head_keeps_persons(people: People, persona: str) -> None:
    actor = await people.as_(persona)

    assert {
        (await actor.get("/npm/persons")).status_code,
        (await actor.post("/npm/persons", SECONDEE)).status_code,
    } == {403}
