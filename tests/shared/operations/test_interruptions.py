"""Cancelled, stopped, killed, cut off from the database: an operation goes on where its last commit stands, or ends."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from deploy.postgres.server import Server
from shared.app import ServiceState
from shared.caller import Caller
from shared.errors import NotFound, PreconditionFailed
from shared.journal import Event
from shared.operations import Cancelled, Running, usecases
from shared.operations.rules import OPERATION, OperationAction, OperationState, wait_seconds
from shared.workflow import IllegalTransition
from tests.shared.operations.conftest import ROW, House, for_ever, in_batches, staff
from tests.waiting import eventually


async def cancelled(state: ServiceState, caller: Caller, operation_id: UUID, if_match: str = "*") -> None:
    async with state.database.work(caller, ROW) as work:
        work.state, work.table = state, state.table
        await usecases.cancel(work, operation_id, if_match, '"tag"')


def stopping_at(batch: int) -> Any:
    async def wait(done: int) -> None:
        if done == batch:
            await for_ever(done)

    return wait


async def test_a_waiting_operation_is_cancelled_at_once_and_never_begins(house: House) -> None:
    caller, seen = staff(), []  # type: Caller, list[Any]
    kinds = {"count_places": in_batches(seen)}
    async with house.state(kinds) as state:
        operation_id = await house.order(state, caller, "count_places", batches=1)
        await cancelled(state, caller, operation_id)
    async with house.worker(kinds):
        await eventually(lambda: house.owner.fetchval("SELECT NOT EXISTS (SELECT 1 FROM jobs.procrastinate_jobs)"))

    assert (await house.row(operation_id))["state"] == "cancelled"
    assert seen == []
    assert (await house.events(operation_id))[-1][1] == '{"kind": "count_places", "state": "cancelled"}'


async def test_a_running_operation_writes_nothing_after_it_was_cancelled(house: House) -> None:
    caller, goes_on, ended = staff(), asyncio.Event(), []

    async def run(running: Running) -> dict[str, Any]:
        async with running.work() as work:
            await running.advance(work, 1, 2)
        await goes_on.wait()
        try:
            async with running.work() as work:
                await running.advance(work, 2, 2)
        except Cancelled:
            ended.append("cancelled")
            raise
        return {}

    async with house.worker({"count_places": run}) as state:
        operation_id = await house.order(state, caller, "count_places")
        await eventually(lambda: house.owner.fetchval("SELECT true FROM operation WHERE done = 1"))
        await cancelled(state, caller, operation_id)
        goes_on.set()
        await eventually(lambda: house.owner.fetchval("SELECT NOT EXISTS (SELECT 1 FROM jobs.procrastinate_jobs)"))
        kept = await house.row(operation_id)

    assert (kept["state"], kept["done"], kept["result"]) == ("cancelled", 1, None)
    assert ended == ["cancelled"]


async def test_a_transaction_without_progress_is_not_kept_either(house: House) -> None:
    caller, opened, goes_on = staff(), asyncio.Event(), asyncio.Event()

    async def run(running: Running) -> dict[str, Any]:
        async with running.work() as work:
            work.record(Event("visits.thing.counted", running.id, {}))
            opened.set()
            await goes_on.wait()
        raise AssertionError("committed")

    async with house.worker({"count_places": run}) as state:
        operation_id = await house.order(state, caller, "count_places")
        await opened.wait()
        await cancelled(state, caller, operation_id)
        goes_on.set()
        await eventually(lambda: house.owner.fetchval("SELECT NOT EXISTS (SELECT 1 FROM jobs.procrastinate_jobs)"))

    assert (await house.row(operation_id))["state"] == "cancelled"
    assert "visits.thing.counted" not in dict(await house.events(operation_id))


async def test_nobody_cancels_or_sees_what_somebody_else_ordered(house: House) -> None:
    mine, other = staff(), staff()
    async with house.state({"count_places": in_batches([])}) as state:
        operation_id = await house.order(state, mine, "count_places", batches=1)

        with pytest.raises(NotFound):
            await cancelled(state, other, operation_id)
        async with state.database.work(other, ROW, writing=False) as work:
            assert await work.connection.fetch("SELECT id FROM operation") == []
        with pytest.raises(PreconditionFailed):
            await cancelled(state, mine, operation_id, '"another version"')

    assert (await house.row(operation_id))["state"] == "waiting"


async def test_a_stopped_process_leaves_the_rest_to_the_next(house: House) -> None:
    seen: list[Any] = []
    async with house.worker({"count_places": in_batches(seen, wait=stopping_at(2))}) as state:
        operation_id = await house.order(state, staff(), "count_places", batches=4)
        await eventually(lambda: house.owner.fetchval("SELECT true FROM operation WHERE done = 2"))
    assert await house.owner.fetchval("SELECT status FROM jobs.procrastinate_jobs") == "todo"

    async with house.worker({"count_places": in_batches(seen)}):
        kept = await house.until(operation_id)

    assert (kept["state"], kept["done"], kept["attempt"]) == ("done", 4, 2)
    assert seen == [("began", 0), ("did", 0), ("did", 1), ("began", 2), ("did", 2), ("did", 3)]


async def test_a_worker_that_only_seemed_dead_writes_nothing_more(house: House) -> None:
    seen: list[Any] = []
    goes_on = asyncio.Event()

    async def pause(done: int) -> None:
        if done == 1:
            await goes_on.wait()

    async with house.worker({"count_places": in_batches(seen, wait=pause)}) as state:
        operation_id = await house.order(state, staff(), "count_places", batches=3)
        await eventually(lambda: house.owner.fetchval("SELECT true FROM operation WHERE done = 1"))
        # what another process does that has not heard of this one for too long
        await house.owner.execute(
            "UPDATE jobs.procrastinate_jobs SET status = 'todo'::jobs.procrastinate_job_status, worker_id = NULL"
        )
        await eventually(lambda: house.owner.fetchval("SELECT true FROM operation WHERE attempt = 2"))
        kept = await house.until(operation_id)
        goes_on.set()
        await asyncio.sleep(0.2)

    assert (kept["state"], kept["done"]) == ("done", 3)
    assert seen == [("began", 0), ("did", 0), ("began", 1), ("did", 1), ("did", 2)]


async def test_a_worker_whose_connections_are_cut_comes_back_by_itself(
    house: House, cluster: Server, caplog: pytest.LogCaptureFixture
) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'visits_operations' AND pid <> pg_backend_pid() AND usename = 'visits_app'"
    async with house.worker({"count_places": in_batches([])}) as state:
        await house.until(await house.order(state, staff(), "count_places", batches=1))
        admin = await asyncpg.connect(cluster.admin_url)
        assert len(await admin.fetch(cut)) >= 2
        await admin.close()
        async with house.state(state.operations) as another:
            kept = await house.until(await house.order(another, staff(), "count_places", batches=1))

    assert kept["state"] == "done"
    password = cluster.url("visits_app", "visits").split(":")[2].split("@")[0]
    assert password not in caplog.text
    assert len(caplog.records) <= 4


def test_every_pair_of_state_and_action_is_decided() -> None:
    taken = {(state, action): step.to for (state, action), step in OPERATION.transitions.items()}
    for state in OperationState:
        for action in OperationAction:
            if (state, action) not in taken:
                with pytest.raises(IllegalTransition):
                    OPERATION.step(state, action)
    assert {state for state, _ in taken} | OPERATION.final == set(OperationState)


def test_waits_grow_and_stay_bounded() -> None:
    assert [wait_seconds(failures) for failures in (1, 2, 3, 6, 7, 100)] == [1, 2, 4, 32, 60, 60]


async def test_a_kind_that_nobody_carries_out_is_a_mistake_of_ours(house: House) -> None:
    async with house.state({}) as state:
        with pytest.raises(LookupError):
            await house.order(state, staff(), "count_places")
