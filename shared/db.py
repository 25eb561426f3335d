"""One engine, one request one transaction, under the database role of the caller's audience.

The only module that begins, commits or rolls back. Nothing here knows a table of a service.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from shared import clock, idempotency
from shared.access import Operation, actions_open_to, decided_by, is_decision, judge_action
from shared.caller import Caller
from shared.connections import begin, commit, new_engine, refusing, within_reach
from shared.errors import Internal, Unauthorized
from shared.exports.media import Form
from shared.journal import Event, insert_events
from shared.purposes import AccessPurpose
from shared.workflow import Workflow

P = ParamSpec("P")

_SETTING = re.compile(r"[A-Za-z0-9._:@|, /-]{0,4000}")
_ROLE = re.compile(r"[a-z_]+")

#: Functions on a record (lead, approver …) that a person of the NPM may hold; scopes and use cases narrow them.
FUNCTIONS = frozenset(
    "lead drafter approver authority_contact handler complaints_lead on_call_decider assignee concerned".split()
)


def told_of(caller: Caller, operation: str, decisions: frozenset[str] = frozenset()) -> dict[str, str]:
    """Give what a transaction tells PostgreSQL of its caller, by the names of the settings `a22.*`.

    `decisions`: the decision scopes that the operation asks for and the caller holds, for roles do not say whom the matrix
    names. Not all that the caller may decide: what is open to who assigns a case is open while one is assigned.
    """
    return {
        "subject": caller.subject,
        "person": caller.person,
        "client": caller.client_id,
        "roles": ",".join(sorted(caller.roles)),
        "organisation": caller.organisation_id,
        "department": caller.department_id,
        "expert": caller.expert_id,
        "operation": operation,
        "decisions": ",".join(sorted(decisions)),
        "excluded_places": ",".join(caller.excluded_places),
        "excluded_authorities": ",".join(caller.excluded_authorities),
    }


@lru_cache(maxsize=4096)
def opening(caller: Caller, role: str, operation: str, decisions: frozenset[str] = frozenset()) -> str:
    """Write the BEGIN of a transaction: who is calling, and as which role; one trip to the server.

    Values are checked against a closed alphabet without quotes; a caller that does not fit is no caller.
    """
    settings = told_of(caller, operation, decisions)
    if not all(_SETTING.fullmatch(value) for value in settings.values()) or not _ROLE.fullmatch(role):
        raise Unauthorized
    told = "".join(f"SET LOCAL a22.{name}='{value}';" for name, value in settings.items())
    return f"BEGIN;{told}SET LOCAL ROLE {role}"


@lru_cache(maxsize=4096)
def _allowed(workflow: Workflow[Any, Any], row: Operation, caller: Caller) -> dict[str, list[str]]:
    open_to = actions_open_to(row, caller)
    held = caller.roles | (FUNCTIONS if caller.audience_class == "npm" else frozenset())
    deciding = held | {"head"}
    return {
        state.value: [
            action.value
            for action in workflow.allowed(state, deciding)
            if action.value in open_to
            and workflow.step(state, action).by & (deciding if is_decision(row, action.value) else held)
        ]
        for state in type(workflow.initial)
    }


class Work:
    """What a use case works with: the transaction, the caller, and `record(event)`; gone after the commit."""

    def __init__(
        self, caller: Caller, connection: asyncpg.Connection, operation: Operation | None, bind: AsyncConnection | None
    ) -> None:
        """Hold an open transaction for one caller and one operation."""
        self.caller = caller
        self.connection = connection
        self.operation = operation
        self.table: dict[str, Operation] = {}
        self.url = ""
        self.replayed = False
        self.repetition: idempotency.Repetition | None = None
        self.purpose: AccessPurpose | None = None
        self.if_none_match = ""
        self.form: Form | None = None
        self.state: Any = None
        self._bind = bind
        self._session: AsyncSession | None = None
        self._events: list[Event] = []
        self._has_recorded = False
        self._times: tuple[datetime, date] | None = None
        self._is_discarded = False

    @property
    def session(self) -> AsyncSession:
        """Give the SQLModel session of this transaction; only writing work of the npm and worker roles has one."""
        if self._session is None:
            if self._bind is None:
                raise RuntimeError("reading work and outer audiences have no session")
            self._session = AsyncSession(self._bind, expire_on_commit=False)
        return self._session

    async def now(self) -> datetime:
        """Give the instant of the domain's clock, read once per transaction (UTC)."""
        return (await self._clock())[0]

    async def today(self) -> date:
        """Give the date in the institution's time zone, read once per transaction."""
        return (await self._clock())[1]

    async def _clock(self) -> tuple[datetime, date]:
        if self._times is None:
            row = await self.connection.fetchrow(clock.READ)
            self._times = (row[0], row[1])
        return self._times

    @property
    def stated_purpose(self) -> AccessPurpose:
        """Give why the caller asks for what is restricted; the wall has judged it. Internal where no operation asks."""
        if self.purpose is None:
            raise Internal
        return self.purpose

    def record(self, fact: Event) -> None:
        """Leave one journal row, in this transaction; where the operation asks for a purpose, with it."""
        if self.operation is not None and self.operation.purpose:
            fact = replace(fact, values={**fact.values, "purpose": self.stated_purpose.value})
        self._events.append(fact)
        self._has_recorded = True

    async def flush(self) -> None:
        """Send what the session holds, so that reads of this transaction see it."""
        if self._session is not None:
            await self._session.flush()

    async def once(
        self, usecase: "Callable[Concatenate[Work, P], Awaitable[UUID]]", *arguments: P.args, **keywords: P.kwargs
    ) -> UUID:
        """Run a use case at most once per Idempotency-Key; a repetition gives the id that the first run gave."""
        if self.repetition is None:
            return await usecase(self, *arguments, **keywords)
        known = await idempotency.claim(self.connection, self.repetition)
        if known is not None:
            self.replayed = True
            return UUID(known)
        made = await usecase(self, *arguments, **keywords)
        await self.flush()
        await idempotency.keep(self.connection, self.repetition, str(made))
        return made

    def require_action(self, action: str) -> None:
        """Refuse an action whose scopes the caller lacks, before any look-up."""
        if self.operation is None:
            raise Internal
        judge_action(self.operation, self.caller, action)

    def allowed_actions(self, workflow: Workflow[Any, Any], operation: str) -> dict[str, list[str]]:
        """Give, for each state, the actions the caller could take through the transitions operation of that name."""
        row = self.table.get(f"{self.caller.audience_class}.{operation}")
        return {} if row is None else _allowed(workflow, row, self.caller)

    async def settle(self) -> None:
        """Send and journal what was done so far and hold it no longer, so that memory stays flat; nothing ends here."""
        await self.flush()
        if self._events and not self._is_discarded:
            await insert_events(self.connection, self._events)
        self._events.clear()
        if self._session is not None:
            self._session.expunge_all()

    def discard(self) -> None:
        """Keep nothing of this transaction: a dry run."""
        self._is_discarded = True

    async def finish(self) -> None:
        """Send, journal and commit; afterwards this work is dead."""
        if self._is_discarded:
            await self.connection.execute("ROLLBACK")
            return
        # restricted things are never shown without a trace: an operation that forgot it shows nothing
        if self.operation is not None and self.operation.journal_read and not self._has_recorded:
            raise Internal
        await self.flush()
        if self._events:
            await insert_events(self.connection, self._events)
        if await commit(self.connection) != "COMMIT":
            raise Internal


