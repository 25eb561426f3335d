"""Refused attempts at what is restricted leave a row in the journal: who, which operation, a hash of the id, and nothing else.

Noted while the request is answered, written in a transaction of its own right after it: whether the thing was hidden or was
never there, the request does the same. At most one row a minute for each caller and operation, so that nobody floods the journal.
"""

import asyncio
import hmac
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from shared.access import Operation
from shared.caller import Caller
from shared.errors import Unauthorized
from shared.journal import Event
from shared.roles import vocabulary

if TYPE_CHECKING:
    from shared.db import Database

log = logging.getLogger("a22.refusals")

DENIED, RUN = "access.denied", "access.run_of_refusals"
ONE_ROW_IN_SECONDS = 60.0
#: So many refusals of one caller in so many seconds are a run, which the data protection officer is told of.
RUN_OF, RUN_SECONDS = 10, 600.0
MOST_KNOWN = 20_000
MOST_WAITING = 1_000
AGAIN_SECONDS = 1.0

REFUSED = frozenset({403, 404})
#: A decision is also refused by its rules: to whoever proposed it, or after it was taken.
REFUSED_DECISION = REFUSED | {409}


@lru_cache(maxsize=4096)
def refusals_of(operation: Operation) -> frozenset[int]:
    """Give the statuses that count as a refusal of an operation: none where nothing is restricted and nothing decided."""
    named = {*operation.scopes, *(scope for action in operation.actions for scope in action.scopes)}
    known = [vocabulary().scopes[scope] for scope in named]
    if operation.audience in ("public", "service"):
        return frozenset()
    if any(scope.decision for scope in known):
        return REFUSED_DECISION
    is_restricted = any(scope.restricted for scope in known) or operation.purpose or operation.step_up
    return REFUSED if is_restricted else frozenset()


@dataclass(frozen=True)
class _Note:
    caller: Caller
    operation: Operation
    event: Event


class Refusals:
    """Notes the refusals of one process and writes them to its own journal."""

    def __init__(self, database: "Database", key: bytes, *, now: Callable[[], float] = time.monotonic) -> None:
        """Write to a database; ids are hashed with a key, so that a row names nothing to who does not know the id."""
        self._database = database
        self._key = key
        self._now = now
        self._written: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._recent: OrderedDict[str, deque[float]] = OrderedDict()
        self._waiting: deque[_Note] = deque(maxlen=MOST_WAITING)
        self._something = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def note(self, caller: Caller, operation: Operation, parameters: Mapping[str, str], status: int) -> None:
        """Note how an operation was answered; what is no refusal of something restricted is forgotten at once."""
        if status < 400 or status not in refusals_of(operation) or caller.audience_class in ("public", "service"):
            return
        # the row says what was attempted; nothing is read in its transaction, so no purpose belongs to it
        attempted = replace(operation, purpose=False, journal_read=False)
        now, who = self._now(), f"{caller.issuer} {caller.subject}"
        if now - self._written.get((who, operation.key), float("-inf")) >= ONE_ROW_IN_SECONDS:
            self._written[who, operation.key] = now
            self._written.move_to_end((who, operation.key))
            told = Event(DENIED, self.hashed(parameters), {"status": status}, leaves=False)
            self._waiting.append(_Note(caller, attempted, told))
        if self._is_run(who, now):
            told = Event(RUN, caller.subject, {"refusals": RUN_OF, "seconds": int(RUN_SECONDS)}, leaves=False)
            self._waiting.append(_Note(caller, attempted, told))
        for known in (self._written, self._recent):
            if len(known) > MOST_KNOWN:
                known.popitem(last=False)
        self._something.set()

    def hashed(self, parameters: Mapping[str, str]) -> str:
        """Give the keyed hash under which a row names the ids of a path; `-` for a path without one."""
        path = "/".join(f"{name}={value}" for name, value in sorted(parameters.items()))
        return hmac.digest(self._key, path.encode(), "sha256").hex()[:32] if path else "-"

    def _is_run(self, who: str, now: float) -> bool:
        """Count a refusal; tell whether it makes a run, and begin to count anew after one."""
        recent = self._recent.setdefault(who, deque(maxlen=RUN_OF))
        self._recent.move_to_end(who)
        recent.append(now)
        is_run = len(recent) == RUN_OF and now - recent[0] <= RUN_SECONDS
        if is_run:
            recent.clear()
        return is_run

    def start(self) -> None:
        """Begin to write in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write what waits, and end; again is harmless."""
        if self._task is None:
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = None
        with suppress(Exception):
            await self.write()

    async def write(self) -> None:
        """Write what waits, each in the name of who was refused; what cannot be written waits on."""
        while self._waiting:
            note = self._waiting[0]
            try:
                async with self._database.work(note.caller, note.operation) as work:
                    work.record(note.event)
            except Unauthorized:
                # no caller that a transaction could name: this row can never be written
                log.error("a refusal of %s was not kept: its caller cannot be named", note.operation.key)
            if self._waiting and self._waiting[0] is note:
                self._waiting.popleft()

    async def _run(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            try:
                await self.write()
            except Exception as error:  # noqa: BLE001 - the journal may come back: what was refused is not forgotten before
                log.warning("refusals are not in the journal yet: %s", type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
                self._something.set()
