"""List, read and create against bare handlers that do the same work; start and memory of the serving process."""

import asyncio
import json
import statistics

import asyncpg

from deploy.bench import load
from deploy.bench.load import Measured, Target
from deploy.bench.system import BARE_PORT, FILL, GATEWAY_PORT, Amount, Bench, bench, running, token
from deploy.bench.table import Row

ROWS = 50_000
GOALS = {"list 50 of 50,000, filtered and sorted": "0.65", "read one": "0.5", "create one, with journal": "0.5"}


def measured(amount: Amount) -> list[Row]:
    """Measure; both must answer the same bytes first."""
    with bench() as one:
        one.execute("visits", (FILL, 1, ROWS), ("ANALYZE",))
        bare = {"A22_SERVICE_DATABASE_URL": one.database.url("visits_app", "visits"), "A22_BENCH_PORT": str(BARE_PORT)}
        with one.served() as serving, running(["-m", "deploy.bench.bare"], BARE_PORT, bare, path="/places"):
            idle = serving.resident_megabytes()
            place_id = asyncio.run(some_place(one))
            _same_bytes(place_id)
            rows = [_compared(name, place_id, amount) for name in _targets(place_id)]
            after = serving.resident_megabytes()
    memory = f"{idle:.0f} MB idle, {after:.0f} MB after the load"
    return [
        *rows,
        Row("start of the serving process to ready", "-", (), "4 s", f"{serving.seconds_to_ready:.1f} s"),
        Row("resident memory, without PostgreSQL", "-", (), "250 MB idle", memory),
    ]


async def some_place(one: Bench) -> str:
    """Give the id of a place in the middle."""
    connection = await asyncpg.connect(one.admin_url("visits"))
    place_id = await connection.fetchval("SELECT id::text FROM place WHERE code = 'BENCH-25000'")
    await connection.close()
    return str(place_id)


def _targets(place_id: str) -> dict[str, tuple[Target, Target]]:
    staff = token(GATEWAY_PORT, "staff")
    listed = "/v1/npm/places?place_type=prison&sort=name"
    names = iter(GOALS)
    return {
        next(names): (Target(GATEWAY_PORT, "GET", listed, staff), Target(BARE_PORT, "GET", "/places")),
        next(names): (
            Target(GATEWAY_PORT, "GET", f"/v1/npm/places/{place_id}", staff),
            Target(BARE_PORT, "GET", f"/places/{place_id}"),
        ),
        next(names): (
            Target(GATEWAY_PORT, "POST", "/v1/npm/places", staff, creates=True),
            Target(BARE_PORT, "POST", "/places", creates=True),
        ),
    }


def _same_bytes(place_id: str) -> None:
    """Insist that both answer the same bytes; the cursor is the only thing that the limit does not make."""
    for name, (ours, limit) in _targets(place_id).items():
        if ours.creates:
            continue
        first, second = (asyncio.run(load.read(target))[1] for target in (ours, limit))
        shown = [json.loads(body) for body in (first, second)]
        for each in shown:
            each.pop("next_cursor", None)
        if shown[0] != shown[1] or len(first.split(b',"next_cursor"')[0]) != len(second.split(b',"next_cursor"')[0]):
            raise RuntimeError(f"{name}: the two do not answer the same bytes")


def _compared(name: str, place_id: str, amount: Amount) -> Row:
    ours: list[Measured] = []
    limit: list[Measured] = []
    for _ in range(amount.rounds):
        pair = _targets(place_id)[name]
        ours.append(asyncio.run(load.measure(pair[0], seconds=amount.seconds)))
        limit.append(asyncio.run(load.measure(pair[1], seconds=amount.seconds)))
    ratios = [a.rate / b.rate for a, b in zip(ours, limit, strict=True)]
    rate, p99 = (statistics.median(getattr(each, figure) for each in ours) for figure in ("rate", "p99"))
    return Row(name, "bare handler", ratios, GOALS[name], f"{rate:.0f} a second, p99 {p99 * 1000:.0f} ms")
