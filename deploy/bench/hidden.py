"""Whether time tells what an answer does not: somebody else's recommendation against one that does not exist.

An authority's official asks for drafts that were never sent to anybody, and for ids that nobody has, in pairs of changing order.
"""

import json
import random
import statistics
import time
from http.client import HTTPConnection
from uuid import UUID

from deploy.bench.system import GATEWAY_PORT, Amount, bench, token
from deploy.bench.table import Row
from shared.ids import fresh_id

PAIRS, DRAFTS, WARM_UP = 2_000, 50, 200
#: A token lasts five minutes.
PAIRS_PER_TOKEN = 500


def measured(amount: Amount) -> list[Row]:
    """Measure; both must answer 404 with the same bytes but for the request's own id."""
    with bench() as one, one.served():
        drafts = [_drafted(token(GATEWAY_PORT, "staff")) for _ in range(DRAFTS)]
        rounds = [_pairs(drafts) for _ in range(amount.rounds)]
    ratios = [hidden / absent for hidden, absent in rounds]
    apart = statistics.median(hidden - absent for hidden, absent in rounds)
    milliseconds = statistics.median(absent for _, absent in rounds)
    return [
        Row(
            f"a hidden recommendation, latency, {PAIRS:,} pairs",
            "one that does not exist",
            ratios,
            "within 5 % or 1 ms",
            f"{apart * 1000:+.3f} ms of {milliseconds * 1000:.2f} ms",
        )
    ]


def _drafted(given: str) -> UUID:
    status, body, _ = _asked(_connection(), "POST", "/v1/npm/recommendations", given, {"text": {"en": "Do better."}})
    if status != 201:
        raise RuntimeError(f"the draft was answered with {status}")
    return UUID(json.loads(body)["id"])


def _pairs(drafts: list[UUID]) -> tuple[float, float]:
    """Give the median seconds of the hidden and of the absent ones."""
    chance, connection, given = random.Random(22), _connection(), ""
    hidden: list[float] = []
    absent: list[float] = []
    for turn in range(PAIRS + WARM_UP):
        if turn % PAIRS_PER_TOKEN == 0:
            given = token(GATEWAY_PORT, "authority-official")
        pair = [(hidden, chance.choice(drafts)), (absent, fresh_id())]
        chance.shuffle(pair)
        shown = set()
        for taken, identity in pair:
            status, body, seconds = _asked(connection, "GET", f"/v1/authority/recommendations/{identity}", given)
            shown.add((status, json.dumps({**json.loads(body), "instance": ""})))
            if turn >= WARM_UP:
                taken.append(seconds)
        if len(shown) != 1 or status != 404:
            raise RuntimeError("hidden and absent do not answer alike")
    connection.close()
    return statistics.median(hidden), statistics.median(absent)


def _connection() -> HTTPConnection:
    return HTTPConnection("127.0.0.1", GATEWAY_PORT, timeout=30)


def _asked(
    connection: HTTPConnection, method: str, path: str, given: str, sent: object = None
) -> tuple[int, bytes, float]:
    headers = {"Authorization": f"Bearer {given}"} | ({"Content-Type": "application/json"} if sent else {})
    began = time.perf_counter()
    connection.request(method, path, json.dumps(sent) if sent else None, headers)
    answer = connection.getresponse()
    body = answer.read()
    return answer.status, body, time.perf_counter() - began
