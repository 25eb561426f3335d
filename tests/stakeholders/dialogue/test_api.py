"""The relation with an authority through the gateway: its state, and H with its parts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from deploy.postgres.server import Server
from gateway.development import AUTHORITY_A
from services.stakeholders import reactions
from shared.db import Database
from shared.inbox import Received
from tests.people import Actor, People
from tests.stakeholders.made import with_institutions

pytestmark = pytest.mark.usefixtures("empty")

PATH = f"/npm/authorities/{AUTHORITY_A}/relation"


def days_ago(days: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()


async def logged(actor: Actor, **changes: Any) -> dict[str, Any]:
    contact = {
        "action": "log", "format": "bilateral", "channel": "in_person", "held_on": days_ago(5), "counterpart_ids": [AUTHORITY_A],
        "summary": "Talked about access.",
    }  # fmt: skip
    return await actor.made("/npm/engagements", {**contact, **changes})


async def told(cluster: Server, name: str, **values: Any) -> None:
    """Hand an event of recommendations to the reaction, as the consumer does."""
    database = Database(cluster.url("stakeholders_app", "stakeholders"), service="stakeholders", pool_size=1)
    event = Received(1, "x", name, "x", date(2026, 1, 1), {"authority_id": AUTHORITY_A, **values})
    async with database.inside("worker", operation="consume") as work:
        await reactions.FEEDS["recommendations"][name](work, event)
    await database.close()


@pytest.mark.requirement("R-S13")
async def test_a_relation_of_which_nothing_is_known_counts_halves_and_is_warned_about(people: People) -> None:
    await with_institutions(people)
    staff = await people.as_("staff")

    relation = await staff.read(PATH)
    await logged(staff, channel="letter")

    assert (relation["state"], relation["health"]["score"]) == ("mapped", 45.0)
    assert relation["health"]["warnings"] == ["no_direct_contact"]
    assert (await staff.read(PATH))["health"]["warnings"] == ["no_direct_contact", "written_only"]


async def test_health_is_the_sum_of_what_six_months_counted(people: People, cluster: Server) -> None:
    await with_institutions(people)
    staff = await people.as_("staff")
    kept = {"kind": "commitment", "text": "Open the yard.", "due_on": days_ago(3), "kept_on": days_ago(4)}
    late = {"kind": "commitment", "text": "Repair the roof.", "due_on": days_ago(2)}
    await logged(staff, outcomes=[kept, late])
    await logged(staff, channel="email")
    await logged(staff, held_on=days_ago(400))
    one, two = "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa", "0a1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa"
    await told(cluster, "recommendations.response.submitted", addressee_id=one, submitted_on=days_ago(1))
    await told(cluster, "recommendations.response.became_overdue", addressee_id=two, due_on=days_ago(1))
    await told(cluster, "recommendations.response.submitted", addressee_id=two, submitted_on=days_ago(0))

    parts = (await staff.read(PATH))["health"]["parts"]

    counted = {name: (part["part"], part["whole"], part["points"]) for name, part in parts.items()}
    assert counted == {
        "direct_contacts": (1, 2, 20.0),
        "answers_on_time": (1, 2, 15.0),
        "commitments_kept": (1, 2, 10.0),
        "focal_point": (0, 1, 0.0),
    }


@pytest.mark.requirement("R-S20")
async def test_to_escalate_a_channel_stays_open_and_only_the_head_does_it(people: People) -> None:
    await with_institutions(people)
    staff, head = await people.as_("staff"), await people.as_("head")
    contact = await staff.made(f"/npm/authorities/{AUTHORITY_A}/contacts", {"name": "Iris Lund"})
    await logged(staff, purposes=["mandate_introduction"])
    await staff.done(PATH, "introduce")
    early = await staff.act(PATH, "activate")
    await logged(staff)
    await staff.done(PATH, "activate")

    by_staff = await staff.act(PATH, "escalate", account="no answers", retained_channel_id=contact["id"])
    without = await head.act(PATH, "escalate", account="no answers")
    escalated = await head.done(PATH, "escalate", account="no answers", retained_channel_id=contact["id"])

    assert [early.status_code, by_staff.status_code, without.status_code] == [409, 403, 409]
    assert [error["code"] for error in without.json()["errors"]] == ["retained_channel"]
    assert (escalated["state"], escalated["retained_channel"]["name"]) == ("escalated", "Iris Lund")


async def test_the_mandate_is_introduced_before_a_relation_is(people: People) -> None:
    await with_institutions(people)
    staff = await people.as_("staff")

    answer = await staff.act(PATH, "introduce")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "introduction")


@pytest.mark.parametrize("persona", ["authority-official", "expert", "partner", "complaints-officer"])
async def test_nobody_outside_hears_of_the_relation(people: People, persona: str) -> None:
    await with_institutions(people)
    actor = await people.as_(persona)

    assert {(await actor.get(path)).status_code for path in (PATH, "/npm/engagements")} == {403}
