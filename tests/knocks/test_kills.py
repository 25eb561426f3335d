"""Kills at random points while many clients write: nothing acknowledged is lost, nothing is done twice or by half."""

import asyncio
import random

import pytest

from tests.knocks import judge
from tests.knocks.chance import say, size
from tests.knocks.clients import Writers
from tests.knocks.conftest import Start, ready_within
from tests.knocks.processes import System

#: Generous: what is judged is what is kept, not how fast a loaded machine starts.
pytestmark = pytest.mark.timeout(600)


READY_WITHIN_SECONDS = 10
#: A part that was killed must start first: Python, imports, keys; on a loaded machine this takes its time.
STARTED_WITHIN_SECONDS = 60
DATABASES = ("visits", "recommendations", "complaints", "stakeholders")


async def knock(system: System, victim: str, chance: random.Random) -> str:
    """Kill one victim, start what does not come back by itself, and wait until the system is ready."""
    if victim == "postmaster":
        system.postgres.kill()
        await asyncio.sleep(chance.random() * 2)
        system.postgres.start()
        return f"postmaster, ready {await ready_within(system.port, READY_WITHIN_SECONDS):.1f} s after it was back"
    if victim == "backend":
        database = chance.choice(DATABASES)
        killed = system.postgres.kill_backend(database)
        assert killed, f"nobody works for {database}"
        return f"backend of {database}, ready after {await ready_within(system.port, READY_WITHIN_SECONDS):.1f} s"
    system.kill(victim)
    await asyncio.sleep(chance.random())
    system.start(victim)
    return f"{victim}, ready after {await ready_within(system.port, STARTED_WITHIN_SECONDS):.1f} s"


async def knocked(system: System, writers: Writers, total: int, victims: list[str], chance: random.Random) -> None:
    """Write, and kill the victims in turn at random points of the writing."""
    share = total * 0.9 / len(victims)
    async with asyncio.TaskGroup() as both:
        both.create_task(writers.write(total))
        for number, victim in enumerate(victims):
            await writers.reached(share * (number + chance.random()))
            await asyncio.sleep(chance.random() / 5)
            at = writers.count
            assert at < total
            say(f"  at {at}: {await knock(system, victim, chance)}")


async def survived(system: System, writers: Writers, total: int, before: judge.Before = frozenset()) -> None:
    """Judge everything after the knocks."""
    assert writers.count == total
    await judge.nothing_lost_or_doubled(system, writers, before=before)
    await judge.projections_equal(system)
    count = await judge.chains_hold(system)
    say(f"  {total} acknowledged, {count} journal rows, met {dict(writers.met)}, slowest {writers.slowest:.1f} s")


async def test_a_few_kills_lose_nothing_and_do_nothing_twice(small: System, chance: random.Random) -> None:
    before = await judge.there(small)
    writers = Writers(small.port, chance, f"few-{chance.randrange(10**9)}")

    await knocked(small, writers, 300, ["backend", "all", "postmaster"], chance)

    await survived(small, writers, 300, before)


@pytest.mark.long
@pytest.mark.timeout(1500)
@pytest.mark.parametrize(
    ("shape", "victims", "share"),
    [
        ("one", ["postmaster", "all", "backend"], 0.3),
        ("five", ["visits", "postmaster", "gateway", "complaints", "backend", "stakeholders", "recommendations"], 0.7),
    ],
)
async def test_of_acknowledged_writes_none_is_lost_none_doubled_and_the_chains_hold(
    start: Start, chance: random.Random, shape: str, victims: list[str], share: float
) -> None:
    system = await start(shape)
    total, kills = round(size("WRITES", 20_000) * share), round(size("KILLS", 20) * share)
    chosen = [victims[number % len(victims)] for number in range(kills)]
    chance.shuffle(chosen)
    writers = Writers(system.port, chance, f"{shape}-{chance.randrange(10**9)}")

    await knocked(system, writers, total, chosen, chance)

    await survived(system, writers, total)
