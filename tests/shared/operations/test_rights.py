"""Whoever orders reaches of the queue one function, and of operations own ones; nobody orders in another's name."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.migrations import differences, migrate
from deploy.postgres import queue
from deploy.postgres.server import Server
from shared.caller import Caller
from shared.operations import queries, usecases
from shared.protection import AUDIENCE_ROLES
from tests.shared.operations.conftest import ROW, SUFFIX, House, in_batches, staff

QUEUE_TABLES = ("procrastinate_jobs", "procrastinate_events", "procrastinate_workers", "procrastinate_periodic_defers")


@pytest.mark.parametrize("role", [role for role in AUDIENCE_ROLES if role != "worker"])
@pytest.mark.parametrize(
    "statement", ["SELECT * FROM jobs.{}", "DELETE FROM jobs.{}", "INSERT INTO jobs.{} DEFAULT VALUES"]
)
async def test_nobody_but_the_worker_reads_or_writes_the_queue(house: House, role: str, statement: str) -> None:
    connection = await asyncpg.connect(house.url)
    try:
        for table in (*QUEUE_TABLES, "applied"):
            async with connection.transaction():
                await connection.execute(f"SET LOCAL ROLE visits_{role}")
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement.format(table))
                break
    finally:
        await connection.close()


@pytest.mark.parametrize("role", ["public", "service"])
async def test_who_orders_nothing_puts_nothing_into_the_queue(house: House, role: str) -> None:
    connection = await asyncpg.connect(house.url)
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL ROLE visits_{role}")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetchval(queries.ORDER, uuid4())
    finally:
        await connection.close()


async def kept_as(house: House, caller: Caller, named: Caller) -> UUID:
    """Order with the caller of somebody else written down."""
    operation_id = uuid4()
    async with house.state({"count_places": in_batches([])}) as state, state.database.work(caller, ROW) as work:
        await queries.insert(
            work,
            operation_id,
            "count_places",
            arguments={"batches": 1},
            caller=usecases.written(named),
            total=1,
            days=1,
        )
    return operation_id


async def test_nothing_is_done_in_the_name_of_somebody_who_did_not_order(house: House) -> None:
    official = Caller(subject="official", audience_class="authority", roles=frozenset({"authority_official"}))
    head = Caller(subject="official", audience_class="npm", roles=frozenset({"head"}))
    other = Caller(subject="another", audience_class="authority", roles=frozenset({"authority_official"}))
    seen: list[object] = []

    ordered = [await kept_as(house, official, named) for named in (head, other)]
    async with house.worker({"count_places": in_batches(seen)}):
        ended = [await house.until(operation_id) for operation_id in ordered]

    assert [row["state"] for row in ended] == ["failed", "failed"]
    assert seen == []


async def test_an_orderer_writes_no_outcome_and_no_other_owner(house: House) -> None:
    caller = staff()
    async with house.state({"count_places": in_batches([])}) as state:
        operation_id = await house.order(state, caller, "count_places", batches=1)
        for change in ("state = 'done'", "result = '{}'", "subject = 'x'", "caller = '{}'", "attempt = 9"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with state.database.work(caller, ROW) as work:
                    await work.connection.execute(f"UPDATE operation SET {change} WHERE id = $1", operation_id)

    assert (await house.row(operation_id))["state"] == "waiting"


async def test_no_argument_and_no_caller_is_readable_by_an_orderer(house: House) -> None:
    caller = staff()
    async with house.state({"count_places": in_batches([])}) as state:
        await house.order(state, caller, "count_places", batches=1)
        for column in ("arguments", "caller", "ordered_under"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with state.database.work(caller, ROW, writing=False) as work:
                    await work.connection.fetch(f"SELECT {column} FROM operation")


async def test_the_journal_says_neither_arguments_nor_results(house: House) -> None:
    async with house.worker({"count_places": in_batches([])}) as state:
        operation_id = await house.order(state, staff(), "count_places", batches=1, place="named in confidence")
        await house.until(operation_id)

    told = await house.events(operation_id)
    assert len(told) == 2
    assert "confidence" not in json.dumps(told)


async def test_migrating_again_down_and_up_leaves_the_queue_as_it_was(cluster: Server, house: House) -> None:
    url = cluster.url("visits_owner", f"visits{SUFFIX}")
    names = "SELECT name FROM jobs.applied ORDER BY name"
    applied = [row["name"] for row in await house.owner.fetch(names)]

    await migrate(url, "visits")
    await migrate(url, "visits", revision="base", down=True)
    assert await house.owner.fetchval("SELECT to_regnamespace('jobs')") is None
    await migrate(url, "visits")

    assert applied == [change.name for change in queue.changes()]
    assert [row["name"] for row in await house.owner.fetch(names)] == applied
    assert await differences(url, "visits") == []


async def test_a_change_of_a_newer_version_is_applied_once(
    cluster: Server, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = tmp_path / "99.00.00_01_pre_newer.sql"
    newer.write_text("CREATE TABLE procrastinate_newer (id integer); INSERT INTO procrastinate_newer VALUES (1);")
    brought = queue.changes()
    monkeypatch.setattr(queue, "changes", lambda: [*brought, newer])

    for _ in range(2):
        await migrate(cluster.url("visits_owner", f"visits{SUFFIX}"), "visits")

    assert await house.owner.fetchval("SELECT count(*) FROM jobs.procrastinate_newer") == 1
    await house.owner.execute("DROP TABLE jobs.procrastinate_newer; DELETE FROM jobs.applied WHERE name LIKE '99%'")