class Database:
    """The connections of one service to its own database."""

    def __init__(self, url: str, *, service: str, pool_size: int = 12) -> None:
        """Connect lazily as the service's app role; `url` is a `postgresql://` address."""
        self.service = service
        self.url = url
        self.committed = asyncio.Event()
        self.engine = new_engine(url, pool_size)

    @asynccontextmanager
    async def work(
        self, caller: Caller, operation: Operation | None = None, *, writing: bool = True
    ) -> AsyncIterator[Work]:
        """Open a transaction as the role of the caller's audience; commit at the end, or leave nothing."""
        opened = self._opened(caller, operation)
        with_session = writing and caller.audience_class in ("npm", "worker")
        opening_of = self._for_session if with_session else self._without_session
        async with opening_of(opened) as (connection, session):
            work = Work(caller, connection, operation, session)
            with refusing() if caller.is_recused else nullcontext():
                yield work
                await work.finish()
        if writing:
            self.committed.set()

    @asynccontextmanager
    async def snapshot(self, caller: Caller, operation: Operation, *, seconds: int) -> AsyncIterator[Work]:
        """Open a reading transaction as the caller's role that sees one instant as long as it lives; `seconds` a statement."""
        begin = self._opened(caller, operation).removeprefix("BEGIN")
        begin = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY{begin};SET LOCAL statement_timeout='{int(seconds)}s'"
        async with self._without_session(begin) as (connection, bind):
            yield Work(caller, connection, operation, bind)

    def _opened(self, caller: Caller, operation: Operation | None) -> str:
        asked = (operation.key, decided_by(caller, operation)) if operation else ("",)
        return opening(caller, f"{self.service}_{caller.audience_class}", *asked)

    @asynccontextmanager
    async def inside(self, role: str, *, operation: str) -> AsyncIterator[Work]:
        """Open a transaction as `worker` or `service`, on nobody's behalf."""
        caller = Caller(subject=f"{self.service}-service", audience_class=role, roles=frozenset({"system"}))
        async with self._for_session(opening(caller, f"{self.service}_{role}", operation)) as (
            connection,
            bind,
        ):
            work = Work(caller, connection, None, bind)
            yield work
            await work.finish()
        if operation != "seal_journal":
            self.committed.set()

    @asynccontextmanager
    async def _for_session(self, opened: str) -> AsyncIterator[tuple[Any, AsyncConnection | None]]:
        with within_reach():
            async with self.engine.connect() as bind:
                connection: Any = (await bind.get_raw_connection()).driver_connection
                try:
                    await begin(connection, opened)
                    yield connection, bind
                finally:
                    await _roll_back(connection)

    @asynccontextmanager
    async def _without_session(self, opened: str) -> AsyncIterator[tuple[Any, AsyncConnection | None]]:
        with within_reach():
            raw = await self.engine.raw_connection()
            connection: Any = raw.driver_connection
            try:
                await begin(connection, opened)
                yield connection, None
            finally:
                try:
                    await _roll_back(connection)
                except BaseException:
                    # a connection that cannot be cleaned is not handed on
                    raw.invalidate()
                    raise
                raw.close()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def _roll_back(connection: Any) -> None:
    """End what was not committed."""
    if not connection.is_closed() and connection.is_in_transaction():
        await connection.execute("ROLLBACK")
