"""The directory of institutions through the gateway."""

from typing import Any

import pytest

from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")

MINISTRY = {"name": "Ministry of Justice", "abbreviation": "MoJ", "category": "line_ministry"}


async def made(people: People, **changes: Any) -> dict[str, Any]:
    staff = await people.as_("staff")
    return await staff.made("/npm/authorities", {**MINISTRY, **changes})


def under(*above: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": each["id"], "relation": "reports to"} for each in above]


async def test_an_institution_has_several_parents_and_shows_their_names(people: People) -> None:
    justice, interior = await made(people), await made(people, name="Ministry of the Interior")

    service = await made(people, name="Prison Service", parents=under(justice, interior))

    assert [parent["name"] for parent in service["parents"]] == ["Ministry of Justice", "Ministry of the Interior"]
    staff = await people.as_("staff")
    below = await staff.read(f"/npm/authorities?parent_id={interior['id']}")
    assert [each["name"] for each in below["items"]] == ["Prison Service"]


async def test_parents_that_lead_back_are_refused(people: People) -> None:
    staff = await people.as_("staff")
    top = await made(people)
    middle = await made(people, name="Middle", parents=under(top))
    bottom = await made(people, name="Bottom", parents=under(middle))

    circle = await staff.patch(f"/npm/authorities/{top['id']}", {"parents": under(bottom)})
    itself = await staff.patch(f"/npm/authorities/{top['id']}", {"parents": under(top)})
    unknown = await staff.post(
        "/npm/authorities", {**MINISTRY, "parents": [{"id": "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa"}]}
    )

    assert [(answer.status_code, answer.json()["errors"][0]["code"]) for answer in (circle, itself)] == [
        (409, "cycle")
    ] * 2
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/parents/0/id")
    assert (await staff.read(f"/npm/authorities/{top['id']}"))["parents"] == []


async def test_a_former_name_is_kept_and_found(people: People) -> None:
    staff = await people.as_("staff")
    ministry = await made(people)

    answer = await staff.patch(f"/npm/authorities/{ministry['id']}", {"name": "Ministry of Rights"})

    assert [each["name"] for each in answer.json()["former_names"]] == ["Ministry of Justice"]
    found = await staff.read("/npm/authorities?q=justice")
    assert [each["name"] for each in found["items"]] == ["Ministry of Rights"]


async def test_a_closed_institution_names_its_successors(people: People) -> None:
    staff = await people.as_("staff")
    old, new = await made(people), await made(people, name="Ministry of Rights")

    closed = await staff.patch(
        f"/npm/authorities/{old['id']}", {"closed_on": "2026-01-31", "successor_ids": [new["id"]]}
    )

    assert closed.json()["closed_on"] == "2026-01-31"
    assert closed.json()["successors"] == [{"id": new["id"], "name": "Ministry of Rights"}]


@pytest.mark.requirement("R-S01")
async def test_a_department_stands_under_its_institution(people: People) -> None:
    staff = await people.as_("staff")
    ministry = await made(people)

    department = await staff.made(f"/npm/authorities/{ministry['id']}/departments", {"name": "Directorate of Prisons"})

    assert (department["kind"], department["parents"][0]["id"]) == ("department", ministry["id"])
    listed = await staff.read(f"/npm/authorities/{ministry['id']}/departments")
    assert [each["id"] for each in listed["items"]] == [department["id"]]


async def test_the_list_keeps_other_bodies_apart_until_they_are_asked_for(people: People) -> None:
    staff = await people.as_("staff")
    await made(people)
    await made(people, name="Prison Watch", kind="civil_society", category=None)

    usual = await staff.read("/npm/authorities")
    asked = await staff.read("/npm/authorities?kind=civil_society&kind=monitoring_body")

    assert [each["name"] for each in usual["items"]] == ["Ministry of Justice"]
    assert [each["name"] for each in asked["items"]] == ["Prison Watch"]


async def test_how_an_institution_is_assessed_is_not_in_the_directory(people: People) -> None:
    ministry = await made(people)

    assert set(ministry) == {
        "id", "kind", "name", "abbreviation", "former_names", "category", "level", "competence", "website", "parents",
        "founded_on", "closed_on", "successors", "origin", "imported_from", "import_note", "entries",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("persona", "status"),
    [("authority-official", 403), ("expert", 403), ("cso", 403), ("sysadmin", 403), ("complaints-officer", 200)],
)
async def test_the_directory_is_for_the_npm(people: People, persona: str, status: int) -> None:
    actor = await people.as_(persona)

    assert (await actor.get("/npm/authorities")).status_code == status
    assert (await actor.post("/npm/authorities", MINISTRY)).status_code == 403
