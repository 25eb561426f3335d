"""Drafts with authorities: what is frozen for them, that they correct facts and nothing else, and that others see nothing."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from deploy.postgres.server import Server
from tests.people import Actor, People
from tests.visits.reports.arranged import (
    PRISON_SERVICE,
    Ground,
    a_visit,
    commented,
    drafted,
    received,
    shared,
    transmitted,
)

pytestmark = pytest.mark.usefixtures("standing_experts")

ABSENT = "3c0ffee0-0000-4000-8000-000000000003"
RECEIVED = {
    "id", "code", "kind", "title", "stage", "status", "places", "sections", "fact_items", "errata", "sent_on", "due_on",
    "due_explanation", "answered_on", "allowed_actions",
}  # fmt: skip


@pytest_asyncio.fixture
async def ground(empty: None, cluster: Server, people: People) -> AsyncIterator[Ground]:
    """A visit that was carried out."""
    yield await a_visit(cluster, people)


async def proposed(official: Actor, draft: dict[str, Any], value: str = "398") -> dict[str, Any]:
    """Propose another value for the first fact of a received draft."""
    path = f"/authority/reports/{draft['id']}/corrections"
    return await official.made(path, {"target_id": draft["fact_items"][0]["id"], "proposed_value": value})


def same(first: Any, second: Any) -> bool:
    """Whether two refusals differ in nothing but the id of the request."""
    return {**first.json(), "instance": ""} == {**second.json(), "instance": ""}


@pytest.mark.requirement("R-V93")
async def test_an_authority_reads_a_frozen_draft_without_annex_authors_and_findings(
    people: People, ground: Ground
) -> None:
    await shared(people, ground)

    draft = await received(people)

    assert set(draft) == RECEIVED
    assert (draft["stage"], draft["status"]) == ("draft", "sent")
    assert [set(section) for section in draft["sections"]] == [{"id", "heading", "text"}]
    assert [section["heading"] for section in draft["sections"]] == ["Cells"]
    assert [set(item) for item in draft["fact_items"]] == [{"id", "name", "value", "unit", "as_of", "supplied_by"}]
    listed = (await (await people.as_("authority-official")).read("/authority/reports"))["items"]
    assert set(listed[0]) == {"id", "code", "kind", "title", "stage", "status", "sent_on", "due_on"}


async def test_the_due_date_is_fifteen_working_days_on_and_says_how_it_came_about(
    people: People, ground: Ground
) -> None:
    await shared(people, ground)

    draft = await received(people)

    assert "15 working days after" in draft["due_explanation"]
    assert draft["due_explanation"].endswith(f"due on {draft['due_on']}")
    assert (date.fromisoformat(draft["due_on"]) - date.fromisoformat(draft["sent_on"])).days >= 19


async def test_nothing_is_seen_before_it_is_sent_nor_after_it_is_taken_back(people: People, ground: Ground) -> None:
    report = await commented(people, ground)
    head, official = await people.as_("head"), await people.as_("authority-official")
    path = f"/npm/reports/{report['id']}"
    await head.done(path, "clear")
    before = await official.read("/authority/reports")
    recipients = [{"authority_id": PRISON_SERVICE, "is_channel_safe": True}]
    await head.done(path, "share_draft", recipients=recipients, is_marked_confidential=True)
    draft = await received(people)
    await proposed(official, draft)

    await head.done(path, "recall_draft", reason="A name slipped in.")

    gone = f"/authority/reports/{draft['id']}"
    answers = [await official.get(each) for each in (gone, f"{gone}/corrections", f"/authority/reports/{ABSENT}")]
    assert before["items"] == []
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert same(answers[0], answers[2])


async def test_another_authority_finds_nothing_whatever_it_tries(people: People, ground: Ground) -> None:
    await shared(people, ground)
    draft = await received(people)
    correction = await proposed(await people.as_("authority-official"), draft)
    other, body = await people.as_("authority-official-two"), {"target_id": ABSENT, "proposed_value": "1"}
    tag = {"If-Match": '"x"'}

    for tail in ("", "/corrections", f"/corrections/{correction['id']}"):
        hidden = await other.get(f"/authority/reports/{draft['id']}{tail}")
        absent = await other.get(f"/authority/reports/{ABSENT}{tail}")
        assert (hidden.status_code, absent.status_code, same(hidden, absent)) == (404, 404, True), tail
    for tail, sent in (("/corrections", body), ("/transitions", {"action": "answer"})):
        hidden = await other.post(f"/authority/reports/{draft['id']}{tail}", sent, headers=tag)
        absent = await other.post(f"/authority/reports/{ABSENT}{tail}", sent, headers=tag)
        assert (hidden.status_code, same(hidden, absent)) == (404, True), tail
    assert (await other.read("/authority/reports"))["items"] == []


@pytest.mark.requirement("R-V95")
async def test_an_accepted_correction_changes_the_fact_of_the_working_draft_and_not_what_was_sent(
    people: People, ground: Ground
) -> None:
    report = await shared(people, ground)
    official, head = await people.as_("authority-official"), await people.as_("head")
    correction = await proposed(official, await received(people))
    path = f"/npm/reports/{report['id']}"

    silent = await head.act(f"{path}/corrections/{correction['id']}", "accept")
    await head.done(f"{path}/corrections/{correction['id']}", "accept", reason="The register says so too.")

    facts = (await head.read(path))["fact_items"]
    own = await official.read(f"/authority/reports/{(await received(people))['id']}/corrections")
    assert silent.status_code == 422
    assert [(fact["value"], fact["supplied_by"]) for fact in facts] == [("398", "authority")]
    assert (await received(people))["fact_items"][0]["value"] == "412"
    assert [(each["status"], each["reason"]) for each in own["items"]] == [("accepted", "The register says so too.")]
    assert set(own["items"][0]) == {
        "id", "fact_item", "stated_value", "proposed_value", "evidence", "status", "proposed_on", "reason", "decided_on",
        "allowed_actions",
    }  # fmt: skip


@pytest.mark.requirement("R-V94")
async def test_an_authority_that_touches_anything_but_a_fact_is_refused(people: People, ground: Ground) -> None:
    await shared(people, ground)
    official, draft = await people.as_("authority-official"), await received(people)
    path, fact = f"/authority/reports/{draft['id']}/corrections", draft["fact_items"][0]["id"]
    attempts = [
        {"target": "finding", "target_id": ground.finding_id, "proposed_value": "No such thing"},
        {"target": "finding", "target_id": fact, "proposed_value": "No such thing"},
        {"target": "analysis", "target_id": draft["sections"][0]["id"], "proposed_value": "All is well"},
        {"target": "recommendation", "target_id": ABSENT, "proposed_value": "None"},
        {"target_id": ground.finding_id, "proposed_value": "No such thing"},
        {"target_id": draft["sections"][0]["id"], "proposed_value": "All is well"},
    ]

    answers = [await official.post(path, attempt) for attempt in attempts]

    assert {answer.status_code for answer in answers} == {422}
    assert {answer.json()["code"] for answer in answers} == {"only_facts"}
    assert all(same(answers[0], answer) for answer in answers)
    assert (await official.read(path))["items"] == []


async def test_what_is_written_later_is_not_in_the_frozen_draft(people: People, ground: Ground) -> None:
    report = await shared(people, ground)
    official, head, staff = [await people.as_(each) for each in ("authority-official", "head", "staff")]
    draft, path = await received(people), f"/npm/reports/{report['id']}"
    answered = await official.done(f"/authority/reports/{draft['id']}", "answer")
    await head.done(path, "collect_corrections")
    await head.done(path, "revise", reason="The heating is missing.")

    changed = await staff.patch(path, {"title": "Another", "sections": [{"heading": "New", "text": "New."}]})

    assert changed.status_code == 200
    assert (await received(people))["sections"] == draft["sections"]
    assert (await received(people))["title"] == "Visit to North Prison"
    assert answered["status"] == "answered"


async def test_an_answered_draft_takes_no_more_corrections(people: People, ground: Ground) -> None:
    await shared(people, ground)
    official, draft = await people.as_("authority-official"), await received(people)
    await official.done(f"/authority/reports/{draft['id']}", "answer")

    refused = await official.post(
        f"/authority/reports/{draft['id']}/corrections",
        {"target_id": draft["fact_items"][0]["id"], "proposed_value": "1"},
    )

    assert (refused.status_code, [error["code"] for error in refused.json()["errors"]]) == (409, ["closed"])


async def test_an_authority_takes_its_own_correction_back_until_it_is_decided(people: People, ground: Ground) -> None:
    report = await shared(people, ground)
    official, draft = await people.as_("authority-official"), await received(people)
    path = f"/authority/reports/{draft['id']}/corrections"
    first, second = await proposed(official, draft, "1"), await proposed(official, draft, "2")
    decided = f"/npm/reports/{report['id']}/corrections/{second['id']}"
    await (await people.as_("head")).done(decided, "reject", reason="The register says otherwise.")

    withdrawn = await official.done(f"{path}/{first['id']}", "withdraw")
    late = await official.act(f"{path}/{second['id']}", "withdraw")

    assert (withdrawn["status"], late.status_code) == ("withdrawn", 409)


async def test_the_report_waits_for_the_authorities_and_for_every_decision(people: People, ground: Ground) -> None:
    report = await shared(people, ground)
    official, head, path = (
        await people.as_("authority-official"),
        await people.as_("head"),
        f"/npm/reports/{report['id']}",
    )
    draft = await received(people)
    correction = await proposed(official, draft)

    early = await head.act(path, "collect_corrections")
    await official.done(f"/authority/reports/{draft['id']}", "answer")
    await head.done(path, "collect_corrections")
    undecided = await head.act(path, "approve")
    await head.done(f"{path}/corrections/{correction['id']}", "reject", reason="The register says otherwise.")
    approved = await head.done(path, "approve")

    assert [error["code"] for error in early.json()["errors"]] == ["answers"]
    assert [error["code"] for error in undecided.json()["errors"]] == ["corrections"]
    assert approved["status"] == "approved"


async def test_more_time_is_later_and_said_with_its_reason(people: People, ground: Ground) -> None:
    report = await shared(people, ground)
    head, draft = await people.as_("head"), await received(people)
    path = f"/npm/reports/{report['id']}/transmissions/{draft['id']}"

    earlier = await head.act(path, "extend", until=draft["sent_on"], reason="They asked.")
    later = await head.done(path, "extend", until=f"{int(draft['due_on'][:4]) + 1}-03-02", reason="They asked.")
    too_early = await head.act(path, "close_unanswered")

    assert (earlier.status_code, too_early.status_code) == (409, 409)
    assert "They asked." in (await received(people))["due_explanation"]
    assert later["due_on"] == (await received(people))["due_on"]


async def test_staff_reads_what_was_sent_and_sends_nothing(people: People, ground: Ground) -> None:
    report = await shared(people, ground)
    staff, path = await people.as_("staff"), f"/npm/reports/{report['id']}/transmissions"

    listed = (await staff.read(path))["items"]
    refused = await staff.post(path, {"authority_id": PRISON_SERVICE, "is_channel_safe": True})

    assert [(each["authority"]["name"], each["status"]) for each in listed] == [("Prison Service", "sent")]
    assert refused.status_code == 403


async def test_the_final_report_reaches_its_addressee_and_nobody_else(people: People, ground: Ground) -> None:
    await transmitted(people, ground)

    final = await received(people)
    other = await (await people.as_("authority-official-two")).read("/authority/reports")

    assert set(final) == RECEIVED
    assert (final["stage"], final["status"], final["due_on"], final["allowed_actions"]) == ("final", None, None, [])
    assert other["items"] == []
    refused = await (await people.as_("authority-official")).post(
        f"/authority/reports/{final['id']}/corrections",
        {"target_id": final["fact_items"][0]["id"], "proposed_value": "1"},
    )
    assert refused.status_code == 409


async def test_an_authority_has_no_door_to_drafts_findings_and_comments(people: People, ground: Ground) -> None:
    report = await drafted(people, ground)
    official = await people.as_("authority-official")

    answers = [
        await official.get(f"/{path}")
        for path in (
            f"npm/reports/{report['id']}",
            f"npm/reports/{report['id']}/comments",
            f"expert/reports/{report['id']}",
        )
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert (await official.get(f"/authority/reports/{report['id']}")).status_code == 404
