"""Export of a long list as CSV through everything, against PostgreSQL's COPY of the same rows as the same role."""

import asyncio
import statistics
import time
from http.client import HTTPConnection

import asyncpg

from deploy.bench.bare import BEGIN
from deploy.bench.system import FILL, GATEWAY_PORT, Amount, Bench, bench, token
from deploy.bench.table import Row
from services.visits.places.queries import PLACES

ROWS = 50_000
COPY = f"SELECT {PLACES.columns} FROM {PLACES.source} ORDER BY p.sort_name, p.id"  # noqa: S608 - fixed text of queries.py


def measured(amount: Amount) -> list[Row]:
    """Measure; the export must hold every row."""
    with bench() as one:
        one.execute("visits", (FILL, 1, ROWS), ("VACUUM ANALYZE place",))
        with one.served() as serving:
            idle = serving.resident_megabytes()
            pairs = [(_exported(), asyncio.run(_copied(one))) for _ in range(amount.rounds)]
            after = serving.resident_megabytes()
    ours = statistics.median(ROWS / seconds for seconds, _ in pairs)
    return [
        Row(
            f"export of {ROWS:,} places as CSV",
            "COPY of the same rows",
            [copied / exported for exported, copied in pairs],
            "",
            f"{ours:.0f} rows a second, {idle:.0f} MB before, {after:.0f} MB after",
        )
    ]


def _exported() -> float:
    """Fetch the list as CSV; gives the seconds."""
    given = token(GATEWAY_PORT, "staff", step_up=True)
    connection = HTTPConnection("127.0.0.1", GATEWAY_PORT, timeout=300)
    began = time.perf_counter()
    connection.request(
        "GET", "/v1/npm/places?sort=name", headers={"Authorization": f"Bearer {given}", "Accept": "text/csv"}
    )
    answer = connection.getresponse()
    lines = answer.read().count(b"\n")
    seconds = time.perf_counter() - began
    connection.close()
    if answer.status != 200 or lines < ROWS:
        raise RuntimeError(f"the export answered {answer.status} with {lines} lines")
    return seconds


async def _copied(one: Bench) -> float:
    """Copy the same rows out as the same role; gives the seconds."""
    connection = await asyncpg.connect(one.database.url("visits_app", "visits"))
    taken = 0

    async def take(some: bytes) -> None:
        nonlocal taken
        taken += some.count(b"\n")

    began = time.perf_counter()
    await connection.execute(BEGIN)
    await connection.copy_from_query(COPY, output=take, format="csv")
    await connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    await connection.close()
    if taken < ROWS:
        raise RuntimeError(f"COPY gave {taken} lines")
    return seconds
