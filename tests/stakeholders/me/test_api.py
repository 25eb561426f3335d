"""Who is calling, for every class."""

import pytest

from gateway.development import AUTHORITY_A, PARTNER_ONE
from tests.people import People
from tests.stakeholders.made import EXPERT, HEAD, with_experts, with_members

pytestmark = pytest.mark.usefixtures("empty")

INSTITUTION = "0a8d0d5d-23b8-42ec-af59-2333f37157fd"
KEYS = {
    "subject",
    "audience_class",
    "roles",
    "scopes",
    "institution_id",
    "person",
    "organisation",
    "department",
    "is_stepped_up",
}


async def test_everybody_hears_who_they_are(people: People) -> None:
    await with_experts(people)
    await with_members(people)

    head = await (await people.as_("head", step_up=True)).read("/npm/me")
    official = await (await people.as_("authority-official")).read("/authority/me")
    partner = await (await people.as_("partner")).read("/partner/me")
    expert = await (await people.as_("expert")).read("/expert/me")

    assert set(head) == set(official) == set(partner) == KEYS
    assert {each["institution_id"] for each in (head, official, partner, expert)} == {INSTITUTION}
    assert (head["person"], head["is_stepped_up"]) == ({"id": HEAD, "name": "Head of the NPM"}, True)
    assert official["organisation"] == {"id": AUTHORITY_A, "name": "Prison Service"}
    assert partner["organisation"] == {"id": PARTNER_ONE, "name": "Ombudsperson"}
    assert set(expert) == (KEYS - {"organisation", "department"}) | {"expert_id", "standing"}
    assert (expert["person"]["id"], expert["standing"]["in_standing"]) == (EXPERT, True)


async def test_who_is_not_in_the_directory_yet_still_hears_who_they_are(people: People) -> None:
    staff = await (await people.as_("staff")).read("/npm/me")
    expert = await (await people.as_("expert")).read("/expert/me")

    assert (staff["roles"], staff["person"]) == (["staff"], None)
    assert expert["standing"] == {"in_standing": False, "reasons": ["no_engagement"]}
