"""The second run of an import against its first: visits with graded findings, and the written names of places.

Rows of our own fields, as JSON Lines through the gateway, from the order to the end of the operation; each round is another source.
"""

import json
import statistics
import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

from deploy.bench.system import GATEWAY_PORT, Amount, bench, token
from deploy.bench.table import Row
from services.visits.findings.rules import FindingGrade
from services.visits.visits.rules.status import VisitType
from shared.themes import Theme

ROWS, FULL, CENTRES, STANDARDS = 2_000, 10_000, 400, 15
WAIT_SECONDS = 900.0


def measured(amount: Amount) -> list[Row]:
    """Measure both kinds; the first run must create every row, and the second find every row unchanged."""
    rows = FULL if amount.full else ROWS
    with bench() as one, one.served():
        visits = [_twice("visits", f"bench-{turn}", rows, _visit) for turn in range(amount.rounds)]
        names = []
        for turn in range(amount.rounds):
            _imported("places", f"bench-names-{turn}", [_place(number) for number in range(rows)])
            names.append(_twice("place-aliases", f"bench-names-{turn}", rows, _alias))
    return [
        _row(f"import of {rows:,} visits with {STANDARDS} findings each", visits),
        _row(f"import of {rows:,} written names", names),
    ]


def _row(what: str, pairs: list[tuple[float, float]]) -> Row:
    first, second = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratios = [again / before for before, again in pairs]
    return Row(f"{what}, second run", "the first run", ratios, "at most 0.5", f"{first:.1f} s, {second:.1f} s")


def _twice(kind: str, source: str, rows: int, row: Callable[[int, str], dict[str, Any]]) -> tuple[float, float]:
    sent = [row(number, source) for number in range(rows)]
    (first, made), (second, again) = (_imported(kind, source, sent) for _ in range(2))
    if made["created"] != rows or again["unchanged"] != rows:
        raise RuntimeError(f"{kind}: {made['created']} created and {again['unchanged']} unchanged of {rows}")
    return first, second


def _visit(number: int, source: str) -> dict[str, Any]:
    centre, grades = number % CENTRES, list(FindingGrade)
    day = f"{2018 + number // CENTRES % 6}-{1 + number % 12:02}-{1 + number % 28:02}"
    findings = [
        {"standard": f"Regulation {each}", "theme": THEMES[each % len(THEMES)], "grade": grades[(number + each) % len(grades)].value}
        for each in range(STANDARDS)
    ]  # fmt: skip
    place = {"row": f"{source}-C{centre}", "name": f"Centre {source} {centre}", "place_type": "disability_home", "region": "North",
             "operator_name": f"Provider {centre % 30}"}  # fmt: skip
    return {"row": f"{source}-{number}", "line": number + 2, "type": next(iter(VisitType)).value, "days": [day], "place": place,
            "people_present": number % 60, "findings": findings}  # fmt: skip


def _place(number: int) -> dict[str, Any]:
    return {"row": f"P{number}", "line": number + 2, "name": _words(number), "place_type": "prison", "region": f"Region {number % 50}"}  # fmt: skip


def _alias(number: int, source: str) -> dict[str, Any]:
    name = f"{_words(number)} Hse"
    return {"row": name, "line": number + 2, "place_source": source, "place_row": f"P{number}", "text": name}


def _words(number: int) -> str:
    """Give a name of letters: digits would make all names alike."""
    syllables = ("ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu")
    return "".join(syllables[int(digit)] for digit in f"{number * 7919 % 100_000:05}").title()


THEMES = [each.value for each in Theme][:10]


def _imported(kind: str, source: str, rows: list[dict[str, Any]]) -> tuple[float, dict[str, Any]]:
    """Send rows and wait for the end of the operation; gives the seconds and what became of the rows."""
    given = token(GATEWAY_PORT, "head", step_up=True)
    body = b"\n".join(json.dumps(each).encode() for each in rows)
    began = time.perf_counter()
    status, told = _asked("POST", f"/v1/npm/{kind}/imports?source={source}&mapping=bench", given, body)
    if status != 202:
        raise RuntimeError(f"the import of {kind} was answered with {status}: {told}")
    while told["state"] not in ("done", "failed", "cancelled"):
        if time.perf_counter() - began > WAIT_SECONDS:
            raise RuntimeError(f"the import of {kind} did not end")
        time.sleep(0.02)
        told = _asked("GET", f"/v1/npm/operations/{told['id']}", given)[1]
    if told["state"] != "done":
        raise RuntimeError(f"the import of {kind} ended as {told['state']}: {told.get('problem')}")
    return time.perf_counter() - began, told["result"]


def _asked(method: str, path: str, given: str, body: bytes = b"") -> tuple[int, dict[str, Any]]:
    connection = HTTPConnection("127.0.0.1", GATEWAY_PORT, timeout=600)
    headers = {"Authorization": f"Bearer {given}"} | ({"Content-Type": "application/jsonl"} if body else {})
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    told: dict[str, Any] = json.loads(answer.read())
    connection.close()
    return answer.status, told
