"""What the tests of recommendations share: other services' events told directly, and recommendations on their way."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest_asyncio

from deploy.postgres.server import Server
from gateway.development import AUTHORITY_A, AUTHORITY_B
from services.recommendations.reactions import FEEDS
from shared.db import Database
from shared.inbox import Consumer, Received
from tests.people import Actor, People

Tell = Callable[..., Awaitable[None]]


@pytest_asyncio.fixture
async def tell(cluster: Server, empty: None) -> AsyncIterator[Tell]:
    """Tell the service an event of another one, as its consumer would; both authorities are known from the start."""
    database = Database(cluster.url("recommendations_app", "recommendations"), service="recommendations", pool_size=2)
    sequence = 0

    async def told(fact: str, subject_id: str, /, **values: Any) -> None:
        nonlocal sequence
        sequence += 1
        source = fact.partition(".")[0]
        consumer = Consumer(database, None, f"test-{source}", FEEDS[source])  # type: ignore[arg-type]
        event = Received(sequence, str(uuid4()), fact, subject_id, date(2026, 11, 1), values)
        assert await consumer.apply([event]) == 1

    for authority, called in ((AUTHORITY_A, "Prison Service"), (AUTHORITY_B, "Police Directorate")):
        await told(
            "stakeholders.stakeholder.changed", authority, name=called, kind="authority", category="supervising_service"
        )
    yield told
    await database.close()


#: The ten questions of the quality list, all answered.
QUALITY = dict.fromkeys(("specific", "measurable", "achievable", "results_oriented", "time_bound", "solution_suggestive", "mindful_of_priority", "argued", "root_cause_responsive", "targeted"), True)  # fmt: skip

DRAFT: dict[str, Any] = {
    "text": {"en": "Give every person who is taken in a medical screening within 24 hours."},
    "rationale": "Injuries were found late.",
    "expected_result": "Screening within a day, on record.",
    "stated_basis": "Finding 3 of the visit.",
    "scope": {"kind": "system"},
    "theme": "medical_screening_at_entry",
    "priority": "high",
    "root_cause_level": "resources",
    "quality": QUALITY,
    "addressees": [
        {"authority_id": AUTHORITY_A, "role": "lead", "working_days": 30},
        {"authority_id": AUTHORITY_B, "role": "contributing", "working_days": 10},
    ],
}


async def drafted(people: People, **changes: Any) -> dict[str, Any]:
    """Draft a recommendation to both authorities."""
    return await (await people.as_("staff")).made("/npm/recommendations", {**DRAFT, **changes})


async def sent(people: People, **changes: Any) -> dict[str, Any]:
    """Draft, submit, approve and send a recommendation."""
    staff, head = await people.as_("staff"), await people.as_("head")
    path = f"/npm/recommendations/{(await drafted(people, **changes))['id']}"
    await staff.done(path, "submit")
    await head.done(path, "approve")
    return await head.done(path, "transmit")


async def published(people: People, **changes: Any) -> dict[str, Any]:
    """Send a recommendation and publish it."""
    made = await sent(people, **changes)
    head = await people.as_("head")
    return await head.done(f"/npm/recommendations/{made['id']}", "publish", next_follow_up_on=soon(made))


def soon(recommendation: dict[str, Any]) -> str:
    """Give a day shortly after the recommendation was sent."""
    return date.fromordinal(date.fromisoformat(recommendation["transmitted_on"]).toordinal() + 60).isoformat()


async def answered(people: People, recommendation: dict[str, Any], **content: Any) -> dict[str, Any]:
    """Let authority A draft and submit an answer; gives the version."""
    official, validator = await people.as_("authority-official"), await people.as_("authority-validator")
    path = f"/authority/recommendations/{recommendation['id']}/responses"
    version = await official.made(path, {"position": "accepted", **content})
    return await validator.done(f"{path}/{version['id']}", "submit")


async def later(anybody: Actor, advance: str) -> None:
    """Let time pass, and insist that it did."""
    moved = await anybody.post("/npm/development/clock", {"advance": advance})
    assert moved.status_code == 200, moved.text


def owed_by(recommendation: dict[str, Any], authority: str) -> dict[str, Any]:
    """Give what one authority owes on a recommendation."""
    return next(each for each in recommendation["addressees"] if each["authority"]["id"] == authority)
