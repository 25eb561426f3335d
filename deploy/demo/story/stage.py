"""Who plays and how they speak: people by persona, with tokens that are renewed and a pace that the limits allow.

The first answer that is not the expected one ends the story with a sentence; nothing is tried twice to make it fit.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import httpx

Shown = dict[str, Any]
Tell = Callable[[str], None]
T = TypeVar("T")

#: A token of the development issuer lives 300 s.
SECONDS_PER_TOKEN = 200
SLOW_DOWN = 429
SECONDS_PER_REQUEST = 120
#: What one service says of another's things takes a moment to arrive.
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.25
MACHINES = frozenset({"partner", "partner-two", "cso"})


class Surprise(Exception):
    """The story went another way than it should; says call, expected and seen."""


@dataclass
class Stage:
    """The running system, as everybody in the story reaches it."""

    client: httpx.AsyncClient
    tokens: dict[tuple[str, bool], tuple[str, float]] = field(default_factory=dict)
    calls: int = 0

    async def token(self, persona: str, *, step_up: bool) -> str:
        """Give a token that is still good for a while."""
        given, until = self.tokens.get((persona, step_up), ("", 0.0))
        if time.monotonic() > until:
            answer = await self.client.post("/development/tokens", json={"persona": persona, "step_up": step_up})
            if answer.status_code != 200:
                raise Surprise(f"token of {persona}: expected 200, seen {answer.status_code}")
            given, until = answer.json()["token"], time.monotonic() + SECONDS_PER_TOKEN
            self.tokens[persona, step_up] = given, until
        return given

    async def send(self, method: str, path: str, headers: dict[str, str], **more: Any) -> httpx.Response:
        """Send one request under /v1, at the pace that the limits allow."""
        while True:
            self.calls += 1
            answer = await self.client.request(
                method, f"/v1{path}", headers=headers, timeout=SECONDS_PER_REQUEST, **more
            )
            if answer.status_code != SLOW_DOWN:
                return answer
            await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))

    def as_(self, persona: str | None, *, step_up: bool = False) -> "Actor":
        """Give somebody; None is anybody, without a token."""
        return Actor(self, persona, step_up)


@dataclass(frozen=True)
class Actor:
    """One person or machine at the API."""

    stage: Stage
    persona: str | None
    step_up: bool = False

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send one request with this person's token."""
        headers: dict[str, str] = {**more.pop("headers", {})}
        if self.persona is not None:
            headers["Authorization"] = f"Bearer {await self.stage.token(self.persona, step_up=self.step_up)}"
        if method == "POST" and self.persona in MACHINES:
            headers.setdefault("Idempotency-Key", uuid4().hex)
        return await self.stage.send(method, path, headers, **more)

    async def read(self, path: str) -> Shown:
        """Read, and insist on 200."""
        return shown(await self.send("GET", path), f"GET {path} as {self.persona}", 200)

    async def made(self, path: str, body: Shown | None = None, **more: Any) -> Shown:
        """Create, and insist on 201."""
        return shown(await self.send("POST", path, json=body, **more), f"POST {path} as {self.persona}", 201)

    async def act(self, path: str, action: str, **fields: Any) -> httpx.Response:
        """Take an action on the present version of a thing."""
        return await self._with_tag("POST", path, f"{path}/transitions", {"action": action, **fields})

    async def done(self, path: str, action: str, **fields: Any) -> Shown:
        """Take an action, and insist on 200."""
        answer = await self.act(path, action, **fields)
        return shown(answer, f"POST {path}/transitions {action} as {self.persona}", 200)

    async def put(self, path: str, part: str, body: Shown) -> Shown:
        """Put a part of the present version of a thing, and insist on 200."""
        answer = await self._with_tag("PUT", path, f"{path}/{part}", body)
        return shown(answer, f"PUT {path}/{part} as {self.persona}", 200)

    async def patch(self, path: str, changes: Shown) -> Shown:
        """Change the present version of a thing, and insist on 200."""
        kind = {"Content-Type": "application/merge-patch+json"}
        return shown(await self._with_tag("PATCH", path, path, changes, **kind), f"PATCH {path} as {self.persona}", 200)

    async def _with_tag(self, method: str, read: str, path: str, body: Shown, **headers: str) -> httpx.Response:
        found = await self.send("GET", read)
        shown(found, f"GET {read} as {self.persona}", 200)
        return await self.send(method, path, json=body, headers={"If-Match": found.headers["ETag"], **headers})


def shown(answer: httpx.Response, call: str, expected: int) -> Shown:
    """Give what an answer shows, if its status is the expected one."""
    if answer.status_code != expected:
        raise Surprise(f"{call}: expected {expected}, seen {answer.status_code} {said(answer)}".rstrip())
    found: Shown = answer.json()
    return found


def refused(answer: httpx.Response, call: str, status: int, code: str | None = None) -> list[str]:
    """Insist on a refusal, and give what it says is missing, or its one sentence."""
    problem = shown(answer, call, status)
    errors = problem.get("errors") or []
    codes = {problem.get("code"), *(each["code"] for each in errors)}
    if code is not None and code not in codes:
        raise Surprise(f"{call}: expected the refusal {code}, seen {said(answer)}")
    return [each["detail"] for each in errors] or [str(problem.get("detail") or problem.get("title"))]


def said(answer: httpx.Response) -> str:
    """Give a problem's own words."""
    try:
        problem = answer.json()
    except ValueError:
        return ""
    errors = "; ".join(f"{each.get('pointer', '')} {each['detail']}".strip() for each in problem.get("errors") or [])
    return " ".join(part for part in (str(problem.get("code", "")), str(problem.get("detail", "")), errors) if part)


def expect(told: str, expected: object, seen: object) -> None:
    """Insist that something read back is as expected."""
    if expected != seen:
        raise Surprise(f"{told}: expected {expected}, seen {seen}")


def insist(held: object, told: str) -> None:
    """Insist that a sentence about what was read back holds."""
    if not held:
        raise Surprise(told)


async def until(told: str, ask: Callable[[], Awaitable[T]]) -> T:
    """Ask again until the answer is truthy: what another service said arrives in its own time."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = await ask()
        if found:
            return found
        if time.monotonic() > end:
            raise Surprise(f"{told}: expected within {PATIENCE_SECONDS:.0f} s, not seen")
        await asyncio.sleep(PAUSE_SECONDS)
