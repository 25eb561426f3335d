"""Clients that write until they are told that it was kept: they repeat with the same Idempotency-Key, whatever dies.

A refusal that a retry cannot explain is kept as a complaint of the client, and fails the test.
"""

import asyncio
import json
import random
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

GIVE_UP_SECONDS = 60
TOKEN_SECONDS = 200
#: What a client may meet while something is down: it tries again.
RETRY = frozenset({408, 409, 429, 502, 503, 504})


class Gone(Exception):
    """The connection ended before the answer was whole."""


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        """The JSON of the body."""
        return json.loads(self.body) if self.body else None


class Connection:
    """One keep-alive connection, opened when needed and after every break."""

    def __init__(self, port: int) -> None:
        """Talk to a port of this machine."""
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, body: Any = None, seconds: float = 30, **headers: str) -> Answer:
        """Send one request; Gone when no whole answer comes."""
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(method, path, body, headers)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            self.close()
            raise Gone(type(error).__name__) from error

    async def _exchange(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        told = {"Host": "127.0.0.1", "Content-Length": str(len(content)), "Content-Type": "application/json", **named}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content)
        return await self._answer(reader)

    async def _answer(self, reader: asyncio.StreamReader) -> Answer:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while length := int(await reader.readline(), 16):
                body += await reader.readexactly(length)
                await reader.readline()
            await reader.readline()
        else:
            body = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(lines[0].split()[1]), headers, body)

    def close(self) -> None:
        """Close; the next request opens anew."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class Tokens:
    """Tokens of the personas, renewed before they end."""

    def __init__(self, port: int) -> None:
        """Ask the development issuer of the gateway at this port."""
        self._port = port
        self._kept: dict[str, tuple[float, str]] = {}

    async def of(self, persona: str) -> str:
        """Give a token that is good for some while yet; Gone while nobody gives one."""
        since, token = self._kept.get(persona, (0.0, ""))
        if not token or time.monotonic() - since > TOKEN_SECONDS:
            with closing(Connection(self._port)) as connection:
                answer = await connection.send("POST", "/development/tokens", {"persona": persona, "step_up": True})
            if answer.status != 200:
                raise Gone(str(answer.status))
            token = str(answer.content["token"])
            self._kept[persona] = (time.monotonic(), token)
        return token


@dataclass(frozen=True)
class Kind:
    """A kind of write: who sends what where, and where it must be found in the database."""

    service: str
    persona: str
    path: str
    table: str
    event: str

    def body(self, name: str) -> dict[str, Any]:
        """Write what is sent."""
        return {**BODIES[self.table], **({"name": name} if self.table in ("place", "stakeholder") else {})}


BODIES: dict[str, dict[str, Any]] = {
    "place": {"place_type": "prison", "region": "North"},
    "stakeholder": {"category": "line_ministry"},
    "recommendation": {
        "text": {"en": "Screen everybody who is taken in within a day."},
        "rationale": "Injuries were found late.",
        "stated_basis": "Finding 3.",
        "scope": {"kind": "system"},
        "theme": "medical_screening_at_entry",
        "priority": "high",
    },
    "complaint": {
        "received_on": "2026-10-04",
        "channel": "mail",
        "source_role": "family",
        "persons": [{"role": "person_concerned", "name": "Somebody Made Up"}],
        "narrative": {"language": "en", "text": "What nobody was told."},
    },
}
PLACES = Kind("visits", "staff", "/v1/npm/places", "place", "visits.place.registered")
KINDS = (
    PLACES,
    Kind("stakeholders", "staff", "/v1/npm/authorities", "stakeholder", "stakeholders.stakeholder.changed"),
    Kind(
        "recommendations",
        "staff",
        "/v1/npm/recommendations",
        "recommendation",
        "recommendations.recommendation.drafted",
    ),
    Kind("complaints", "complaints-officer", "/v1/npm/complaints", "complaint", "complaints.complaint.received"),
)


@dataclass
class Writers:
    """Several clients at once, and what they were told was kept: ids by kind, each with its key."""

    port: int
    chance: random.Random
    run: str
    kinds: tuple[Kind, ...] = KINDS
    kept: dict[Kind, dict[str, str]] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    slowest: float = 0.0
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    async def reached(self, count: float) -> None:
        """Wait until so many writes are acknowledged."""
        while self.count < count:
            self._more.clear()
            await self._more.wait()

    @property
    def count(self) -> int:
        """How many writes were acknowledged."""
        return sum(len(ids) for ids in self.kept.values())

    async def write(self, total: int, *, clients: int = 12) -> None:
        """Write until `total` more writes are acknowledged."""
        tokens = Tokens(self.port)
        await asyncio.gather(
            *(self._client(tokens, number, range(number, total, clients)) for number in range(clients))
        )

    async def _client(self, tokens: Tokens, client: int, numbers: range) -> None:
        with closing(Connection(self.port)) as connection:
            for number in numbers:
                await self._one(connection, tokens, number)

    async def _one(self, connection: Connection, tokens: Tokens, number: int) -> None:
        kind = self.kinds[number % len(self.kinds)]
        key = f"{self.run}-{number}"
        made = await self._insist(connection, tokens, kind, key)
        self.kept.setdefault(kind, {})[made] = key
        self._more.set()
        if self.chance.random() < 0.05:
            again = await self._insist(connection, tokens, kind, key)
            if again != made:
                self.unexplained.append(f"{key} gave {made}, repeated {again}")

    async def _insist(self, connection: Connection, tokens: Tokens, kind: Kind, key: str) -> str:
        """Send until it is acknowledged; gives the id."""
        began = time.monotonic()
        while time.monotonic() - began < GIVE_UP_SECONDS and len(self.unexplained) < 10:
            try:
                answer = await connection.send(
                    "POST",
                    kind.path,
                    kind.body(f"House {key}"),
                    Authorization=f"Bearer {await tokens.of(kind.persona)}",
                    Idempotency_Key=key,
                )
            except Gone as gone:
                self.met[str(gone)] += 1
            else:
                if answer.status == 201:
                    self.slowest = max(self.slowest, time.monotonic() - began)
                    return str(answer.content["id"])
                self.met[str(answer.status)] += 1
                if answer.status not in RETRY:
                    self.unexplained.append(f"{kind.path}: {answer.status} {answer.body[:300]!r}")
            await asyncio.sleep(0.05 + self.chance.random() / 5)
        raise AssertionError(
            f"{key} was not taken within {GIVE_UP_SECONDS} s; met {dict(self.met)}, {self.unexplained}"
        )
