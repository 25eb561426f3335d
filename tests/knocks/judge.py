"""Judges what the databases hold against what clients were told: nothing lost, doubled or half done, every chain whole."""

import asyncio
from collections import Counter

import asyncpg

from shared.chain import first_fault
from shared.settings import DATABASES
from tests.knocks.clients import KINDS, Kind, Writers
from tests.knocks.processes import System

Before = frozenset[str]

IDS = "SELECT id::text FROM {table}"
TOLD = "SELECT subject_id FROM journal WHERE action = $1"
RESULTS = "SELECT result_id, count(*) AS keys FROM idempotency GROUP BY result_id"


async def rows(system: System, service: str, statement: str, *arguments: object) -> list[asyncpg.Record]:
    """Ask a service's database as the administrator."""
    connection = await asyncpg.connect(system.admin_url(service))
    try:
        return list(await connection.fetch(statement, *arguments))
    finally:
        await connection.close()


async def sealed(system: System, *, seconds: float = 60) -> None:
    """Wait until every committed row stands in its journal."""
    for service in DATABASES:
        for _ in range(int(seconds * 10)):
            if not (await rows(system, service, "SELECT 1 FROM journal_queue LIMIT 1")):
                break
            await asyncio.sleep(0.1)
        else:
            raise AssertionError(f"{service}: the journal is not being sealed")


async def nothing_lost_or_doubled(system: System, writers: Writers, *, before: Before = frozenset()) -> None:
    """Hold every acknowledged write against table, journal and keys; `before` are the ids that were there already."""
    await sealed(system)
    for kind, kept in writers.kept.items():
        await _judged(system, kind, kept, before)
    assert not writers.unexplained, writers.unexplained[:5]


async def there(system: System) -> Before:
    """Give the ids that are there before somebody begins to write."""
    found: set[str] = set()
    for kind in KINDS:
        found |= {row[0] for row in await rows(system, kind.service, IDS.format(table=kind.table))}
    return frozenset(found)


async def _judged(system: System, kind: Kind, kept: dict[str, str], before: Before) -> None:
    held = Counter(row[0] for row in await rows(system, kind.service, IDS.format(table=kind.table)))
    told = Counter(row[0] for row in await rows(system, kind.service, TOLD, kind.event))
    held, told = (Counter({each: n for each, n in found.items() if each not in before}) for found in (held, told))
    keys = {row[0]: row[1] for row in await rows(system, kind.service, RESULTS)}

    assert len(set(kept.values())) == len(kept), f"{kind.table}: one key gave two ids"
    lost, doubled = set(kept) - set(held), set(held) - set(kept)
    assert (len(lost), len(doubled)) == (0, 0), (
        f"{kind.table}: lost {sorted(lost)[:3]}, not asked for {sorted(doubled)[:3]}"
    )
    half = {each for each in set(held) | set(told) if held[each] != told[each]}
    assert not half, f"{kind.table}: row and journal differ for {sorted(half)[:3]}"
    assert {each: keys.get(each) for each in kept} == dict.fromkeys(kept, 1), f"{kind.table}: keys do not fit"


async def chains_hold(system: System) -> int:
    """Walk the journal of every service; gives the number of rows."""
    total = 0
    for service in DATABASES:
        connection = await asyncpg.connect(system.admin_url(service))
        try:
            fault = await first_fault(connection)
            total += await connection.fetchval("SELECT count(*) FROM journal")
        finally:
            await connection.close()
        assert fault is None, f"{service}: {fault}"
    return total


async def projections_equal(system: System, *, seconds: float = 120) -> None:
    """Wait until every consumer holds exactly the places of the register, at the position of the feed's end."""
    missing: dict[str, int] = {}
    for _ in range(int(seconds * 5)):
        held = {row[0] for row in await rows(system, "visits", "SELECT id::text FROM place")}
        missing = {}
        for service in ("complaints", "recommendations", "stakeholders"):
            known = {row[0] for row in await rows(system, service, "SELECT id::text FROM known_place")}
            assert known <= held, f"{service} knows places that are none"
            missing[service] = len(held - known)
        if not any(missing.values()):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"places that consumers do not know: {missing}")
