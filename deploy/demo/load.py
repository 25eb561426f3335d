"""Brings the made-up country into an empty development system, over HTTP: `python -m deploy.demo.load URL`.

It does what a person with the head's rights can do, through the import routes; it opens no database and moves no clock.
"""

import asyncio
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from time import monotonic
from typing import Any

import httpx
import typer

from deploy.demo.country.places import PATTERN_PLACE
from deploy.demo.country.whole import MAPPING, SOURCE, Country, Entry, country

Row = dict[str, Any]
Tell = Callable[[str], None]

#: What one service says of another's things takes a moment to arrive; rows that point at the unknown are sent again.
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.5
POLL_SECONDS = 0.1
#: The country comes in under the limits that everybody has.
_SLOW_DOWN = 429


class LoadFailed(Exception):
    """The country cannot be loaded; the message says which kind and row, and why."""


@dataclass
class System:
    """The running system: its address, its routes, and tokens of the people who load."""

    client: httpx.AsyncClient
    tokens: dict[str, str] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()

    async def look(self) -> None:
        """Read which routes there are."""
        document = (await self.client.get("/openapi/npm.json")).json()
        self.paths = frozenset(document["paths"])

    def has(self, path: str) -> bool:
        """Tell whether the system has a route, given as in its document."""
        return path in self.paths or f"/v1{path}" in self.paths

    async def send(self, method: str, path: str, persona: str, **more: Any) -> httpx.Response:
        """Send one request as somebody who has just given a second factor."""
        headers = {"Authorization": f"Bearer {await self._token(persona)}", **more.pop("headers", {})}
        while True:
            answer = await self.client.request(method, f"/v1{path}", headers=headers, timeout=120, **more)
            if answer.status_code != _SLOW_DOWN:
                return answer
            await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))

    async def _token(self, persona: str) -> str:
        if persona not in self.tokens:
            answer = await self.client.post("/development/tokens", json={"persona": persona, "step_up": True})
            if answer.status_code != 200:
                raise LoadFailed("the system gives no development tokens: the made-up country is not for it")
            self.tokens[persona] = answer.json()["token"]
        return self.tokens[persona]


async def load(client: httpx.AsyncClient, today: date, tell: Tell) -> Country:
    """Load the country as it stands today, and order the runs that find what is in it; LoadFailed at the first refusal."""
    system, made = System(client), country(today)
    await system.look()
    await _refuse_foreign(system)
    for kind, rows in made.imports.items():
        if kind == _POINTS_AT_OTHERS:
            for entered, entries in made.entries.items():
                await _enter(system, entered, entries, today, tell)
        await _import(system, kind, rows, tell)
    await _run(system, tell)
    return made


#: From here on rows point at other services' things: what is entered by hand goes first and gives these time to arrive.
_POINTS_AT_OTHERS = "visits"


async def _refuse_foreign(system: System) -> None:
    """Never mix the made-up with somebody's own: stop where places are registered that are not the country's."""
    listed = await system.send("GET", "/npm/places?limit=1", "head")
    if listed.status_code != 200:
        raise LoadFailed(f"places: cannot be read ({listed.status_code})")
    if listed.json()["items"]:
        known = await system.send("GET", f"/npm/places/{PATTERN_PLACE}", "head")
        if known.status_code == 404:
            raise LoadFailed("places: the system holds others already; the made-up country is for an empty one")


async def _import(system: System, kind: str, rows: list[Row], tell: Tell) -> None:
    """Send the rows of a kind in one go, and again while other services have not told all that the rows point at."""
    path, begun = f"/npm/{kind}/imports", monotonic()
    if not system.has(path):
        tell(f"{kind}: this system has no import of them, left out")
        return
    body = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    query = f"?source={SOURCE}&mapping={MAPPING}"
    while True:
        answer = await system.send(
            "POST", path + query, "head", content=body, headers={"Content-Type": "application/jsonl"}
        )
        if answer.status_code != 202:
            raise LoadFailed(f"{kind}: {_why(answer)}")
        result = await _carried_out(system, kind, answer.json()["id"])
        if not result["problems"]:
            break
        lasting = [each for each in result["problems"] if "unknown" not in each["code"]]
        if lasting or monotonic() - begun > PATIENCE_SECONDS:
            problem = (lasting or result["problems"])[0]
            where = f"row {problem['row'] or problem['line']}, {problem['field'] or 'whole row'}"
            raise LoadFailed(f"{kind}: {where}: {problem['detail']}")
        await asyncio.sleep(PAUSE_SECONDS)
    tell(f"{kind}: {result['rows']} rows in {monotonic() - begun:.1f} s")


