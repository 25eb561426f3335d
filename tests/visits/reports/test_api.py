"""Reports through the gateway: the way from draft to publication, its guards, and what the public gets."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from deploy.postgres.server import Server
from tests.people import People
from tests.stakeholders.made import with_secondee
from tests.visits.reports.arranged import (
    PRISON_SERVICE,
    PUBLICATION,
    Ground,
    a_visit,
    commented,
    drafted,
    shared,
    submitted,
    transmitted,
)

pytestmark = pytest.mark.usefixtures("standing_experts")


@pytest_asyncio.fixture
async def ground(empty: None, cluster: Server, people: People) -> AsyncIterator[Ground]:
    """A visit that was carried out."""
    yield await a_visit(cluster, people)


def codes(answer: Any) -> list[str]:
    """Give the codes of what is missing."""
    return [error["code"] for error in answer.json()["errors"]]


async def test_a_report_speaks_of_the_places_of_its_visits_and_names_what_it_refers_to(
    people: People, ground: Ground
) -> None:
    report = await drafted(people, ground)

    assert [place["name"] for place in report["places"]] == ["North Prison"]
    assert [visit["name"] for visit in report["visits"]] == ["V-1"]
    assert [finding["name"] for finding in report["findings"]] == ["F-1"]
    assert report["status"] == "drafting"
    assert report["allowed_actions"] == ["submit"]


@pytest.mark.requirement("R-V92")
async def test_an_empty_draft_is_told_everything_that_it_lacks(people: People, ground: Ground) -> None:
    report = await drafted(people, ground, sections=[], fact_items=[], finding_ids=[])

    refused = await (await people.as_("staff")).act(f"/npm/reports/{report['id']}", "submit")

    assert refused.status_code == 409
    assert codes(refused) == ["sections", "findings", "fact_items"]


async def test_only_who_drafts_submits(people: People, ground: Ground) -> None:
    report = await drafted(people, ground)

    refused = await (await people.as_("member")).act(f"/npm/reports/{report['id']}", "submit")

    assert refused.status_code == 403


async def test_staff_without_a_role_in_the_visit_sees_no_draft(people: People, ground: Ground) -> None:
    report = await drafted(people, ground)
    secondee, absent = await people.as_("secondee"), "3c0ffee0-0000-4000-8000-000000000001"
    await with_secondee(people)

    answers = [await secondee.get(f"/npm/reports/{each}") for each in (report["id"], absent)]
    refused = await secondee.post("/npm/reports", {"kind": "visit", "title": "Mine", "visit_ids": [ground.visit_id]})

    assert [answer.status_code for answer in answers] == [404, 404]
    assert (await secondee.read("/npm/reports"))["items"] == []
    assert refused.status_code == 403


async def test_a_text_that_identifies_a_person_is_not_cleared(people: People, ground: Ground) -> None:
    named = {"heading": "A case", "text": "The man in cell 4.", "holds_restricted": True}
    report = await commented(people, ground, sections=[named])

    refused = await (await people.as_("head")).act(f"/npm/reports/{report['id']}", "clear")

    assert (refused.status_code, codes(refused)) == (409, ["restricted_content"])


@pytest.mark.requirement("R-V91")
async def test_nothing_is_approved_before_the_expert_could_comment(people: People, ground: Ground) -> None:
    report = await submitted(people, ground)
    head, path = await people.as_("head"), f"/npm/reports/{report['id']}"

    early = await head.act(path, "approve")
    await (await people.as_("expert")).made(f"/expert{path[4:]}/comments", {"text": "Add the heating."})
    later = await head.done(path, "approve")

    assert (early.status_code, codes(early)) == (409, ["expert_comment"])
    assert later["status"] == "approved"


@pytest.mark.requirement("R-V97")
async def test_approval_needs_the_decision_and_a_second_person(people: People, ground: Ground) -> None:
    head, deputy = await people.as_("head"), await people.as_("deputy-head")
    report = await head.made(
        "/npm/reports",
        {
            "kind": "thematic",
            "title": "Solitary confinement",
            "place_ids": [ground.place_id],
            "finding_ids": [ground.finding_id],
            "sections": [{"heading": "Law", "text": "What it says."}],
            "fact_items": [{"name": "Days", "value": "15", "supplied_by": "npm"}],
        },
    )
    path = f"/npm/reports/{report['id']}"
    await head.done(path, "submit")

    answers = [await (await people.as_(each)).act(path, "approve") for each in ("staff", "member", "secondee")]
    alone = await head.act(path, "approve")
    approved = await deputy.done(path, "approve")

    assert {answer.status_code for answer in answers} == {403}
    assert (alone.status_code, codes(alone)) == (409, ["two_persons"])
    assert approved["status"] == "approved"


async def test_an_approved_text_does_not_change(people: People, ground: Ground) -> None:
    report = await transmitted(people, ground)

    refused = await (await people.as_("staff")).patch(f"/npm/reports/{report['id']}", {"title": "Another"})

    assert refused.status_code == 409


async def test_a_draft_goes_nowhere_without_recipient_mark_and_safe_channel(people: People, ground: Ground) -> None:
    report = await commented(people, ground)
    head, path = await people.as_("head"), f"/npm/reports/{report['id']}"
    await head.done(path, "clear")

    nobody = await head.act(path, "share_draft")
    unsafe = await head.act(
        path, "share_draft", recipients=[{"authority_id": PRISON_SERVICE}], is_marked_confidential=True
    )
    unknown = await head.act(path, "share_draft", recipients=[{"authority_id": ground.place_id}])

    assert codes(nobody) == ["transmission", "not_confidential"]
    assert codes(unsafe) == ["no_safe_channel"]
    assert (unknown.status_code, codes(unknown)) == (422, ["unknown_authority"])


@pytest.mark.requirement("R-S100")
async def test_publishing_and_withholding_are_for_whom_the_matrix_names(people: People, ground: Ground) -> None:
    report = await transmitted(people, ground)
    deputy, member = await people.as_("deputy-head"), await people.as_("member")
    path = f"/npm/reports/{report['id']}"
    as_head = (await (await people.as_("head")).read(path))["allowed_actions"]

    refused = [await member.act(path, "publish", **PUBLICATION), await member.act(path, "withhold", reason="Not yet")]
    near = int(str(report["transmitted_on"])[:4]) + 1
    withheld = await deputy.done(path, "withhold", reason="Not yet", review_on=f"{near}-01-01")

    assert [answer.status_code for answer in refused] == [403, 403]
    assert {"publish", "withhold"} <= set(as_head)
    assert not {"publish", "withhold"} & set((await member.read(path))["allowed_actions"])
    assert withheld["status"] == "withheld"
    assert {"publish", "prolong"} <= set(withheld["allowed_actions"])


@pytest.mark.requirement("R-V100")
async def test_publication_waits_for_every_check(people: People, ground: Ground) -> None:
    report = await transmitted(people, ground)

    refused = await (await people.as_("head")).act(f"/npm/reports/{report['id']}", "publish")

    assert refused.status_code == 409
    assert codes(refused) == ["redaction", "consent", "translations", "harm_check"]


@pytest.mark.requirement("R-V98")
async def test_the_public_sees_the_published_text_and_nothing_before_or_behind_it(
    people: People, ground: Ground
) -> None:
    report = await transmitted(people, ground)
    anybody, path = people.stranger(), f"/public/reports/{report['id']}"
    before = await anybody.get(path), await anybody.read("/public/reports")

    await (await people.as_("head")).done(f"/npm/reports/{report['id']}", "publish", **PUBLICATION)

    shown = await anybody.read(path)
    assert (before[0].status_code, before[1]["items"]) == (404, [])
    assert set(shown) == {"id", "code", "kind", "title", "places", "sections", "errata", "published_on"}
    assert [set(section) for section in shown["sections"]] == [{"id", "heading", "text"}]
    listed = (await anybody.read(f"/public/reports?place_id={ground.place_id}"))["items"]
    assert [set(each) for each in listed] == [{"id", "code", "kind", "title", "places", "published_on"}]


@pytest.mark.requirement("R-V99")
async def test_a_withheld_report_is_looked_at_again_within_a_year(people: People, ground: Ground) -> None:
    report = await transmitted(people, ground)
    head, path = await people.as_("head"), f"/npm/reports/{report['id']}"

    bare = await head.act(path, "withhold")
    far = await head.act(path, "withhold", reason="A trial is going on", review_on="2199-01-01")
    near = (await head.get(path)).json()["transmitted_on"][:4]
    withheld = await head.done(path, "withhold", reason="A trial is going on", review_on=f"{int(near) + 1}-01-01")
    published = await head.done(path, "publish", **PUBLICATION)

    assert (codes(bare), codes(far)) == (["reason", "review_date"], ["review_date"])
    assert withheld["withheld_review_on"] == f"{int(near) + 1}-01-01"
    assert (published["status"], published["withheld_reason"]) == ("published", None)


async def test_a_retracted_report_is_gone_and_an_erratum_makes_a_new_edition(people: People, ground: Ground) -> None:
    report = await transmitted(people, ground)
    head, path = await people.as_("head"), f"/npm/reports/{report['id']}"
    published = await head.done(path, "publish", **PUBLICATION)
    year = int(published["published_on"][:4])

    corrected = await head.done(path, "correct", reason="It was wing C.")
    shown = await people.stranger().read(f"/public{path[4:]}")
    await head.done(path, "retract", ground="harm_to_a_person", review_on=f"{year + 1}-01-01")
    gone = await people.stranger().get(f"/public{path[4:]}")

    assert corrected["edition"] == published["edition"] + 1
    assert [erratum["text"] for erratum in shown["errata"]] == ["It was wing C."]
    assert gone.status_code == 404


async def test_a_report_that_is_sent_back_says_why(people: People, ground: Ground) -> None:
    report = await submitted(people, ground)
    head, path = await people.as_("head"), f"/npm/reports/{report['id']}"

    silent = await head.act(path, "return")
    back = await head.done(path, "return", reason="The second section repeats the first.")

    assert silent.status_code == 422
    assert back["status"] == "drafting"
    assert [remark["text"] for remark in back["remarks"]] == ["The second section repeats the first."]


async def test_a_recommendation_that_is_not_approved_holds_the_report_back(people: People, ground: Ground) -> None:
    report = await commented(people, ground, recommendation_ids=["3c0ffee0-0000-4000-8000-000000000002"])

    refused = await (await people.as_("head")).act(f"/npm/reports/{report['id']}", "approve")

    assert (refused.status_code, codes(refused)) == (409, ["recommendations"])


async def test_repeating_an_act_with_its_key_has_one_effect(people: People, ground: Ground) -> None:
    report = await drafted(people, ground)
    staff, path = await people.as_("staff"), f"/npm/reports/{report['id']}"
    headers = {"If-Match": (await staff.get(path)).headers["ETag"], "Idempotency-Key": "submit-once-1"}

    answers = [await staff.post(f"{path}/transitions", {"action": "submit"}, headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len((await staff.read(f"{path}/comments"))["items"]) == 1


async def test_authorities_experts_and_partners_have_no_door_to_working_drafts(people: People, ground: Ground) -> None:
    report = await shared(people, ground)

    for persona in ("expert", "authority-official", "partner", "sysadmin"):
        answer = await (await people.as_(persona)).get(f"/npm/reports/{report['id']}")
        assert answer.status_code == 403, persona
