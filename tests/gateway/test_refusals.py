"""Refused attempts: each leaves one row, at the gateway or in the service, that names nothing; a run of them is told."""

import json
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.postgres.server import Server
from gateway.development import PERSONAS
from shared.access import read_operation
from shared.caller import Caller
from shared.db import Database
from shared.refusals import DENIED, RUN, Refusals, refusals_of
from tests.complaints import cast
from tests.complaints.cast import PURPOSE
from tests.people import People
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("empty")
#: One row a minute: another test of the same persona may have left it just before.
TOLD = """
SELECT actor, audience, operation, action, subject_id, leaves, payload::text AS payload FROM (
  SELECT queued_at, actor, audience, operation, action, subject_id, leaves, payload FROM journal
  UNION ALL SELECT queued_at, actor, audience, operation, action, subject_id, leaves, payload FROM journal_queue) told
WHERE action LIKE 'access.%' AND queued_at > clock_timestamp() - interval '90 seconds' ORDER BY queued_at DESC
"""


class Journal:
    """What a database's journal says of refusals of late."""

    def __init__(self, cluster: Server, name: str) -> None:
        self._url = cluster.url(f"{name}_owner", name)

    async def told(self) -> list[dict[str, Any]]:
        connection = await asyncpg.connect(self._url)
        try:
            async with connection.transaction(isolation="repeatable_read"):
                return [dict(row) for row in await connection.fetch(TOLD)]
        finally:
            await connection.close()

    async def of(self, persona: str, operation: str) -> list[dict[str, Any]]:
        who, named = PERSONAS[persona].subject, (DENIED, operation)
        return [
            each for each in await self.told() if each["actor"] == who and (each["action"], each["operation"]) == named
        ]

    async def one(self, persona: str, operation: str) -> dict[str, Any]:
        """Wait for a row of this persona and operation."""
        return (await eventually(lambda: self.of(persona, operation)))[0]


async def test_what_the_gateway_refuses_by_class_stands_in_its_own_journal(people: People, cluster: Server) -> None:
    journal, case = Journal(cluster, "gateway"), str(uuid4())
    official = await people.as_("authority-official")
    # each shape asks something else: their processes keep their minutes by themselves
    part, operation = (
        ("narrative", "get_complaint_narrative") if people.app else ("consents", "list_complaint_consents")
    )

    answers = [await official.get(f"/npm/complaints/{case}/{part}", headers=PURPOSE) for _ in range(4)]

    assert {answer.status_code for answer in answers} == {403}
    row = await journal.one("authority-official", f"npm.{operation}")
    assert row["audience"] == "gateway_authority"
    assert json.loads(row["payload"]) == {"status": 403}
    assert not row["leaves"]
    assert len(row["subject_id"]) == 32
    assert case not in str(row)


async def test_hidden_and_absent_leave_the_same_row_where_the_service_refuses(people: People, cluster: Server) -> None:
    await cast.known_place(people)
    await cast.agreed_profile(people)
    hidden = (await cast.accepted(people))["id"]
    journal, persona = Journal(cluster, "complaints"), "complaints-officer-two"
    two = await people.as_(persona)
    paths = {
        "npm.get_complaint": f"/npm/complaints/{hidden}",
        "npm.list_complaint_consents": f"/npm/complaints/{uuid4()}/consents",
    }

    answers = {operation: await two.get(path) for operation, path in paths.items()}

    assert [answer.status_code for answer in answers.values()] == [404, 404]
    first, second = [await journal.one(persona, operation) for operation in paths]
    same = ("actor", "audience", "action", "leaves", "payload")
    assert [first[name] for name in same] == [second[name] for name in same]
    assert hidden not in str(first)


async def test_a_refused_decision_is_told_and_an_ordinary_mistake_is_not(people: People, cluster: Server) -> None:
    gateway, visits = Journal(cluster, "gateway"), Journal(cluster, "visits")
    keeper, staff = await people.as_("vault-keeper"), await people.as_("staff")
    what = "recommendation" if people.app else "report"

    refused = await keeper.send("POST", f"/npm/{what}s/{uuid4()}/transitions", json={"action": "approve"})
    missing = await staff.get(f"/npm/places/{uuid4()}")

    assert (refused.status_code, missing.status_code) == (403, 404)
    assert (await gateway.one("vault-keeper", f"npm.transition_{what}"))["audience"] == "gateway_npm"
    assert await visits.of("staff", "npm.get_place") == []


