"""A register that grows: the first page and a page in the middle, latency of one reader, small and large."""

import asyncio
import json
import statistics
from collections.abc import Iterator
from http.client import HTTPConnection

from deploy.bench import load
from deploy.bench.load import Measured, Target
from deploy.bench.system import FILL, GATEWAY_PORT, Amount, Bench, bench, token
from deploy.bench.table import Row

SMALL, LARGE, FULL = 10_000, 100_000, 1_000_000
LISTS = {"all places by name": "sort=name", "one kind of place by name": "place_type=prison&sort=name", "by last change": "sort=-updated_at"}  # fmt: skip


def measured(amount: Amount) -> list[Row]:
    """Measure at the small size, let the register grow, measure again."""
    large = FULL if amount.full else LARGE
    with bench() as one:
        firsts: dict[str, float] = {}
        rows: list[Row] = []
        for begins, size in ((1, SMALL), (SMALL + 1, large)):
            _grow(one, begins, size)
            with one.served():
                for name, query in LISTS.items():
                    row, first = _compared(name, query, size, amount)
                    rows.append(row)
                    if name in firsts:
                        rows.append(_grown(name, firsts[name], first, size))
                    firsts[name] = first
    return rows


def _grow(one: Bench, begins: int, size: int) -> None:
    parts = [(FILL, start, min(start + 99_999, size)) for start in range(begins, size + 1, 100_000)]
    # as after some hours of life: counted, and every row marked as seen by all
    one.execute("visits", *parts, ("VACUUM ANALYZE place",), ("CHECKPOINT",))


def _compared(name: str, query: str, size: int, amount: Amount) -> tuple[Row, float]:
    cursor = _cursor_in_the_middle(query)
    firsts: list[Measured] = []
    deeps: list[Measured] = []
    for _ in range(amount.rounds):
        given = token(GATEWAY_PORT, "staff")
        for found, path in ((firsts, query), (deeps, f"{query}&cursor={cursor}")):
            target = Target(GATEWAY_PORT, "GET", f"/v1/npm/places?{path}", given)
            found.append(asyncio.run(load.measure(target, seconds=amount.seconds, connections=1)))
    ratios = [deep.p50 / first.p50 for first, deep in zip(firsts, deeps, strict=True)]
    first, deep = (statistics.median(each.p50 for each in found) for found in (firsts, deeps))
    here = f"{first * 1000:.2f} ms, {deep * 1000:.2f} ms"
    what = f"{name}, page in the middle of {size:,}, latency"
    return Row(what, "first page", ratios, "at most 1.5" if size > SMALL else "", here), first


def _grown(name: str, before: float, after: float, size: int) -> Row:
    here = f"{before * 1000:.2f} ms, {after * 1000:.2f} ms"
    return Row(f"{name}, first page of {size:,}, latency", f"first page of {SMALL:,}", (after / before,), "", here)


def _cursor_in_the_middle(query: str) -> str:
    """Page to the middle as a client does; gives the cursor there."""
    passed: list[str] = []
    for cursor in _cursors(query):
        passed.append(cursor)
    return passed[len(passed) // 2]


def _cursors(query: str) -> Iterator[str]:
    """Page to the end; the cursor of every hundredth row. A cursor is bound to caller and query, not to the size of pages."""
    connection, cursor = HTTPConnection("127.0.0.1", GATEWAY_PORT, timeout=60), ""
    given = ""
    for turn in range(10**6):
        if turn % 500 == 0:
            given = token(GATEWAY_PORT, "staff")
        path = f"/v1/npm/places?{query}&limit=100" + (f"&cursor={cursor}" if cursor else "")
        connection.request("GET", path, headers={"Authorization": f"Bearer {given}"})
        answer = connection.getresponse()
        told = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"page {turn} answered {answer.status}")
        cursor = told["next_cursor"]
        if not cursor:
            break
        yield cursor
    connection.close()
