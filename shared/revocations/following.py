"""Keeping a copy of the list of revocations: asks about every second for what has changed.

The gateway reads its own database, a service asks the gateway through its door. No request waits for this.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from shared.inbox import Door
from shared.revocations.copies import Revocations
from shared.revocations.rules import Entry, RevocationKind

log = logging.getLogger("a22.revocations")

PAUSE_SECONDS = 1.0
#: While nothing is confirmed nobody is let in, so the next try comes soon.
IMPATIENT_SECONDS = 0.2
ANSWER_SECONDS = 2.0
SCOPE = "gateway:revocations.read"
PATH = "/v1/service/gateway/revocations"


@dataclass(frozen=True)
class Position:
    """How far a copy has read: number and entry of the last change that it took in."""

    after: int = 0
    after_id: str = ""


@dataclass(frozen=True)
class Changes:
    """What changed after a position, the oldest first."""

    entries: tuple[Entry, ...]
    position: Position
    is_whole: bool
    """Whether this begins at the beginning, because the list does not know the position asked from."""
    is_end: bool
    """Whether there is no more at this moment."""


Source = Callable[[Position], Awaitable[Changes]]


class Follower:
    """Follows the list for one copy while the process lives."""

    def __init__(self, copy: Revocations, source: Source, *, name: str) -> None:
        """Keep `copy` by asking `source`; `name` is whose it is, for the log."""
        self._copy = copy
        self._source = source
        self._name = name
        self._position = Position()
        self._is_away = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; the copy is good for some seconds more."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def confirmed(self, *, seconds: float) -> bool:
        """Wait until the copy can be relied on, at most so long; tells whether it can."""
        for _ in range(round(seconds / 0.05)):
            if self._copy.is_confirmed:
                break
            await asyncio.sleep(0.05)
        return self._copy.is_confirmed

    async def step(self) -> None:
        """Read everything that is new and confirm the copy; whatever the source raises leaves the copy as it was."""
        asked_at = self._copy.clock()
        position, entries, is_whole = self._position, list[Entry](), False
        while True:
            changes = await self._source(position)
            if changes.is_whole:
                entries, is_whole = [], True
            entries += changes.entries
            position = changes.position
            if changes.is_end:
                break
        self._copy.apply(entries, is_whole=is_whole)
        self._position = position
        self._copy.confirm(asked_at)

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self.step()
            except Exception as error:  # noqa: BLE001 - a follower never ends: without it nobody is ever let in again
                if not self._is_away:
                    log.warning("%s: the list of revocations is out of reach: %s", self._name, type(error).__name__)
                self._is_away = True
            else:
                if self._is_away:
                    log.warning("%s: the list of revocations is back", self._name)
                self._is_away = False
            await asyncio.sleep(PAUSE_SECONDS if self._copy.is_confirmed else IMPATIENT_SECONDS)


def through(door: Door) -> Source:
    """Read the list from the gateway, as a service does."""

    async def read(position: Position) -> Changes:
        asked = {"after": position.after, "after_id": position.after_id} if position.after else {}
        told = await door.get(PATH, scope=SCOPE, seconds=ANSWER_SECONDS, **asked)
        entries = tuple(_entry(each) for each in told["items"])
        return Changes(entries, Position(told["after"], told["after_id"]), told["is_whole"], told["is_end"])

    return read


def _entry(told: Mapping[str, Any]) -> Entry:
    return Entry(
        id=told["id"],
        kind=RevocationKind(told["kind"]),
        value=told["value"],
        issuer=told["issuer"],
        issued_before=told["issued_before"],
        is_lifted=told["is_lifted"],
    )
