"""Events applied together: in their order, each exactly once, wherever the consumer dies."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from deploy.postgres.server import Server
from shared.db import Database, Work
from shared.inbox import Consumer, Reaction, Received, Together, _in_runs

SOON = date(2026, 1, 1)


class Killed(Exception):
    """A consumer that dies in the middle of a batch."""


@pytest_asyncio.fixture
async def database(cluster: Server) -> AsyncIterator[Database]:
    """Give the visits database, without a service running over it."""
    made = Database(cluster.url("visits_app", "visits"), service="visits", pool_size=4)
    yield made
    await made.close()


async def nothing(_work: Work, _events: Sequence[Received]) -> None:
    """React with nothing."""


REACTIONS: dict[str, Reaction] = {"place": Together(nothing), "person": Together(nothing)}


def received(sequence: int, name: str, subject: str) -> Received:
    return Received(sequence, str(uuid4()), name, subject, SOON, {})


@given(st.lists(st.tuples(st.sampled_from(list(REACTIONS)), st.sampled_from("abc")), max_size=30))
def test_runs_keep_the_order_and_hold_one_reaction_and_each_subject_once(told: list[tuple[str, str]]) -> None:
    events = [received(number, name, subject) for number, (name, subject) in enumerate(told)]

    runs = list(_in_runs(events, REACTIONS))

    assert [event for _, run in runs for event in run] == events
    for reaction, run in runs:
        assert {id(REACTIONS[event.name]) for event in run} == {id(reaction)}
        assert len({event.subject_id for event in run}) == len(run)


def counting(run: str, chance: random.Random) -> Callable[[Work, Sequence[Received]], Awaitable[None]]:
    """Count each effect of each event, and die now and then after some of them."""

    async def count(work: Work, events: Sequence[Received]) -> None:
        await work.connection.execute(
            "INSERT INTO inbox (source, position) SELECT each, 1 FROM unnest($1::text[]) each "
            "ON CONFLICT (source) DO UPDATE SET position = inbox.position + 1",
            [f"{run} {event.sequence}" for event in events],
        )
        if chance.random() < 0.3:
            raise Killed

    return count


async def test_events_applied_together_have_their_effect_exactly_once_wherever_the_consumer_dies(
    cluster: Server, database: Database
) -> None:
    run, chance = uuid4().hex, random.Random(22)
    reaction = Together(counting(run, chance))
    # the same places again and again, and a step that reads what was applied before once more
    events = [received(number, "counted", str(number % 7)) for number in range(1, 61)]
    consumer = Consumer(database, None, f"together {run}", {"counted": reaction})  # type: ignore[arg-type]
    deaths = 0

    for start in range(0, 60, 10):
        while True:
            try:
                await consumer.apply(events[max(0, start - 5) : start + 10])
                break
            except Killed:
                deaths += 1

    connection = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    kept = await connection.fetch("SELECT position FROM inbox WHERE source LIKE $1", f"{run} %")
    await connection.close()
    assert deaths > 0
    assert [row["position"] for row in kept] == [1] * 60


@pytest.mark.parametrize("died", [False, True])
async def test_a_consumer_reads_on_from_where_it_stands_and_asks_again_after_a_death(
    database: Database, died: bool
) -> None:
    run = uuid4().hex
    asked: list[int] = []
    feed = [received(number, "counted", str(number)) for number in range(1, 5)]

    class Feed:
        async def get(self, _path: str, *, after: int, **_rest: object) -> dict[str, object]:
            asked.append(after)
            return {
                "items": [
                    {"type": "org.npm.counted.v1", "sequence": str(each.sequence), "id": each.id, "subject": each.subject_id,
                     "time": "2026-01-01T00:00:00Z", "data": {}}
                    for each in feed if each.sequence > after
                ][:2]
            }  # fmt: skip

    deaths = iter([Killed] if died else [])

    async def react(_work: Work, _events: Sequence[Received]) -> None:
        if next(deaths, None):
            raise Killed

    consumer = Consumer(database, Feed(), f"reading {run}", {"counted": Together(react)})  # type: ignore[arg-type]
    for _ in range(3 + died):
        try:
            await consumer.step(wait=0)
        except Killed:
            continue

    assert asked == ([0, 0, 2, 4] if died else [0, 2, 4])
