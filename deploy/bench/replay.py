"""Replay of a service's journal into a consumer, through door, token and feed; against a bare loop over the same rows.

The bare loop reads as many rows from the same journal and writes them into an equal table, five hundred a transaction.
"""

import asyncio
import json
import statistics
import time
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from deploy.assembly import one_process, service_key
from deploy.bench.system import Amount, Bench, bench
from deploy.bench.table import Row
from deploy.setup import app_urls
from services.recommendations.reactions import FEEDS
from shared.db import Database
from shared.inbox import Consumer, Door
from shared.journal import FEED

FEW, FULL, AT_ONCE, A_ROUND = 20_000, 1_000_000, 500, 20
EVENTS = """
INSERT INTO journal (seq, id, queued_at, occurred_on, actor, audience, person, client, operation, action, subject_id, confidentiality,
  leaves, payload, prev_hash, hash)
SELECT n, gen_random_uuid(), now(), CURRENT_DATE, 'bench', 'visits_npm', '', 'bench', 'npm.bench', 'visits.place.registered',
  md5((n % 20000)::text)::uuid::text, 'INT', true,
  jsonb_build_object('code', 'P-' || n, 'name', 'House ' || n, 'status', 'in_use', 'place_type', 'prison', 'region', 'North'),
  sha256('bench'), sha256('bench')
FROM generate_series($1::bigint, $2::bigint) n
"""
SCRATCH = "CREATE TABLE bench_place (LIKE known_place INCLUDING ALL); CREATE TABLE bench_position (position bigint NOT NULL); INSERT INTO bench_position VALUES (0)"
KEEP = """
INSERT INTO bench_place (id, code, name, status, place_type, region, created_at, created_by, updated_at, updated_by, version,
  confidentiality, origin)
VALUES ($1, $2, $3, $4, $5, $6, now(), 'bench', now(), 'bench', 1, 'INT', 'native')
ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, status = excluded.status,
  place_type = excluded.place_type, region = excluded.region, updated_at = now()
"""


def measured(amount: Amount) -> list[Row]:
    """Fill a journal, then let consumer and bare loop take turns over it until it is read to its end."""
    events = FULL if amount.full else FEW
    with bench() as one:
        parts = [(EVENTS, start, min(start + 99_999, events)) for start in range(1, events + 1, 100_000)]
        one.execute("visits", *parts, ("VACUUM ANALYZE journal",))
        one.execute("recommendations", (SCRATCH,))
        return [asyncio.run(_replayed(one, events))]


async def _replayed(one: Bench, events: int) -> Row:
    # put together but not started: nothing else reads the feed meanwhile
    app = one_process(one.settings, app_urls(one.database))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=one.settings.base_url)
    door = Door(
        "recommendations", settings=one.settings, key=service_key(one.settings, "recommendations"), client=client
    )
    database = Database(one.database.url("recommendations_app", "recommendations"), service="recommendations")
    consumer = Consumer(database, door, "visits", FEEDS["visits"])
    journal, scratch = [await asyncpg.connect(one.admin_url(name)) for name in ("visits", "recommendations")]
    ours: list[float] = []
    bare: list[float] = []
    read = 0
    while read < events:
        began, applied = time.perf_counter(), 0
        for _ in range(A_ROUND):
            applied += await consumer.step(wait=0)
        middle = time.perf_counter()
        for _ in range(A_ROUND):
            await _copied(journal, scratch)
        ended = time.perf_counter()
        if not applied:
            raise RuntimeError("the consumer stands still")
        read += applied
        ours.append(applied / (middle - began))
        bare.append(applied / (ended - middle))
    await _all_arrived(one, database, events)
    for each in (journal, scratch):
        await each.close()
    await database.close()
    await door.close()
    ratios = [a / b for a, b in zip(ours, bare, strict=True)]
    here = f"{statistics.median(ours):.0f} events a second"
    return Row(f"replay of {events:,} events into a consumer", "bare loop over the same rows", ratios, "", here)


async def _copied(journal: Any, scratch: Any) -> None:
    position = await scratch.fetchval("SELECT position FROM bench_position")
    rows = await journal.fetch(FEED, position, sorted(FEEDS["visits"]), AT_ONCE)
    told = [(UUID(row["subject_id"]), json.loads(row["payload"])) for row in rows]
    values = [
        (each, *(facts[name] for name in ("code", "name", "status", "place_type", "region"))) for each, facts in told
    ]
    async with scratch.transaction():
        await scratch.executemany(KEEP, values)
        if rows:
            await scratch.execute("UPDATE bench_position SET position = $1", rows[-1]["seq"])


async def _all_arrived(one: Bench, database: Database, events: int) -> None:
    """Insist that the last state of every place is there: a fast replay that loses is none."""
    connection = await asyncpg.connect(one.admin_url(database.service))
    position = await connection.fetchval("SELECT position FROM inbox WHERE source = 'visits'")
    differing = await connection.fetchval(
        "SELECT count(*) FROM bench_place b FULL JOIN known_place k USING (id) WHERE (b.code, b.name) IS DISTINCT FROM (k.code, k.name)"
    )
    await connection.close()
    if position != events or differing:
        raise RuntimeError(f"the replay ended at {position} of {events}, with {differing} places that differ")