async def _carried_out(system: System, kind: str, operation_id: str) -> Row:
    """Wait until an import has come to its end, and give its result."""
    while True:
        answer = await system.send("GET", f"/npm/operations/{operation_id}", "head")
        if answer.status_code != 200:
            raise LoadFailed(f"{kind}: {_why(answer)}")
        told = answer.json()
        if told["state"] == "done":
            return dict(told["result"])
        if told["state"] in ("failed", "cancelled"):
            raise LoadFailed(f"{kind}: {(told['problem'] or {}).get('detail', told['state'])}")
        await asyncio.sleep(POLL_SECONDS)


async def _enter(system: System, kind: str, entries: list[Entry], today: date, tell: Tell) -> None:
    """Enter things that have no import, one by one; a second run doubles none of them."""
    begun = monotonic()
    for number, each in enumerate(entries, start=1):
        answer = await (_changed(system, each) if each.is_change else _created(system, kind, number, each, today))
        if answer.status_code == 404 and number == 1:
            tell(f"{kind}: this system has no place for them, left out")
            return
        if answer.status_code not in (200, 201):
            raise LoadFailed(f"{kind}: row {number}: {_why(answer)}")
    tell(f"{kind}: {len(entries)} entered in {monotonic() - begun:.1f} s")


async def _created(system: System, kind: str, number: int, entry: Entry, today: date) -> httpx.Response:
    digest = hashlib.sha256(f"{today} {json.dumps(entry.body, sort_keys=True)}".encode()).hexdigest()[:16]
    headers = {"Idempotency-Key": f"{SOURCE}-{kind}-{number}-{digest}"}
    return await system.send("POST", entry.path, "head", json=entry.body, headers=headers)


async def _changed(system: System, entry: Entry) -> httpx.Response:
    """Change what is there, unless it says so already."""
    found = await system.send("GET", entry.path, "head")
    if found.status_code != 200 or entry.body.items() <= found.json().items():
        return found
    headers = {"If-Match": found.headers["ETag"], "Content-Type": "application/merge-patch+json"}
    return await system.send("PATCH", entry.path, "head", content=json.dumps(entry.body), headers=headers)


async def _run(system: System, tell: Tell) -> None:
    """Order what the night would do: patterns and silences first, then the priorities that follow from them."""
    if system.has("/npm/analysis-runs"):
        await _ordered(system, "/npm/analysis-runs", "complaints-officer")
        tell("analysis run: ordered")
        await _signalled(system)
    if system.has("/npm/priority-runs"):
        await _ordered(system, "/npm/priority-runs", "head")
        tell("priority run: ordered")


async def _ordered(system: System, path: str, persona: str) -> None:
    answer = await system.send("POST", path, persona)
    if answer.status_code not in (200, 201, 202):
        raise LoadFailed(f"{path}: {_why(answer)}")


async def _signalled(system: System) -> None:
    """Wait until the signal of the pattern has come over from the complaints."""
    begun = monotonic()
    while monotonic() - begun < PATIENCE_SECONDS:
        answer = await system.send("GET", f"/npm/places/{PATTERN_PLACE}/signals", "head")
        if answer.status_code == 200 and answer.json()["as_of"] is not None:
            return
        await asyncio.sleep(PAUSE_SECONDS)
    raise LoadFailed("analysis run: its signals have not reached the places")


def _why(answer: httpx.Response) -> str:
    """Give the problem's own words."""
    try:
        problem = answer.json()
    except ValueError:
        return f"answered {answer.status_code}"
    errors = "; ".join(f"{each['pointer']} {each['detail']}" for each in problem.get("errors", [])[:3])
    return " ".join(part for part in (str(problem.get("detail") or problem.get("title")), errors) if part)


async def _main(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as client:
        await load(client, datetime.now(UTC).date(), typer.echo)


def main(url: str) -> None:
    """Load the country into the system at an address, or end with one sentence."""
    try:
        asyncio.run(_main(url))
    except LoadFailed as failure:
        typer.echo(str(failure), err=True)
        raise SystemExit(1) from None
    except httpx.HTTPError:
        typer.echo(f"nothing answers at {url}; start it with ./a22 up", err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
