"""Experts and drafts: asked by themselves, heard before approval, and shown no more than the draft."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from deploy.postgres.server import Server
from tests.people import People
from tests.visits.reports.arranged import (
    ANNEX,
    CELLS,
    EXPERT,
    PRISON_SERVICE,
    STAMPED,
    STAMPS,
    Ground,
    a_visit,
    drafted,
    submitted,
)

pytestmark = pytest.mark.usefixtures("standing_experts")

OTHER_EXPERT = "4f783539-a70f-495d-899d-7d6ea739f8a9"


@pytest_asyncio.fixture
async def ground(empty: None, cluster: Server, people: People) -> AsyncIterator[Ground]:
    """A visit that was carried out."""
    yield await a_visit(cluster, people)


@pytest.mark.requirement("R-V90")
async def test_the_expert_of_the_visit_is_asked_and_comments_on_the_draft(people: People, ground: Ground) -> None:
    report = await submitted(people, ground)
    expert, path = await people.as_("expert"), f"/expert/reports/{report['id']}"
    before = await expert.read(f"{path}/comments")

    given = await expert.made(f"{path}/comments", {"text": "The cells were colder than it says."})
    revised = await expert.patch(f"{path}/comments/{given['id']}", {"text": "Much colder."})

    assert [each["status"] for each in before["items"]] == ["invited"]
    assert "10 working days after" in before["items"][0]["due_explanation"]
    assert (given["status"], revised.json()["text"]) == ("given", "Much colder.")
    seen = await (await people.as_("staff")).read(f"/npm/reports/{report['id']}/comments")
    assert [(each["text"], each["person"]["id"]) for each in seen["items"]] == [("Much colder.", EXPERT)]


async def test_an_expert_reads_text_and_facts_and_neither_annex_nor_what_identifies_a_person(
    people: People, ground: Ground
) -> None:
    named = {"heading": "A case", "text": "The man in cell 4.", "holds_restricted": True}
    report = await submitted(people, ground, sections=[CELLS, named], annex=[ANNEX])

    shown = await (await people.as_("expert")).read(f"/expert/reports/{report['id']}")

    assert set(shown) == {
        "id", "code", "kind", "title", "status", "places", "sections", "fact_items", "comment_due_on",
        "comment_due_explanation",
    }  # fmt: skip
    assert [section["heading"] for section in shown["sections"]] == ["Cells"]
    assert [set(section) for section in shown["sections"]] == [{"id", "heading", "text"}]


async def test_before_the_invitation_and_for_another_expert_there_is_nothing(people: People, ground: Ground) -> None:
    report = await drafted(people, ground)
    path = f"/expert/reports/{report['id']}"
    early = await (await people.as_("expert")).get(path)
    await (await people.as_("staff")).done(f"/npm/reports/{report['id']}", "submit")
    other = await people.as_("expert-two")

    answers = [
        await other.get(path),
        await other.get(f"{path}/comments"),
        await other.post(f"{path}/comments", {"text": "x"}),
    ]

    assert early.status_code == 404
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (await other.read("/expert/reports"))["items"] == []


async def test_a_declined_invitation_lets_the_report_go_on(people: People, ground: Ground) -> None:
    report = await submitted(people, ground)
    expert, path = await people.as_("expert"), f"/expert/reports/{report['id']}"
    comment = (await expert.read(f"{path}/comments"))["items"][0]

    declined = await expert.done(f"{path}/comments/{comment['id']}", "decline")
    approved = await (await people.as_("head")).done(f"/npm/reports/{report['id']}", "approve")

    assert (declined["status"], approved["status"]) == ("declined", "approved")
    assert (await expert.get(path)).status_code == 404


async def test_only_experts_of_the_visit_are_asked_and_each_once(people: People, ground: Ground) -> None:
    report = await submitted(people, ground)
    staff, path = await people.as_("staff"), f"/npm/reports/{report['id']}/comments"

    stranger = await staff.post(path, {"person_id": OTHER_EXPERT})
    again = await staff.post(path, {"person_id": EXPERT})

    assert (stranger.status_code, again.status_code) == (422, 409)


async def test_a_comment_is_about_a_section_of_the_draft_or_the_whole(people: People, ground: Ground) -> None:
    report = await submitted(people, ground)
    expert, path = await people.as_("expert"), f"/expert/reports/{report['id']}/comments"

    wrong = await expert.post(path, {"text": "x", "kind": "section", "section_id": ground.place_id})
    right = await expert.made(path, {"text": "x", "kind": "section", "section_id": report["sections"][0]["id"]})

    assert wrong.status_code == 422
    assert (right["kind"], right["section_id"]) == ("section", report["sections"][0]["id"])


async def test_a_withdrawn_invitation_closes_the_door(people: People, ground: Ground) -> None:
    report = await submitted(people, ground)
    staff, path = await people.as_("staff"), f"/npm/reports/{report['id']}/comments"
    comment = (await staff.read(path))["items"][0]

    await staff.done(f"{path}/{comment['id']}", "withdraw", reason="The assignment ended.")

    expert = await people.as_("expert")
    answers = [await expert.get(f"/expert/reports/{report['id']}{tail}") for tail in ("", "/comments")]
    assert [answer.status_code for answer in answers] == [404, 404]


async def test_others_have_no_door_to_the_experts_drafts(people: People, ground: Ground) -> None:
    report = await submitted(people, ground)

    answers = [
        await (await people.as_(each)).get(f"/expert/reports/{report['id']}")
        for each in ("staff", "authority-official")
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


async def test_an_expert_with_a_conflict_about_the_place_does_not_read_its_draft(
    people: People, ground: Ground, cluster: Server
) -> None:
    report = await submitted(people, ground)
    expert, path = await people.as_("expert"), f"/expert/reports/{report['id']}"
    before = await expert.get(path)
    await on_record(cluster, "place", ground.place_id)

    after = [await expert.get(path), await expert.post(f"{path}/comments", {"text": "x"})]

    assert before.status_code == 200
    assert [answer.status_code for answer in after] == [404, 404]


async def on_record(cluster: Server, kind: str, target: str) -> None:
    """Keep a conflict of the expert's, as it comes from stakeholders."""
    connection = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    try:
        await connection.execute(
            f"INSERT INTO known_conflict (id, person_id, target_kind, target_id, effect, is_decided, is_over, shuts_out, {STAMPED}) "
            f"VALUES (gen_random_uuid(), $1, $2, $3, 'exclude_place', true, false, true, {STAMPS})",
            EXPERT, kind, target,
        )  # fmt: skip
    finally:
        await connection.close()


