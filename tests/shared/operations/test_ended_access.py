"""What somebody ordered does not go on after that person's access has ended, or while nobody can tell."""

import asyncio
from typing import Any

from shared.operations import Running
from shared.operations.carrying_out import Carrier
from shared.revocations.copies import Revocations
from shared.revocations.rules import Entry, RevocationKind
from tests.shared.operations.conftest import House, in_batches, staff
from tests.waiting import eventually


def block(subject: str) -> list[Entry]:
    """Name somebody in the list."""
    return [Entry(id="1", kind=RevocationKind.SUBJECT, value=subject)]


async def did_one(seen: list[Any]) -> bool:
    """Tell whether the first batch is done."""
    return ("did", 0) in seen


async def test_the_next_batch_of_somebody_whose_access_ended_writes_nothing(house: House) -> None:
    caller, other, goes_on = staff(), staff(), asyncio.Event()
    seen: list[Any] = []

    async def wait(_batch: int) -> None:
        await goes_on.wait()

    kinds = {"count_places": in_batches(seen, wait=wait), "count_others": in_batches([], wait=wait)}
    async with house.worker(kinds) as state:
        ended = await house.order(state, caller, "count_places", batches=3)
        going_on = await house.order(state, other, "count_others", batches=3)
        await house.until(ended, "running")
        await house.until(going_on, "running")
        await eventually(lambda: did_one(seen))
        state.revocations.apply(block(caller.subject), is_whole=False)
        goes_on.set()
        kept, others = await house.until(ended), await house.until(going_on)

    assert (kept["state"], kept["problem_code"], kept["done"]) == ("failed", "access_ended", 1)
    assert (others["state"], others["done"]) == ("done", 3)
    assert seen == [("began", 0), ("did", 0)]


async def test_what_was_ordered_before_the_end_of_access_is_not_begun(house: House) -> None:
    caller, seen = staff(), list[Any]()
    kinds = {"count_places": in_batches(seen)}
    async with house.state(kinds) as state:
        operation_id = await house.order(state, caller, "count_places", batches=1)
    async with house.worker(kinds) as state:
        state.revocations.apply(block(caller.subject), is_whole=False)
        kept = await house.until(operation_id)

    assert (kept["problem_code"], seen) == ("access_ended", [("began", 0)])


async def test_a_process_that_does_not_know_yet_whose_access_ended_waits(house: House) -> None:
    seen: list[Any] = []
    async with house.worker({"count_places": in_batches(seen)}) as state:
        state.revocations = Revocations()
        operation_id = await house.order(state, staff(), "count_places", batches=1)
        await house.until(operation_id, "running")
        await asyncio.sleep(0.5)
        before = list(seen)
        state.revocations.confirm(state.revocations.clock())
        kept = await house.until(operation_id)

    assert (before, seen) == ([("began", 0)], [("began", 0), ("did", 0)])
    assert kept["state"] == "done"


async def test_what_the_service_does_by_itself_goes_on_without_the_list(house: House) -> None:
    async def run(running: Running) -> dict[str, Any]:
        async with running.work():
            return {"places": 1}

    async with house.state({"every_night": run}) as state:
        state.revocations = Revocations()
        carrier = Carrier(state, {"every_night": run}, lambda: False)
        operation_id = await carrier.begin_periodic("every_night", 1)
        async with asyncio.timeout(5):
            await carrier.carry_out(operation_id)

    assert (await house.row(operation_id))["state"] == "done"
