"""An operation is carried out as its orderer, once, and ends in a result or a problem."""

import asyncio
from typing import Any

import pytest

from shared.errors import Conflict, Unavailable
from shared.operations import Running
from tests.shared.operations.conftest import House, in_batches, staff


async def test_what_was_ordered_is_carried_out_as_its_orderer(house: House) -> None:
    caller, seen = staff(), []

    async def run(running: Running) -> dict[str, Any]:
        async with running.work() as work:
            seen.append((running.caller, await work.connection.fetchval("SELECT CURRENT_USER")))
            seen.append(await work.connection.fetchval("SELECT current_setting('a22.operation')"))
        return {"places": 3}

    async with house.worker({"count_places": run}) as state:
        operation_id = await house.order(state, caller, "count_places")
        kept = await house.until(operation_id)

    assert (kept["state"], kept["result"]) == ("done", '{"places": 3}')
    assert seen == [(caller, "visits_npm"), "npm.order_things"]
    assert await house.events(operation_id) == [
        ("operations.operation.ordered", '{"kind": "count_places"}'),
        ("operations.operation.ended", '{"kind": "count_places", "state": "done"}'),
    ]


async def test_an_order_that_is_rolled_back_leaves_neither_row_nor_job(house: House) -> None:
    async with house.worker({"count_places": in_batches([])}) as state:
        with pytest.raises(Conflict):
            async with state.database.work(staff(), None) as work:
                work.state, work.table = state, state.table
                from shared import operations

                await operations.begin(work, "count_places", arguments={"batches": 1})
                raise Conflict("no")

    assert await house.owner.fetchval("SELECT count(*) FROM operation") == 0
    assert await house.owner.fetchval("SELECT count(*) FROM jobs.procrastinate_jobs") == 0


async def test_a_refusal_is_the_operations_problem(house: House) -> None:
    async def run(_running: Running) -> dict[str, Any]:
        raise Conflict("the register is closed", code="register_closed")

    async with house.worker({"count_places": run}) as state:
        kept = await house.until(await house.order(state, staff(), "count_places"))

    assert kept["state"] == "failed"
    assert kept["problem_code"] == "register_closed"
    assert '"detail": "the register is closed"' in kept["problem"]


async def test_what_breaks_is_told_without_its_text(house: House, caplog: pytest.LogCaptureFixture) -> None:
    async def run(_running: Running) -> dict[str, Any]:
        raise ValueError("told in confidence")

    async with house.worker({"count_places": run}) as state:
        kept = await house.until(await house.order(state, staff(), "count_places"))

    assert (kept["state"], kept["problem_code"]) == ("failed", "internal_error")
    assert "told in confidence" not in kept["problem"] + caplog.text
    assert "ValueError" in caplog.text


async def test_a_failure_that_may_pass_is_tried_again(house: House) -> None:
    tries = []

    async def run(_running: Running) -> dict[str, Any]:
        tries.append(1)
        if len(tries) < 3:
            raise Unavailable
        return {}

    async with house.worker({"count_places": run}) as state:
        kept = await house.until(await house.order(state, staff(), "count_places"))

    assert (kept["state"], kept["attempt"], kept["failures"]) == ("done", 3, 2)


async def test_two_workers_run_it_once(house: House) -> None:
    seen: list[Any] = []
    kinds = {"count_places": in_batches(seen)}

    async with house.worker(kinds) as state, house.worker(kinds):
        ordered = [await house.order(state, staff(), "count_places", batches=1) for _ in range(20)]
        for operation_id in ordered:
            await house.until(operation_id)

    assert seen.count(("began", 0)) == 20
    assert seen.count(("did", 0)) == 20


async def test_two_of_a_kind_take_turns(house: House) -> None:
    at_work = most = 0

    async def run(_running: Running) -> dict[str, Any]:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.02)
        at_work -= 1
        return {}

    async with house.worker({"count_places": run}) as state, house.worker({"count_places": run}):
        for operation_id in [await house.order(state, staff(), "count_places") for _ in range(6)]:
            await house.until(operation_id)

    assert most == 1
