"""The journal: nothing lost, nothing doubled, one chain, and no alteration that is not named."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import date
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from deploy.postgres.server import Server
from shared.caller import Caller
from shared.db import Database, Work
from shared.errors import Unavailable
from shared.inbox import Consumer, Received
from shared.journal import VERIFY, Event, Sealer


class Killed(Exception):
    """A consumer that dies in the middle of an event."""


STAFF = Caller(subject=str(uuid4()), audience_class="npm", roles=frozenset({"staff"}), client_id="tests")


@pytest_asyncio.fixture
async def database(cluster: Server, empty: None) -> AsyncIterator[Database]:
    """Give the visits database, without a service running over it."""
    made = Database(cluster.url("visits_app", "visits"), service="visits", pool_size=12)
    yield made
    await made.close()


async def write(database: Database, name: str, *, fails: bool = False, late: float = 0) -> None:
    """Record one event in a transaction of its own; it may commit late, or not at all."""
    async with database.work(STAFF) as work:
        work.record(Event(name, uuid4(), {"number": 1}))
        await asyncio.sleep(late)
        if fails:
            raise RuntimeError("rolled back")


async def owner(cluster: Server, sql: str) -> list[asyncpg.Record]:
    """Ask as the owner of the database."""
    connection = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    try:
        return list(await connection.fetch(sql))
    finally:
        await connection.close()


async def settled(database: Database) -> None:
    """Seal until the queue is empty."""
    sealer = Sealer(database)
    for _ in range(100):
        await sealer.seal()
        async with database.inside("worker", operation="seal_journal") as work:
            if not await work.connection.fetchval("SELECT count(*) FROM journal_queue"):
                return
        await asyncio.sleep(0.02)


async def test_of_many_writers_with_late_commits_nothing_is_lost_doubled_or_out_of_the_chain(
    cluster: Server, database: Database
) -> None:
    chance = random.Random(22)
    run = uuid4().hex
    names = [f"visits.many.{run}.{number}" for number in range(300)]

    async def writer(number: int) -> None:
        for name in names[number::12]:
            fails = chance.random() < 0.1
            try:
                await write(database, name, fails=fails, late=chance.random() / 200)
            except RuntimeError:
                await write(database, name)

    await asyncio.gather(*(writer(number) for number in range(12)))
    await settled(database)

    rows = await owner(cluster, f"SELECT seq, action FROM journal WHERE action LIKE 'visits.many.{run}.%' ORDER BY seq")
    assert sorted(row["action"] for row in rows) == sorted(names)
    assert len({row["seq"] for row in rows}) == 300
    assert await owner(cluster, VERIFY) == []


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE journal SET payload = '{\"number\": 2}' WHERE seq = $1",
        "UPDATE journal SET actor = 'somebody' WHERE seq = $1",
        "DELETE FROM journal WHERE seq = $1",
        "UPDATE journal SET seq = -seq WHERE seq = $1",
    ],
)
async def test_a_row_that_was_altered_moved_or_deleted_is_named(
    cluster: Server, database: Database, attack: str
) -> None:
    for number in range(9):
        await write(database, f"visits.test.{number}")
    await settled(database)
    connection = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    altered = connection.transaction()
    await altered.start()
    try:
        target = await connection.fetchval("SELECT max(seq) - 4 FROM journal")
        before = await connection.fetch(VERIFY)

        await connection.execute(attack, target)
        named = [row["seq"] for row in await connection.fetch(VERIFY)]
    finally:
        await altered.rollback()
        await connection.close()

    assert before == []
    assert named in ([target], [target + 1], [-target])


@pytest.mark.requirement("R-X15")
async def test_the_actor_of_a_row_cannot_be_forged(database: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.work(STAFF) as work:
            await work.connection.execute(
                "INSERT INTO journal_queue (id, action, subject_id, confidentiality, leaves, payload, actor) "
                "VALUES (gen_random_uuid(), 'a', 'b', 'INT', true, '{}', 'head')"
            )


async def test_the_day_of_a_row_cannot_be_forged(database: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with database.work(STAFF) as work:
            await work.connection.execute(
                "INSERT INTO journal_queue (id, action, subject_id, confidentiality, leaves, payload, occurred_on) "
                "VALUES (gen_random_uuid(), 'a', 'b', 'INT', true, '{}', a22_today() - 1)"
            )


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM journal", "UPDATE journal SET actor = ''", "TRUNCATE journal", "DELETE FROM journal_queue"],
)
async def test_no_audience_can_change_what_was_written(database: Database, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.work(STAFF) as work:
            await work.connection.execute(statement)


async def number_and_record(database: Database) -> None:
    """Change a row and record it."""
    async with database.work(STAFF) as work:
        await work.connection.execute(
            "INSERT INTO idempotency (caller, operation, key_digest, fingerprint, result_id) VALUES ($1, 'unjournaled', '', '', '')",
            STAFF.subject,
        )
        work.record(Event("visits.test.unwritable", uuid4()))


async def test_a_change_without_its_journal_row_is_not_kept(cluster: Server, database: Database) -> None:
    await owner(cluster, "REVOKE INSERT ON journal_queue FROM visits_npm")
    await owner(
        cluster,
        "REVOKE INSERT (id, action, subject_id, confidentiality, leaves, payload, occurred_on) ON journal_queue FROM visits_npm",
    )
    try:
        with pytest.raises(Unavailable):
            await number_and_record(database)
    finally:
        await owner(
            cluster,
            "GRANT INSERT (id, action, subject_id, confidentiality, leaves, payload, occurred_on) ON journal_queue TO visits_npm",
        )

    assert await owner(cluster, "SELECT 1 FROM idempotency WHERE operation = 'unjournaled'") == []


async def test_an_event_is_applied_exactly_once_wherever_the_consumer_dies(cluster: Server, database: Database) -> None:
    run = f"applied {uuid4().hex} "
    chance = random.Random(7)
    events = [
        Received(number, str(uuid4()), "test.counted", str(number), date(2026, 1, 1), {}) for number in range(1, 41)
    ]

    async def count(work: Work, event: Received) -> None:
        await work.connection.execute(
            "INSERT INTO inbox (source, position) VALUES ($2 || $1::int, 1) ON CONFLICT (source) DO UPDATE SET position = inbox.position + 1",
            event.sequence,
            run,
        )
        if chance.random() < 0.2:
            raise Killed

    consumer = Consumer(database, None, f"test {uuid4().hex}", {"test.counted": count})  # type: ignore[arg-type]
    for start in range(0, 40, 5):
        while True:
            try:
                await consumer.apply(events[max(0, start - 5) : start + 5])
                break
            except Killed:
                continue

    rows = await owner(cluster, f"SELECT position FROM inbox WHERE source LIKE '{run}%'")
    assert [row["position"] for row in rows] == [1] * 40
