"""Pushes referrals one by one and can be killed and started again at any point: the API knows each by its external id.

It never sends a record that its state file says is in, and never goes on where the API refuses the caller.
"""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.partner.records import Record

PATH = "/v1/partner/complaint-referrals"
TRIES = 8
MOST_SECONDS_BETWEEN = 10.0
WAIT = frozenset({429, 502, 503, 504})

Token = Callable[[], Awaitable[str]]


class Stopped(Exception):
    """The API cannot be reached, or takes nothing from this caller."""


@dataclass
class Pushed:
    """What became of the records: made, same (was there already), changed, skipped (state file), refused."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def count(self, what: str, record: Record, problem: str = "") -> None:
        """Count one record, with what was wrong if anything was."""
        self.counts[what] += 1
        if problem:
            self.problems.append(f"line {record.line}: {problem}")


class State:
    """Which records are in, with a digest of what was sent; one line each, written only after the API has answered."""

    def __init__(self, path: Path | None) -> None:
        """Read what an earlier run wrote; a line that a kill cut off does not count."""
        self.path = path
        lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path is not None and path.exists() else []
        self.known = {line for line in lines if line}

    def knows(self, record: Record) -> bool:
        """Tell whether exactly this is in."""
        return _digest(record) in self.known

    def keep(self, record: Record) -> None:
        """Note that this is in."""
        self.known.add(_digest(record))
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{_digest(record)}\n")


def _digest(record: Record) -> str:
    sent = json.dumps([record.external_id, record.referral], sort_keys=True)
    return hashlib.sha256(sent.encode()).hexdigest()


async def push(
    client: httpx.AsyncClient,
    token: Token,
    records: Iterable[Record],
    state: State,
    *,
    told: Callable[[Pushed], None] = lambda _pushed: None,
) -> Pushed:
    """Push records in their order; raises Stopped when nothing more can be sent."""
    pushed = Pushed()
    for record in records:
        if record.referral is None:
            pushed.count("refused", record, record.problem)
        elif state.knows(record):
            pushed.count("skipped", record)
        else:
            await _push_one(client, token, record, state, pushed)
        told(pushed)
    return pushed


async def _push_one(client: httpx.AsyncClient, token: Token, record: Record, state: State, pushed: Pushed) -> None:
    answer = await _sent(client, token, "PUT", record)
    was_there = answer.status_code in (412, 428)
    if was_there:
        # other content under the same id: what the other body did since; the present version is named, then replaced
        present = await _sent(client, token, "GET", record)
        answer = await _sent(client, token, "PUT", record, etag=present.headers.get("ETag"))
    if answer.status_code in (200, 201):
        state.keep(record)
        pushed.count("made" if answer.status_code == 201 else "changed" if was_there else "same", record)
    elif answer.status_code in (401, 403):
        raise Stopped(f"the API takes nothing from this caller ({answer.status_code})")
    else:
        pushed.count("refused", record, _reason(answer))


async def _sent(
    client: httpx.AsyncClient, token: Token, method: str, record: Record, *, etag: str | None = None
) -> httpx.Response:
    """Send once, and again while the system is away or busy: an answer that was lost is asked for by the same id."""
    body = record.referral if method == "PUT" else None
    for attempt in range(TRIES):
        headers = {"Authorization": f"Bearer {await token()}", **({"If-Match": etag} if etag else {})}
        seconds = min(0.2 * 2**attempt, MOST_SECONDS_BETWEEN)
        try:
            answer = await client.request(method, f"{PATH}/{record.external_id}", json=body, headers=headers)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code not in WAIT:
            return answer
        if answer is not None and answer.headers.get("Retry-After", "").isdecimal():
            seconds = min(float(answer.headers["Retry-After"]), MOST_SECONDS_BETWEEN)
        await asyncio.sleep(seconds)
    raise Stopped(f"nothing answers at {client.base_url} after {TRIES} tries")


def _reason(answer: httpx.Response) -> str:
    try:
        told = answer.json()
    except ValueError:
        told = {}
    errors = "; ".join(
        f"{each.get('pointer', '')} {each.get('detail', '')}".strip() for each in told.get("errors") or []
    )
    return f"refused with {answer.status_code}: {errors or told.get('detail') or 'no reason was given'}"
