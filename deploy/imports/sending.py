"""Sends somebody's file with its mapping to the API, follows the operation to its end, and gives what became of each row.

A lost connection loses nothing: the operation goes on without us, and is looked for again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from shared.imports.envelope import TOLD_COUNTS, ImportReport
from shared.imports.mapping import Mapping
from shared.imports.problems import Problem
from shared.imports.reading import files
from shared.imports.report import problem_of

SECONDS_PER_REQUEST = 300
#: How often, and how many seconds apart, a connection that was lost is looked for again: half an hour in all.
TRIES, MOST_PAUSE = 180, 10.0
_FIRST_PAUSE, _SLOWER = 0.1, 1.5
_ENDED = ("done", "failed", "cancelled")
_PASSING = (429, 502, 503, 504)

Token = Callable[[], Awaitable[str]]
Advance = Callable[[int, int | None], None]


class Refused(Exception):
    """The API refused the whole import, or it did not come to its end."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """How the rows are to be taken."""

    dry_run: bool = False
    all_or_nothing: bool = False


@dataclass
class Outcome:
    """What became of every row of a file."""

    report: ImportReport
    total: int
    reported: int
    problems: list[Problem] = field(default_factory=list)
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    waiting: int = 0
    held_back: int = 0
    unverified: int = 0
    questions: int = 0

    @property
    def taken(self) -> int:
        """Give how many rows are in."""
        return self.created + self.changed + self.unchanged

    @property
    def is_whole(self) -> bool:
        """Tell whether every row of the file was taken, waits for a decision, or is reported."""
        return self.taken + self.waiting + self.reported == self.total


@dataclass(frozen=True)
class _Api:
    """The API of a running system, asked again while it is out of reach for a moment."""

    client: httpx.AsyncClient
    token: Token
    tries: int

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        for attempt in range(1, self.tries + 1):
            headers = {"Authorization": f"Bearer {await self.token()}", **more.pop("headers", {})}
            try:
                answer = await self.client.request(
                    method, f"/v1/npm{path}", headers=headers, timeout=SECONDS_PER_REQUEST, **more
                )
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code not in _PASSING:
                return answer
            if attempt == self.tries:
                break
            more["headers"] = {name: value for name, value in headers.items() if name != "Authorization"}
            await asyncio.sleep(min(attempt, MOST_PAUSE))
        if answer is None:
            raise Refused(f"nothing answers at {self.client.base_url}; start it with ./a22 up")
        return answer


async def send(
    client: httpx.AsyncClient,
    token: Token,
    file: Path,
    mapping: Mapping,
    order: Order,
    *,
    advance: Advance = lambda _done, _total: None,
) -> Outcome:
    """Send a file and wait for its rows to be taken; a second time changes nothing, so it may simply be sent again.

    Raises FileRefused when its header cannot be read, before anything is sent, and Refused when the API takes nothing.
    """
    with files.at(file) as opened:
        files.opened(opened, mapping)
    operation_id = await _ordered(_Api(client, token, 1), file, mapping, order)
    api = _Api(client, token, TRIES)
    operation = await _ended(api, operation_id, advance)
    if operation["state"] != "done":
        problem = operation["problem"] or {"detail": "it was cancelled"}
        raise Refused(f"the import has not come to its end: {problem['detail']}; what was taken before stays")
    answer = await api.send("GET", f"/{mapping.kind}/imports/{operation_id}/report")
    if answer.status_code != 200:
        raise Refused(refusal(answer))
    return outcome_of(ImportReport.model_validate_json(answer.content))


async def _ordered(api: _Api, file: Path, mapping: Mapping, order: Order) -> str:
    """Send the file; a key of our own makes sure that an order that went out twice is one."""
    said = {"dry_run": order.dry_run, "all_or_nothing": order.all_or_nothing}
    query = {name: "true" for name, is_so in said.items() if is_so}
    with file.open("rb") as content:
        parts = {
            "file": (file.name, content, "application/octet-stream"),
            "mapping": (f"{mapping.name}.yaml", mapping.written().encode(), "application/yaml"),
        }
        headers = {"Idempotency-Key": str(uuid4())}
        answer = await api.send("POST", f"/{mapping.kind}/imports", params=query, files=parts, headers=headers)
    if answer.status_code != 202:
        raise Refused(refusal(answer))
    return str(answer.json()["id"])


async def _ended(api: _Api, operation_id: str, advance: Advance) -> dict[str, Any]:
    pause = _FIRST_PAUSE
    while True:
        answer = await api.send("GET", f"/operations/{operation_id}")
        if answer.status_code != 200:
            raise Refused(refusal(answer))
        told: dict[str, Any] = answer.json()
        advance(told["progress"]["done"], told["progress"]["total"])
        if told["state"] in _ENDED:
            return told
        await asyncio.sleep(pause)
        pause = min(pause * _SLOWER, 1.0)


def outcome_of(report: ImportReport) -> Outcome:
    """Turn a report into an outcome."""
    counts = {name: getattr(report, name) for name in TOLD_COUNTS if name != "rows"}
    problems = [problem_of(each) for each in report.problems]
    return Outcome(report, total=report.rows, problems=problems, **counts)


def refusal(answer: httpx.Response) -> str:
    """Say in one sentence why the API took nothing."""
    try:
        told = answer.json()
    except ValueError:
        told = {}
    errors = "; ".join(
        f"{each['pointer']} {each['detail']}" for each in told.get("errors") or [] if each.get("pointer")
    )
    detail = told.get("detail") or told.get("title") or "no reason was given"
    return f"the API refused the import with {answer.status_code}: {detail}{f' ({errors})' if errors else ''}"
