"""What a runner works with: transactions as the person who ordered, progress, and the end of a run that is no longer ours.

Every transaction of a run commits only while the operation is still this run's: one that was cancelled, or taken over
after its process seemed dead, writes nothing more.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.access import Operation
from shared.caller import Caller
from shared.db import Work
from shared.errors import Conflict, Unavailable
from shared.operations import queries

if TYPE_CHECKING:
    from shared.app import ServiceState

#: The class of callers that periodic work runs as: the service itself.
SYSTEM_CLASS = "worker"
CONFIRMED_WITHIN_SECONDS = 10


class Cancelled(Exception):
    """The person who ordered the operation took it back, or another run has taken it over. Not to be caught."""


class Interrupted(Exception):
    """The process is stopping; the next one goes on. Not to be caught."""


@dataclass(frozen=True)
class Running:
    """One run of an operation."""

    id: UUID
    kind: str
    arguments: dict[str, Any]
    caller: Caller
    state: "ServiceState"
    done: int
    """What earlier runs had reached when they were killed: go on from here."""
    attempt: int
    row: Operation | None
    """The row of the access table under which the operation was ordered."""
    is_stopping: Callable[[], bool] = field(default=lambda: False)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Open a transaction as the person who ordered; it commits only while this run holds the operation.

        Raises Cancelled when it does not, Interrupted when the process is stopping, Conflict when the access of who
        ordered has ended, Unavailable when nobody can tell.
        """
        if self.is_stopping():
            raise Interrupted
        await self._judged()
        async with self._opened() as work:
            work.state, work.table = self.state, self.state.table
            await work.connection.execute(queries.LONGER)
            yield work
            await self._insist(work)

    async def _judged(self) -> None:
        """Insist that who ordered still has access; a process that has just started gets a moment to learn of it."""
        ended = self.state.revocations
        for _ in range(CONFIRMED_WITHIN_SECONDS * 10):
            if not isinstance(ended.refusal(self.caller), Unavailable):
                break
            await asyncio.sleep(0.1)
        if ended.refuses(self.caller):
            raise Conflict("the access of the person who ordered this has ended", code="access_ended")
        ended.judge(self.caller)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Work]:
        database = self.state.database
        if self.caller.audience_class == SYSTEM_CLASS:
            async with database.inside(SYSTEM_CLASS, operation=self.kind) as work:
                yield work
            return
        async with database.work(self.caller, self.row) as work:
            yield work

    async def advance(self, work: Work, done: int, total: int | None = None) -> None:
        """Note in this transaction how far it has come; a run that is killed after the commit goes on from there.

        Raises Cancelled, and nothing of this transaction is kept, when the order was taken back.
        """
        await work.flush()
        moved = await work.connection.execute(queries.ADVANCE, self.id, self.attempt, done, total)
        if moved != "UPDATE 1":
            raise Cancelled

    async def _insist(self, work: Work) -> None:
        await work.flush()
        if not await work.connection.fetchval(queries.HELD, self.id, self.attempt):
            raise Cancelled


Runner = Callable[[Running], Awaitable[dict[str, Any]]]