OPERATION = read_operation(
    {"operation": "get_complaint_narrative", "audience": "npm", "scopes": ["complaints:narratives.read"], "object": "assigned"}
)  # fmt: skip


async def test_a_run_is_told_once_and_floods_nothing(people: People, cluster: Server) -> None:
    instant = 1_000.0
    database = Database(cluster.url("complaints_app", "complaints"), service="complaints", pool_size=2)
    journal = Journal(cluster, "complaints")
    refusals = Refusals(database, b"k" * 32, now=lambda: instant)
    curious = Caller(subject=f"curious-{uuid4()}", audience_class="npm", roles=frozenset({"staff"}), client_id="tests")

    for number in range(60):
        # one a second: sixty refusals in a minute
        instant = 1_000.0 + number
        refusals.note(curious, OPERATION, {"complaint_id": str(uuid4())}, 404)
    instant += 60
    refusals.note(curious, OPERATION, {"complaint_id": str(uuid4())}, 404)
    for _ in range(9):
        instant += 601
        refusals.note(curious, OPERATION, {"complaint_id": str(uuid4())}, 200)
    await refusals.write()
    await database.close()

    told = [each for each in await journal.told() if each["actor"] == curious.subject]
    assert [each["action"] for each in told].count(DENIED) == 2
    runs = [each for each in told if each["action"] == RUN]
    assert len(runs) == 6
    assert json.loads(runs[0]["payload"]) == {"refusals": 10, "seconds": 600}


async def test_what_cannot_be_written_waits_for_the_journal(cluster: Server, people: People) -> None:
    right = "INSERT (id, action, subject_id, confidentiality, leaves, payload) ON journal_queue"
    database = Database(cluster.url("complaints_app", "complaints"), service="complaints", pool_size=2)
    journal = Journal(cluster, "complaints")
    refusals = Refusals(database, b"k" * 32)
    curious = Caller(subject=f"curious-{uuid4()}", audience_class="npm", roles=frozenset({"staff"}), client_id="tests")
    owner = await asyncpg.connect(cluster.url("complaints_owner", "complaints"))
    refusals.start()
    try:
        await owner.execute(f"REVOKE {right} FROM complaints_npm")
        refusals.note(curious, OPERATION, {}, 403)
        await owner.execute("SELECT pg_sleep(0.2)")
        before = [each for each in await journal.told() if each["actor"] == curious.subject]
    finally:
        await owner.execute(f"GRANT {right} TO complaints_npm")
        await owner.close()

    async def is_there() -> bool:
        return len([each for each in await journal.told() if each["actor"] == curious.subject]) == 1

    await eventually(is_there, seconds=10)
    await refusals.stop()
    await database.close()
    assert before == []


def row(*scopes: str, audience: str = "npm", **more: Any) -> Any:
    return read_operation(
        {"operation": "do_it", "audience": audience, "scopes": list(scopes), "object": "none", **more}
    )


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        (row("visits:places.read"), set()),
        (row("visits:places.write"), set()),
        (row("complaints:complaints.read"), {403, 404}),
        (row("visits:places.read", purpose=True), {403, 404}),
        (row("visits:places.read", step_up=True), {403, 404}),
        (row("complaints:disclosures.decide"), {403, 404, 409}),
        (
            row(
                actions=[
                    {"action": "propose", "scopes": ["visits:visits.write"]},
                    {"action": "adopt", "scopes": ["visits:plans.adopt"]},
                ]
            ),
            {403, 404, 409},
        ),
        (row(audience="public"), set()),
    ],
)  # fmt: skip
def test_what_counts_as_a_refusal(operation: Any, statuses: set[int]) -> None:
    assert refusals_of(operation) == statuses
