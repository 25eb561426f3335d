"""The stakeholder map through the gateway: figures, chart, picture."""

from datetime import date

import pytest

from gateway.development import AUTHORITY_A, AUTHORITY_B
from tests.people import People
from tests.stakeholders.made import with_institutions, with_secondee

pytestmark = pytest.mark.usefixtures("empty")


async def assessed(people: People) -> None:
    await with_institutions(people)
    member = await people.as_("member")
    for authority, influence, openness in ((AUTHORITY_A, 4, 2), (AUTHORITY_B, 4, 2)):
        answer = await member.patch(
            f"/npm/authorities/{authority}/mapping", {"influence": influence, "openness": openness}
        )
        assert answer.status_code == 200, answer.text


@pytest.mark.requirement("R-S03", "R-S09")
async def test_an_assessment_places_an_institution_and_is_due_again_in_six_months(people: People) -> None:
    await assessed(people)
    staff = await people.as_("staff")

    matrix = await staff.read("/npm/mapping/matrix")
    mapping = await staff.read(f"/npm/authorities/{AUTHORITY_A}/mapping")

    assert [(each["name"], each["quadrant"]) for each in matrix["items"]] == [
        ("Ministry of Health", "win_over"),
        ("Prison Service", "win_over"),
    ]
    assert matrix["missing_circles"] == ["staff", "other_institutions"]
    assert (
        181 <= (date.fromisoformat(mapping["next_review_on"]) - date.fromisoformat(mapping["reviewed_on"])).days <= 184
    )


async def test_the_picture_is_drawn_with_quadrants_and_names(people: People) -> None:
    await assessed(people)
    staff = await people.as_("staff")

    picture = await staff.get("/npm/mapping/matrix/picture")
    chart = await staff.read("/npm/mapping/matrix/chart")

    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert picture.text.startswith("<svg")
    assert all(
        word in picture.text for word in ("Prison Service", "Ministry of Health", "Win over", "Openness to dialogue")
    )
    assert chart["vega_lite"]["$schema"].startswith("https://vega.github.io/schema/vega-lite/")


async def test_an_empty_map_can_be_drawn(people: People) -> None:
    staff = await people.as_("staff")

    assert (await staff.get("/npm/mapping/matrix/picture")).status_code == 200


@pytest.mark.parametrize(
    ("persona", "reads", "writes"),
    [
        ("staff", 200, 403),
        ("secondee", 200, 403),
        ("complaints-officer", 403, 403),
        ("authority-official", 403, 403),
        ("expert", 403, 403),
    ],
)
async def test_who_sees_the_map_and_who_assesses(people: People, persona: str, reads: int, writes: int) -> None:
    await with_institutions(people)
    await with_secondee(people)
    actor = await people.as_(persona)
    path = f"/npm/authorities/{AUTHORITY_A}/mapping"

    answers = [await actor.get(each) for each in ("/npm/mapping/matrix", "/npm/mapping/matrix/picture", path)]

    assert {answer.status_code for answer in answers} == {reads}
    assert (await actor.patch(path, {"influence": 1}, headers={"If-Match": '"x"'})).status_code == writes
