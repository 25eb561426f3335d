"""What comes every night: ordered once a tick however many processes there are, made up for once, forgotten in time."""

import time
from typing import Any
from uuid import UUID

from shared.app import ServiceState
from shared.jobs import Periodic
from shared.operations import Running, carrying_out
from shared.operations.forgetting import forget_operations
from tests.shared.operations.conftest import House, in_batches, staff
from tests.waiting import eventually

EVERY_SECOND = "* * * * * *"
YEARLY = "0 0 1 1 *"
DAILY = "15 2 * * *"
TICKS = "SELECT count(*) FROM operation WHERE kind = 'nightly'"


def noting(seen: list[Any]) -> Any:
    async def run(running: Running) -> dict[str, Any]:
        async with running.work() as work:
            role = await work.connection.fetchval("SELECT CURRENT_USER")
            seen.append((role, running.caller.subject, await work.today()))
        return {}

    return run


async def test_a_tick_is_carried_out_once_by_the_service_itself(house: House) -> None:
    seen: list[Any] = []
    nightly = [Periodic("nightly", cron=EVERY_SECOND, run=noting(seen))]

    async with house.worker(periodic=nightly), house.worker(periodic=nightly):
        await eventually(lambda: house.owner.fetchval(f"{TICKS} AND state = 'done' HAVING count(*) >= 2"))
    ticks = await house.owner.fetchval("SELECT count(*) FROM operation WHERE attempt > 0")

    assert len(seen) == ticks
    assert {(role, subject) for role, subject, _ in seen} == {("visits_worker", "visits-service")}


async def test_new_work_begins_with_its_next_tick(house: House) -> None:
    seen: list[Any] = []

    async with house.worker(periodic=[Periodic("nightly", cron=DAILY, run=noting(seen))]):
        await eventually(lambda: house.owner.fetchval("SELECT count(*) FROM jobs.procrastinate_periodic_defers"))
        await house.until(await ordered_aside(house))

    assert seen == []
    assert await house.owner.fetchval(TICKS) == 0


async def ordered_aside(house: House) -> UUID:
    """Order something that shows that a worker has looked into the queue."""
    async with house.worker({"count_places": in_batches([])}) as state:
        return await house.order(state, staff(), "count_places", batches=1)


async def test_missed_nights_are_made_up_for_once(house: House) -> None:
    seen: list[Any] = []
    nightly = [Periodic("nightly", cron=DAILY, run=noting(seen))]
    before = time.time() - 3 * 86400
    await house.owner.execute(
        "INSERT INTO jobs.procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp) VALUES ($1, '', $2)",
        "periodic nightly",
        int(before),
    )

    for _ in range(2):
        async with house.worker(periodic=nightly):
            await eventually(lambda: house.owner.fetchval(f"{TICKS} AND state = 'done'"))

    assert len(seen) == 1
    assert await house.owner.fetchval(TICKS) == 1


async def test_what_fails_at_night_is_kept_with_its_problem(house: House) -> None:
    async def run(_running: Running) -> dict[str, Any]:
        raise KeyError("told in confidence")

    async with house.worker(periodic=[Periodic("nightly", cron=EVERY_SECOND, run=run)]):
        await eventually(lambda: house.owner.fetchval(f"{TICKS} AND state = 'failed'"))

    assert await house.owner.fetchval("SELECT problem_code FROM operation LIMIT 1") == "internal_error"


async def test_one_tick_is_one_operation(house: House) -> None:
    async with house.state({}) as state:
        carrier = carrying_out.Carrier(state, {}, lambda: False)
        assert await carrier.begin_periodic("nightly", 1) == await carrier.begin_periodic("nightly", 1)
        assert await carrier.begin_periodic("nightly", 2) != await carrier.begin_periodic("nightly", 1)

    assert await house.owner.fetchval(TICKS) == 2


async def forgotten(house: House, state: ServiceState) -> int:
    carrier = carrying_out.Carrier(state, {"nightly": forget_operations}, lambda: False)
    operation_id = await carrier.begin_periodic("nightly", int(time.time()))
    await carrier.carry_out(operation_id)
    row = await house.row(operation_id)
    assert row["state"] == "done"
    return int(row["result"].split(":")[1].strip(" }"))


async def test_what_has_ended_is_forgotten_after_its_time(house: House) -> None:
    async with house.worker({"count_places": in_batches([])}) as state:
        ordered = [await house.order(state, staff(), "count_places", batches=1) for _ in range(4)]
        for operation_id in ordered:
            await house.until(operation_id)
    kept, expired, running, today = ordered
    await house.owner.execute(
        "UPDATE operation SET expires_on = a22_today() - 1 WHERE id = ANY($1)", [expired, running]
    )
    await house.owner.execute("UPDATE operation SET state = 'running' WHERE id = $1", running)
    await house.owner.execute("UPDATE operation SET expires_on = a22_today() WHERE id = $1", today)

    async with house.state({}) as state:
        assert await forgotten(house, state) == 1

    left = {row["id"] for row in await house.owner.fetch("SELECT id FROM operation WHERE kind = 'count_places'")}
    assert left == {kept, running, today}


async def test_an_operation_is_kept_for_as_many_days_as_the_settings_say(house: House) -> None:
    async with house.worker({"count_places": in_batches([])}) as state:
        operation_id = await house.order(state, staff(), "count_places", batches=1)
        await house.until(operation_id)

    days = await house.owner.fetchval("SELECT expires_on - a22_today() FROM operation WHERE id = $1", operation_id)
    assert days == house.settings.operation_days == 30
