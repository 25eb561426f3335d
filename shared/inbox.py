"""Consuming the feeds of other services, through the gateway: position and effect in one transaction.

At-least-once delivery, exactly-once effect: a consumer killed anywhere goes on where its last commit stands.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx

from shared.db import Database, Work
from shared.identity import TOKEN_TYPE, SigningKey, stamped
from shared.settings import Settings

log = logging.getLogger("a22.inbox")

LOCK_POSITION = "SELECT position FROM inbox WHERE source = $1 FOR UPDATE"
POSITION = "SELECT position FROM inbox WHERE source = $1"
BEGIN_POSITION = "INSERT INTO inbox (source, position) VALUES ($1, 0) ON CONFLICT DO NOTHING"
MOVE_POSITION = "UPDATE inbox SET position = $2 WHERE source = $1"


@dataclass(frozen=True)
class Received:
    """One event of another service."""

    sequence: int
    id: str
    name: str
    subject_id: str
    on: date
    values: Mapping[str, Any]


Reaction = Callable[[Work, Received], Awaitable[None]]


@dataclass(frozen=True)
class Together:
    """A reaction to many events with one statement: to events in a row, of which each is about another subject."""

    many: Callable[[Work, Sequence[Received]], Awaitable[None]]

    async def __call__(self, work: Work, event: Received) -> None:
        """React to one event."""
        await self.many(work, [event])


class Door:
    """The way from a service to the gateway, with a token of class `service` signed by the service's own key."""

    def __init__(self, service: str, *, settings: Settings, key: SigningKey, client: httpx.AsyncClient) -> None:
        """Call the gateway through `client`, as `service`."""
        self.service = service
        self._settings = settings
        self._key = key
        self._client = client

    async def get(self, path: str, *, scope: str, seconds: float = 30, **parameters: Any) -> Any:
        """Read JSON from an internal route; httpx.HTTPError when there is no good answer."""
        headers = {"Authorization": f"Bearer {self._token(scope)}"}
        answer = await self._client.get(path, params=parameters, headers=headers, timeout=seconds)
        answer.raise_for_status()
        return answer.json()

    async def post(self, path: str, *, scope: str, body: Any, key: str, seconds: float = 10) -> Any:
        """Order something at an internal route, once for each `key`; httpx.HTTPError when there is no good answer."""
        headers = {"Authorization": f"Bearer {self._token(scope)}", "Idempotency-Key": key}
        answer = await self._client.post(path, json=body, headers=headers, timeout=seconds)
        answer.raise_for_status()
        return answer.json()

    def _token(self, scope: str) -> str:
        claims = {
            "sub": self.service,
            "client_id": self.service,
            "audience_class": "service",
            "roles": ["system"],
            "institution_id": str(self._settings.institution_id),
            "scope": scope,
        }
        issuer = f"{self._settings.base_url}/services/{self.service}"
        return self._key.sign(
            stamped(claims, issuer=issuer, audience=self._settings.audience, seconds=60), typ=TOKEN_TYPE
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class Consumer:
    """Follows one service's feed and applies each event exactly once."""

    def __init__(self, database: Database, door: Door, source: str, reactions: Mapping[str, Reaction]) -> None:
        """React to the named events of `source`."""
        self._database = database
        self._door = door
        self._source = source
        self._reactions = reactions
        self._task: asyncio.Task[None] | None = None
        self._is_stopping = False
        #: Where the last step ended, so that the next one need not ask; what holds is the position in the database.
        self._position: int | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; what was not committed is read again at the next start."""
        self._is_stopping = True
        if self._task:
            # cancelling in the middle of a query costs a connection; a poll ends by itself when its feed winds down
            await asyncio.wait({self._task}, timeout=3)
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while not self._is_stopping:
            try:
                await self.step(wait=20)
            except (httpx.HTTPError, OSError) as error:
                log.info("feed of %s out of reach: %s", self._source, type(error).__name__)
                await asyncio.sleep(1)
            except Exception as error:  # noqa: BLE001 - a consumer never ends; the position stays before what failed
                log.error("%s: event of %s not applied: %s", self._database.service, self._source, type(error).__name__)
                await asyncio.sleep(1)

    async def step(self, *, wait: float) -> int:
        """Read what is new (waiting up to `wait` seconds for it) and apply it; gives the number of events applied."""
        if self._position is None:
            async with self._database.inside("worker", operation="consume") as work:
                self._position = await work.connection.fetchval(POSITION, self._source) or 0
        batch = await self._door.get(
            f"/v1/service/{self._source}-events",
            scope=f"{self._source}:feed.read",
            seconds=wait + 10,
            after=self._position,
            wait=int(wait),
            action=sorted(self._reactions),
        )
        return await self.apply([_received(each) for each in batch["items"]])

    async def apply(self, events: list[Received]) -> int:
        """Apply a batch in one transaction with the new position; what was applied before is passed over."""
        if not events:
            return 0
        # until the commit is known nobody knows where this stands
        self._position = None
        async with self._database.inside("worker", operation="consume") as work:
            await work.connection.execute(BEGIN_POSITION, self._source)
            position: int = await work.connection.fetchval(LOCK_POSITION, self._source)
            due = [event for event in events if event.sequence > position]
            for reaction, some in _in_runs(due, self._reactions):
                if isinstance(reaction, Together):
                    await reaction.many(work, some)
                else:
                    for event in some:
                        await reaction(work, event)
            await work.flush()
            position = max(position, events[-1].sequence)
            await work.connection.execute(MOVE_POSITION, self._source, position)
        self._position = position
        return len(due)


def _in_runs(
    events: Iterable[Received], reactions: Mapping[str, Reaction]
) -> Iterator[tuple[Reaction, list[Received]]]:
    """Cut events, in their order, where the reaction is another one or the subject comes again."""
    run: list[Received] = []
    subjects: set[str] = set()
    for event in events:
        if run and (reactions[event.name] is not reactions[run[0].name] or event.subject_id in subjects):
            yield reactions[run[0].name], run
            run, subjects = [], set()
        run.append(event)
        subjects.add(event.subject_id)
    if run:
        yield reactions[run[0].name], run


def _received(told: Mapping[str, Any]) -> Received:
    name = str(told["type"]).removeprefix("org.npm.").removesuffix(".v1")
    return Received(
        sequence=int(told["sequence"]),
        id=str(told["id"]),
        name=name,
        subject_id=str(told["subject"]),
        on=date.fromisoformat(str(told["time"])[:10]),
        values=told["data"],
    )
