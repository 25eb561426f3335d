"""What institutions see of themselves, and what is absent from it."""

import pytest

from gateway.development import AUTHORITY_A
from tests.people import People
from tests.stakeholders.made import with_institutions

pytestmark = pytest.mark.usefixtures("empty")

SEEN = {"id", "kind", "name", "abbreviation", "category", "competence", "website", "contacts", "focal_points"}
PROPOSED = {
    "name": "Iris Lund",
    "post": "Legal adviser",
    "designations": [{"kind": "focal_point", "since": "2025-01-01"}],
}


async def test_an_authority_sees_its_own_entry_and_never_how_it_is_assessed(people: People) -> None:
    await with_institutions(people)
    member, official, other = [
        await people.as_(each) for each in ("member", "authority-official", "authority-official-two")
    ]
    await member.patch(
        f"/npm/authorities/{AUTHORITY_A}/mapping", {"influence": 4, "openness": 1, "strategy": "patience"}
    )
    await member.made(
        f"/npm/authorities/{AUTHORITY_A}/contacts",
        {"name": "Iris Lund", "notes": "helpful", "position_on_issue": "for"},
    )

    profile = await official.read("/authority/profile")

    assert set(profile) == SEEN
    assert set(profile["contacts"][0]) == {
        "id",
        "name",
        "post",
        "contact_level",
        "channels",
        "designations",
        "is_confirmed",
    }
    assert (profile["name"], (await other.read("/authority/profile"))["name"]) == (
        "Prison Service",
        "Ministry of Health",
    )
    assert (await other.read("/authority/profile"))["contacts"] == []


async def test_only_the_focal_point_proposes_contacts_and_the_npm_takes_them_over(people: People) -> None:
    await with_institutions(people)
    official, focal_point, staff = [await people.as_(each) for each in ("authority-official", "focal-point", "staff")]

    refused = await official.post("/authority/profile/contacts", PROPOSED)
    proposed = await focal_point.made("/authority/profile/contacts", PROPOSED)

    assert refused.status_code == 403
    assert (await focal_point.read("/authority/profile"))["focal_points"] == []
    path = f"/npm/authorities/{AUTHORITY_A}/contacts/{proposed['id']}"
    assert (await staff.patch(path, {"is_confirmed": True})).status_code == 200
    assert [each["name"] for each in (await focal_point.read("/authority/profile"))["focal_points"]] == ["Iris Lund"]


async def test_an_authority_that_is_not_in_the_directory_has_no_entry(people: People) -> None:
    focal_point = await people.as_("focal-point")

    assert (await focal_point.get("/authority/profile")).status_code == 404
    assert (await focal_point.post("/authority/profile/contacts", PROPOSED)).status_code == 404


async def test_a_partner_sees_its_own_entry_and_memorandum_alone(people: People) -> None:
    await with_institutions(people)
    partner, other = await people.as_("partner"), await people.as_("partner-two")

    profile, mou = await partner.read("/partner/profile"), await partner.read("/partner/mou")

    assert set(profile) == {"id", "kind", "name", "abbreviation", "competence", "website", "contacts"}
    assert set(mou) == {
        "id", "title", "purposes", "objectives", "modalities", "responsibilities", "limits", "confidentiality_clause", "status",
        "is_in_force", "from_on", "to_on", "signed_on",
    }  # fmt: skip
    assert mou["is_in_force"] is True
    assert [(await other.get(path)).status_code for path in ("/partner/profile", "/partner/mou")] == [404, 404]
