"""Consumers killed in the middle of a batch: every effect exactly once, and each at the right position."""

import asyncio
import itertools
import random
import time
from collections import Counter

import asyncpg
import pytest

from tests.knocks import judge
from tests.knocks.chance import say, size
from tests.knocks.clients import PLACES, Writers
from tests.knocks.conftest import Start, ready_within
from tests.knocks.processes import System

#: Generous: what is judged is what is kept, not how fast a loaded machine starts.
pytestmark = pytest.mark.timeout(600)


CONSUMERS = ("complaints", "recommendations", "stakeholders")
#: Counts, beside the product's own tables, each effect of an event about a place: an upsert alone would hide a second one.
COUNTED = """
CREATE TABLE IF NOT EXISTS knocks_effect (place_id text NOT NULL);
CREATE OR REPLACE FUNCTION knocks_count() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN INSERT INTO knocks_effect VALUES (NEW.id::text); RETURN NEW; END $$;
CREATE OR REPLACE TRIGGER knocks_count AFTER INSERT OR UPDATE ON known_place FOR EACH ROW EXECUTE FUNCTION knocks_count();
"""
NOT_COUNTED = """
DROP TRIGGER IF EXISTS knocks_count ON known_place; DROP FUNCTION IF EXISTS knocks_count; DROP TABLE IF EXISTS knocks_effect;
"""
IN_A_BATCH = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = $1 AND xact_start IS NOT NULL AND query ILIKE '%known_place%' AND pid <> pg_backend_pid()
"""
EVENTS = """
SELECT subject_id, count(*) AS times, max(seq) AS last FROM journal
WHERE action LIKE 'visits.place.%' AND leaves AND seq > $1 GROUP BY subject_id
"""
PATIENCE_SECONDS = 60


async def counting(system: System, statement: str) -> None:
    """Begin or end to count effects in every consumer's database."""
    for service in CONSUMERS:
        connection = await asyncpg.connect(system.admin_url(service))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


async def kills(system: System, service: str, part: str, number: int, chance: random.Random) -> int:
    """Kill what consumes for a service while it is in the middle of a batch, so many times."""
    connection = await asyncpg.connect(system.admin_url(service))
    try:
        for _ in range(number):
            await _in_the_middle(connection, service, chance)
            system.kill(part)
            await asyncio.sleep(chance.random() / 2)
            system.start(part)
        return number
    finally:
        await connection.close()


async def _in_the_middle(connection: asyncpg.Connection, service: str, chance: random.Random) -> None:
    """Wait for a transaction that applies events; the first one seen or, by chance, a later moment."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if await connection.fetchval(IN_A_BATCH, service) and chance.random() < 0.3:
            return
        await asyncio.sleep(0.002)
    raise AssertionError(f"{service} applies nothing")


async def exactly_once(system: System, after: int) -> int:
    """Hold the counted effects of each consumer against the events of the producer; gives the number of events."""
    await judge.sealed(system)
    events = await judge.rows(system, "visits", EVENTS, after)
    told, last = Counter({row["subject_id"]: row["times"] for row in events}), max(row["last"] for row in events)
    for service in CONSUMERS:
        for _ in range(600):
            position = (await judge.rows(system, service, "SELECT position FROM inbox WHERE source = 'visits'"))[0][0]
            if position >= last:
                break
            await asyncio.sleep(0.2)
        found = await judge.rows(system, service, "SELECT place_id FROM knocks_effect")
        assert Counter(row["place_id"] for row in found) == told, f"{service}: effects and events differ"
        assert position == last, f"{service}: position {position}, the feed ends at {last}"
    return told.total()


async def writing(writers: Writers, enough: asyncio.Event) -> None:
    """Give the consumers something to apply until it is enough."""
    run = writers.run
    for lap in itertools.count():
        if enough.is_set():
            return
        # a name has at most 200 letters, however many laps a slow machine needs
        writers.run = f"{run}-{lap}"
        await writers.write(100, clients=6)


async def consumed(system: System, chance: random.Random, killing: dict[str, str], number: int) -> None:
    """Write places and kill consumers (service: part that consumes for it) meanwhile; then judge."""
    after = (await judge.rows(system, "visits", "SELECT coalesce(max(seq), 0) FROM journal"))[0][0]
    await judge.projections_equal(system)
    await counting(system, COUNTED)
    writers, enough = Writers(system.port, chance, f"c-{chance.randrange(10**9)}", kinds=(PLACES,)), asyncio.Event()
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(writing(writers, enough))
            done = await asyncio.gather(
                *(kills(system, service, part, number, chance) for service, part in killing.items())
            )
            enough.set()
        await ready_within(system.port, 90)
        events = await exactly_once(system, after)
        await judge.projections_equal(system)
        say(f"  {sum(done)} consumers killed in the middle of a batch, {events} events, each applied once")
    finally:
        await counting(system, NOT_COUNTED)


async def test_a_consumer_killed_in_the_middle_of_a_batch_applies_every_event_once(
    small: System, chance: random.Random
) -> None:
    await consumed(small, chance, {"complaints": "all"}, 2)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_over_fifty_kills_of_consumers_every_effect_is_there_exactly_once(
    start: Start, chance: random.Random
) -> None:
    each = -(-size("CONSUMER_KILLS", 51) // len(CONSUMERS))
    system = await start("five")

    await consumed(system, chance, {service: service for service in CONSUMERS}, each)

    await judge.chains_hold(system)
