"""What the door costs: gateway, token and scope in front of a service, against the same service called directly."""

import asyncio
import statistics

from deploy.bench import load
from deploy.bench.limit import ROWS, some_place
from deploy.bench.load import Target
from deploy.bench.system import DIRECT_PORT, FILL, GATEWAY_PORT, Amount, bench, running, token
from deploy.bench.table import Row


def measured(amount: Amount) -> list[Row]:
    """Measure a list and a read through both; they must answer the same bytes first."""
    with bench() as one:
        one.execute("visits", (FILL, 1, ROWS), ("ANALYZE",))
        alone = {
            **one.environment,
            "A22_SERVICE_DATABASE_URL": one.database.url("visits_app", "visits"),
            "A22_BENCH_PORT": str(DIRECT_PORT),
        }
        with one.served(), running(["-m", "deploy.bench.direct"], DIRECT_PORT, alone):
            place_id = asyncio.run(some_place(one))
            paths = {"list 50": "/v1/npm/places?place_type=prison&sort=name", "read one": f"/v1/npm/places/{place_id}"}
            return [_compared(name, path, amount) for name, path in paths.items()]


def _compared(name: str, path: str, amount: Amount) -> Row:
    ratios, rates = [], []
    for turn in range(amount.rounds):
        through = Target(GATEWAY_PORT, "GET", path, token(GATEWAY_PORT, "staff"))
        direct = Target(DIRECT_PORT, "GET", path)
        if turn == 0 and asyncio.run(load.read(through))[1] != asyncio.run(load.read(direct))[1]:
            raise RuntimeError(f"{name}: the two do not answer the same bytes")
        ours, theirs = (asyncio.run(load.measure(each, seconds=amount.seconds)) for each in (through, direct))
        ratios.append(ours.rate / theirs.rate)
        rates.append(ours.rate)
    here = f"{statistics.median(rates):.0f} a second"
    return Row(f"{name} through gateway, token and scope", "the service called directly", ratios, "0.9", here)
