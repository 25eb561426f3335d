"""What the third wall costs: the same list of fifty with row-level security and without, in the bare handler and through everything.

Policies are switched off and on between the measurements of a round, in a database that is thrown away.
"""

import asyncio
import statistics

from deploy.bench import load
from deploy.bench.limit import ROWS
from deploy.bench.load import Target
from deploy.bench.system import BARE_PORT, FILL, GATEWAY_PORT, Amount, Bench, bench, running, token
from deploy.bench.table import Row

LISTED = "/v1/npm/places?place_type=prison&sort=name"
SWITCH = """
DO $$ DECLARE each record; BEGIN
  FOR each IN SELECT oid::regclass AS name FROM pg_class WHERE relforcerowsecurity LOOP
    EXECUTE format('ALTER TABLE %s {} ROW LEVEL SECURITY', each.name);
  END LOOP;
END $$
"""
OFF, ON = SWITCH.format("DISABLE"), SWITCH.format("ENABLE")


def measured(amount: Amount) -> list[Row]:
    """Measure both ways in; the bytes must be the same with and without."""
    with bench() as one:
        one.execute("visits", (FILL, 1, ROWS), ("ANALYZE",))
        bare = {"A22_SERVICE_DATABASE_URL": one.database.url("visits_app", "visits"), "A22_BENCH_PORT": str(BARE_PORT)}
        with one.served(), running(["-m", "deploy.bench.bare"], BARE_PORT, bare, path="/places"):
            return [
                _compared(one, "in the bare handler", Target(BARE_PORT, "GET", "/places"), "at most 1.3", amount),
                _compared(one, "through the gateway", None, "at most 1.15", amount),
            ]


def _compared(one: Bench, where: str, fixed: Target | None, goal: str, amount: Amount) -> Row:
    ratios, rates = [], []
    for turn in range(amount.rounds):
        target = fixed or Target(GATEWAY_PORT, "GET", LISTED, token(GATEWAY_PORT, "staff"))
        found, shown = {}, set()
        # who begins changes from round to round
        for way in (OFF, ON) if turn % 2 else (ON, OFF):
            one.execute("visits", (way,))
            # plans are made anew once the switch is seen
            asyncio.run(load.measure(target, seconds=0.3))
            shown.add(asyncio.run(load.read(target))[1])
            found[way] = asyncio.run(load.measure(target, seconds=amount.seconds)).rate
        one.execute("visits", (ON,))
        if len(shown) != 1:
            raise RuntimeError(f"{where}: the list differs with and without row-level security")
        ratios.append(found[OFF] / found[ON])
        rates.append(found[ON])
    here = f"{statistics.median(rates):.0f} a second with it"
    return Row(f"list 50 with row-level security, {where}, time", "without it", ratios, goal, here)
