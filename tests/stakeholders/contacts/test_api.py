"""The people of institutions through the gateway."""

from typing import Any

import pytest

from gateway.development import AUTHORITY_A
from tests.people import People
from tests.stakeholders.made import with_institutions

pytestmark = pytest.mark.usefixtures("empty")

PATH = f"/npm/authorities/{AUTHORITY_A}/contacts"
FOCAL_POINT = {
    "name": "Iris Lund",
    "post": "Legal adviser",
    "designations": [{"kind": "focal_point", "since": "2025-01-01"}],
}


async def registered(people: People, **changes: Any) -> dict[str, Any]:
    staff = await people.as_("staff")
    return await staff.made(PATH, {**FOCAL_POINT, **changes})


@pytest.mark.requirement("R-S07")
async def test_an_institution_has_one_focal_point_at_a_time(people: People) -> None:
    await with_institutions(people)
    staff = await people.as_("staff")
    await registered(people)

    second = await staff.post(PATH, {**FOCAL_POINT, "name": "Otto Berg"})
    alternate = await staff.post(
        PATH, {"name": "Otto Berg", "designations": [{"kind": "alternate", "since": "2025-01-01"}]}
    )

    assert (second.status_code, second.json()["errors"][0]["code"]) == (409, "another_focal_point")
    assert alternate.status_code == 201
    points = await staff.read(f"/npm/authorities/{AUTHORITY_A}/focal-points")
    assert [(each["name"], each["kind"]) for each in points["items"]] == [
        ("Iris Lund", "focal_point"),
        ("Otto Berg", "alternate"),
    ]


async def test_a_designation_is_ended_and_never_taken_away(people: People) -> None:
    await with_institutions(people)
    staff = await people.as_("staff")
    path = f"{PATH}/{(await registered(people))['id']}"

    dropped = await staff.patch(path, {"designations": []})
    ended = await staff.patch(
        path, {"designations": [{"kind": "focal_point", "since": "2025-01-01", "until": "2025-06-30"}]}
    )

    assert (dropped.status_code, ended.status_code) == (409, 200)
    assert (await staff.read(f"/npm/authorities/{AUTHORITY_A}/focal-points"))["items"] == []
    assert (
        await staff.post(
            PATH, {**FOCAL_POINT, "name": "Otto Berg", "designations": [{"kind": "focal_point", "since": "2025-07-01"}]}
        )
    ).status_code == 201


async def test_contacts_of_nobody_are_not_found(people: People) -> None:
    staff = await people.as_("staff")

    statuses = [
        (await staff.get("/npm/authorities/6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa/contacts")).status_code,
        (await staff.post("/npm/authorities/6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa/contacts", FOCAL_POINT)).status_code,
    ]

    assert statuses == [404, 404]
