"""Sends mapped rows to the API as JSON Lines and keeps what it says of each. It never sends past a refusal."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from deploy.imports.problems import Problem
from deploy.imports.rows import Mapped
from shared.imports import DOUBTFUL

BATCH_ROWS = 1_000
#: Parents are named by row id, so the whole graph goes as one body.
WHOLE_KINDS = frozenset({"authorities"})
TRIES = 4
SECONDS_PER_REQUEST = 300

Token = Callable[[], Awaitable[str]]


class Refused(Exception):
    """The API refused a whole request."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """How the rows are to be taken."""

    dry_run: bool = False
    all_or_nothing: bool = False


@dataclass
class Outcome:
    """What became of every row of a file."""

    total: int
    reported: int
    problems: list[Problem] = field(default_factory=list)
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    held_back: int = 0

    @property
    def taken(self) -> int:
        """Give how many rows are in."""
        return self.created + self.changed + self.unchanged

    @property
    def is_whole(self) -> bool:
        """Tell whether every row of the file was taken or reported."""
        return self.taken + self.reported == self.total


async def send(
    client: httpx.AsyncClient,
    token: Token,
    mapped: Mapped,
    order: Order,
    *,
    advance: Callable[[int], None] = lambda _rows: None,
) -> Outcome:
    """Send the rows of a file; a second time changes nothing, so whatever was cut off may simply be sent again."""
    outcome = Outcome(total=mapped.total, reported=mapped.reported, problems=list(mapped.problems))
    if order.all_or_nothing and mapped.has_bad_rows:
        outcome.held_back = len(mapped.ready)
        return outcome
    for batch in _batches(mapped, order):
        _count(outcome, mapped, batch, await _posted(client, token, mapped, order, batch), order)
        advance(len(batch))
    outcome.problems.sort(key=lambda problem: problem.line or 0)
    return outcome


def _batches(mapped: Mapped, order: Order) -> Iterator[list[dict[str, Any]]]:
    is_whole = order.all_or_nothing or mapped.mapping.kind in WHOLE_KINDS
    size = max(len(mapped.ready), 1) if is_whole else BATCH_ROWS
    for start in range(0, len(mapped.ready), size):
        yield mapped.ready[start : start + size]


async def _posted(
    client: httpx.AsyncClient, token: Token, mapped: Mapped, order: Order, batch: list[dict[str, Any]]
) -> dict[str, Any]:
    body = "\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in batch).encode()
    said = {"dry_run": order.dry_run, "all_or_nothing": order.all_or_nothing}
    asked = {"source": mapped.mapping.source, "mapping": mapped.mapping.name}
    asked |= {name: "true" for name, is_so in said.items() if is_so}
    for attempt in range(1, TRIES + 1):
        headers = {"Authorization": f"Bearer {await token()}", "Content-Type": "application/jsonl"}
        try:
            answer = await client.post(
                f"/v1/npm/{mapped.mapping.kind}/imports",
                params=asked,
                content=body,
                headers=headers,
                timeout=SECONDS_PER_REQUEST,
            )
        except httpx.HTTPError:
            raise Refused(f"nothing answers at {client.base_url}; start it with ./a22 up") from None
        if answer.status_code not in (429, 503) or attempt == TRIES:
            break
        await asyncio.sleep(min(int(answer.headers.get("Retry-After", "1")), 10))
    if answer.status_code != 200:
        raise Refused(_refusal(answer))
    told: dict[str, Any] = answer.json()
    return told


def _refusal(answer: httpx.Response) -> str:
    try:
        told = answer.json()
    except ValueError:
        told = {}
    errors = "; ".join(
        f"{each.get('pointer', '')} {each.get('detail', '')}".strip() for each in told.get("errors") or []
    )
    detail = told.get("detail") or told.get("title") or "no reason was given"
    return f"the API refused the import with {answer.status_code}: {detail}{f' ({errors})' if errors else ''}"


def _count(outcome: Outcome, mapped: Mapped, batch: list[dict[str, Any]], told: dict[str, Any], order: Order) -> None:
    for name in ("created", "changed", "unchanged"):
        setattr(outcome, name, getattr(outcome, name) + int(told[name]))
    found = [_problem(mapped, batch, each) for each in told["problems"]]
    outcome.problems += found
    if order.all_or_nothing and found:
        named = len({problem.line for problem in found})
        outcome.reported += named
        outcome.held_back += len(batch) - named
    else:
        outcome.reported += int(told["reported"])


def _problem(mapped: Mapped, batch: list[dict[str, Any]], told: dict[str, Any]) -> Problem:
    """Turn what the API says of a row into line and column of the file; a line it could not read it counts in the body."""
    line, row = told["line"], told["row"]
    if row is None and line is not None and line <= len(batch):
        line, row = batch[line - 1]["line"], batch[line - 1]["row"]
    column = mapped.mapping.columns_behind(told["field"]) or told["field"].strip("/") or None
    taken = "taken, but doubtful" if told["code"] == DOUBTFUL else "not taken"
    return Problem(code=told["code"], expected=f"{taken}: {told['detail']}", line=line, row=row, column=column)
