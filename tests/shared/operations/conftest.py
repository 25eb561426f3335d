"""A service of the tests' own, on a database of its own: real queue, real worker, real roles, and kinds made for the test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest_asyncio

from deploy.assembly import service_alone
from deploy.migrations import migrate
from deploy.postgres import roles
from deploy.postgres.server import Server
from shared import operations
from shared.access import Operation
from shared.app import ServiceState
from shared.caller import Caller
from shared.jobs import Jobs, Periodic
from shared.operations import Runner
from shared.operations.carrying_out import Carrier
from shared.settings import DATABASES, Settings
from tests.revocations import nobody_revoked
from tests.waiting import eventually

SUFFIX = "_operations"
ROW = Operation(operation="order_things", audience="npm", scopes=("visits:places.write",), object="institution")
ENDED = ("done", "failed", "cancelled")


def staff() -> Caller:
    """Make somebody of the NPM."""
    return Caller(
        subject=f"staff-{uuid4()}", audience_class="npm", roles=frozenset({"staff"}), scopes=frozenset(ROW.scopes)
    )


@dataclass
class House:
    """One service over the tests' own database; a process of it is a `worker()`."""

    url: str
    owner: asyncpg.Connection
    settings: Settings
    runs: list[Any] = field(default_factory=list)

    @asynccontextmanager
    async def state(self, kinds: Mapping[str, Runner]) -> AsyncIterator[ServiceState]:
        """Make what the routes of one process share, without a worker."""
        alone = self.settings.model_copy(update={"service_database_url": self.url})
        state: ServiceState = service_alone("visits", alone, nobody_revoked()).state.a22
        state.operations, state.table = kinds, {ROW.key: ROW}
        try:
            yield state
        finally:
            await state.database.close()

    @asynccontextmanager
    async def worker(
        self, kinds: Mapping[str, Runner] | None = None, periodic: Iterable[Periodic] = ()
    ) -> AsyncIterator[ServiceState]:
        """Run one process's worker."""
        by_itself = tuple(periodic)
        async with self.state(kinds or {}) as state:
            runners = {**state.operations, **{each.name: each.run for each in by_itself}}
            carrier = Carrier(state, runners, lambda: state.jobs is not None and state.jobs.is_stopping)
            state.jobs = Jobs(self.url, "visits", carrier, by_itself)
            state.jobs.start()
            try:
                yield state
            finally:
                await state.jobs.stop()

    async def order(self, state: ServiceState, caller: Caller, kind: str, **arguments: Any) -> UUID:
        """Order an operation as a route does."""
        async with state.database.work(caller, ROW) as work:
            work.state, work.table = state, state.table
            return await operations.begin(work, kind, arguments=arguments, total=arguments.get("batches"))

    async def row(self, operation_id: UUID) -> dict[str, Any]:
        """Read an operation as it is kept."""
        found = await self.owner.fetchrow("SELECT * FROM operation WHERE id = $1", operation_id)
        return dict(found) if found else {}

    async def until(self, operation_id: UUID, *states: str, seconds: float = 30) -> dict[str, Any]:
        """Wait until an operation is in one of the states."""

        async def there() -> dict[str, Any]:
            found = await self.row(operation_id)
            return found if found.get("state") in (states or ENDED) else {}

        return await eventually(there, seconds=seconds)

    async def events(self, operation_id: UUID) -> list[tuple[str, str]]:
        """Give the journal rows about an operation."""
        rows = await self.owner.fetch(
            "SELECT action, payload::text AS payload FROM journal_queue WHERE subject_id = $1 ORDER BY queue_id",
            str(operation_id),
        )
        return [(row["action"], row["payload"]) for row in rows]


@pytest_asyncio.fixture(scope="module")
async def database(cluster: Server) -> str:
    """Make the tests' own database of the visits service."""
    passwords = roles.passwords(cluster.folder, DATABASES)
    await roles.prepare(cluster.admin_url, ["visits"], passwords, environment="test", time_zone="UTC", suffix=SUFFIX)
    await migrate(cluster.url("visits_owner", f"visits{SUFFIX}"), "visits")
    return cluster.url("visits_app", f"visits{SUFFIX}")


@pytest_asyncio.fixture
async def house(cluster: Server, database: str, settings: Settings) -> AsyncIterator[House]:
    """Give an empty house."""
    owner = await asyncpg.connect(cluster.url("visits_owner", f"visits{SUFFIX}"))
    # the queue's own triggers look for its types there
    await owner.execute("SET search_path = public, jobs")
    await owner.execute(
        "TRUNCATE operation, journal_queue, jobs.procrastinate_jobs, jobs.procrastinate_events, "
        "jobs.procrastinate_periodic_defers, jobs.procrastinate_workers CASCADE"
    )
    yield House(database, owner, settings)
    await owner.close()


def in_batches(seen: list[Any], *, wait: Callable[[int], Awaitable[None]] | None = None) -> Runner:
    """Make a runner that does `batches` batches, one transaction each, from where an earlier run stopped."""

    async def run(running: operations.Running) -> dict[str, Any]:
        batches = running.arguments["batches"]
        seen.append(("began", running.done))
        for batch in range(running.done, batches):
            async with running.work() as work:
                await running.advance(work, batch + 1, batches)
            seen.append(("did", batch))
            if wait:
                await wait(batch + 1)
        return {"batches": batches}

    return run


async def for_ever(_batch: int) -> None:
    """Hang."""
    await asyncio.Event().wait()
