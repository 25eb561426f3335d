"""Fixtures of the whole suite: one real PostgreSQL, the whole system over it, and people by name.

No mock of our own code: tokens are signed, transactions commit, the sealer and the consumers run.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from deploy.assembly import one_process, publish_keys
from deploy.migrations import migrate
from deploy.postgres import roles
from deploy.postgres.server import Server, server
from shared.settings import DATABASES, Limits, Settings
from tests.people import People
from tests.shapes import five_processes
from tests.stakeholders.made import with_experts

os.environ["A22_ENVIRONMENT"] = "test"
# no test is about how fast a machine is, nor how busy
hypothesis_settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("any machine")

NOT_EMPTY = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r'
  AND c.relname NOT IN ('alembic_version', 'journal', 'inbox')
"""


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run one PostgreSQL for the session, without fsync, with every database migrated."""
    folder = tmp_path_factory.mktemp("postgres")
    with server(folder, fast=True) as running:
        passwords = roles.passwords(running.folder, DATABASES)
        asyncio.run(_prepared(running, passwords))
        yield running


async def _prepared(running: Server, passwords: dict[str, str]) -> None:
    await roles.prepare(running.admin_url, DATABASES, passwords, environment="test", time_zone="UTC")
    for service in DATABASES:
        await migrate(running.url(f"{service}_owner", service), service)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with keys of their own and limits that tests do not reach by accident."""
    plenty = 1_000_000
    limits = Limits(
        person_requests_per_second=plenty,
        expert_requests_per_second=plenty,
        machine_requests_per_second=plenty,
        public_requests_per_second=plenty,
        failed_authentications_per_minute=plenty,
    )
    secrets, public_keys = tmp_path_factory.mktemp("secrets"), tmp_path_factory.mktemp("public-keys")
    # what comes every night is ordered by the tests that are about it
    made = Settings(
        environment="test", secrets=secrets, public_keys=public_keys, limits=limits, pool_size=6, periodic_work=False
    )
    publish_keys(made)
    return made


class living:  # noqa: N801 - reads as a verb
    """Runs an ASGI app's lifespan around a block."""

    def __init__(self, app: Any) -> None:
        """Take the app."""
        self._app = app
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def __aenter__(self) -> None:
        """Start."""
        self._task = asyncio.create_task(self._app({"type": "lifespan"}, self._messages.get, self._answers.put))
        await self._messages.put({"type": "lifespan.startup"})
        answer = asyncio.create_task(self._answers.get())
        await asyncio.wait({self._task, answer}, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            answer.cancel()
            self._task.result()

    async def __aexit__(self, *_exception: object) -> None:
        """Stop."""
        await self._messages.put({"type": "lifespan.shutdown"})
        await self._task


def shapes() -> list[str]:
    """Give the shapes to test: both, unless A22_TEST_SHAPES names one."""
    return os.environ.get("A22_TEST_SHAPES", "one,five").split(",")


@pytest_asyncio.fixture(scope="session", params=shapes())
async def people(request: pytest.FixtureRequest, cluster: Server, settings: Settings) -> AsyncIterator[People]:
    """Give the cast, in each shape: `people.as_("staff")` is a client with that persona's token."""
    if request.param == "one":
        app = one_process(settings, {service: cluster.url(f"{service}_app", service) for service in DATABASES})
        transport = httpx.ASGITransport(app=app)
        async with living(app), httpx.AsyncClient(transport=transport, base_url=settings.base_url) as client:
            yield People(client, app)
        return
    async with five_processes(cluster, settings) as address, httpx.AsyncClient(base_url=address, timeout=30) as client:
        yield People(client, None)


@pytest_asyncio.fixture
async def empty(cluster: Server, people: People) -> None:
    """Begin with empty tables; journal and positions go on, as consumers wait behind them."""
    for service in DATABASES:
        connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
        try:
            names = [row["relname"] for row in await connection.fetch(NOT_EMPTY)]
            await _emptied(connection, names)
        finally:
            await connection.close()


@pytest_asyncio.fixture
async def experts(people: People, empty: None) -> None:
    """Put both experts of the personas in standing: contract, secrecy, training and accreditation, as imported history."""
    await with_experts(people)


async def _emptied(connection: asyncpg.Connection, names: list[str]) -> None:
    """Truncate what is filled; a consumer that is just applying something may be in the way once or twice."""
    for left in range(4, -1, -1):
        filled = [name for name in names if await connection.fetchval(f'SELECT EXISTS (SELECT 1 FROM "{name}")')]
        try:
            if filled:
                await connection.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in filled) + " CASCADE")
        except asyncpg.DeadlockDetectedError:
            if not left:
                raise
        else:
            return


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Give the folder of the project."""
    return Path(__file__).resolve().parent.parent