async def about_no_visit(people: People, ground: Ground) -> dict[str, Any]:
    """Draft a report about a place that is about no visit."""
    whole = {"kind": "thematic", "visit_ids": [], "place_ids": [ground.place_id], "finding_ids": []}
    return await drafted(people, ground, **whole)


@pytest.mark.requirement("R-G08", "R-V59")
@pytest.mark.parametrize("kind", ["place", "authority"])
async def test_nobody_with_a_conflict_is_asked_about_a_report_on_no_visit(
    people: People, ground: Ground, cluster: Server, kind: str
) -> None:
    report, staff = await about_no_visit(people, ground), await people.as_("staff")
    await on_record(cluster, kind, ground.place_id if kind == "place" else PRISON_SERVICE)

    refused = await staff.post(f"/npm/reports/{report['id']}/comments", {"person_id": EXPERT})
    other = await staff.post(f"/npm/reports/{report['id']}/comments", {"person_id": OTHER_EXPERT})

    assert refused.status_code == 422
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [("/person_id", "conflict")]
    assert other.status_code == 201


@pytest.mark.requirement("R-G08")
@pytest.mark.parametrize("kind", ["place", "authority", "person"])
async def test_a_conflict_that_comes_later_hides_the_draft_and_the_own_comment(
    people: People, ground: Ground, cluster: Server, kind: str
) -> None:
    report, expert = await about_no_visit(people, ground), await people.as_("expert")
    await (await people.as_("staff")).made(f"/npm/reports/{report['id']}/comments", {"person_id": EXPERT})
    path = f"/expert/reports/{report['id']}"
    given = await expert.made(f"{path}/comments", {"text": "Colder than it says."})
    own = f"{path}/comments/{given['id']}"
    before = [(await expert.get(each)).status_code for each in (path, own)]

    await on_record(cluster, kind, PRISON_SERVICE if kind == "authority" else ground.place_id)

    after = [(await expert.get(each)).status_code for each in (path, own)]
    listed = (await expert.read("/expert/reports"))["items"]
    assert before == [200, 200]
    # a tie to a person says nothing of a place
    assert after == ([200, 200] if kind == "person" else [404, 404])
    assert bool(listed) == (kind == "person")
