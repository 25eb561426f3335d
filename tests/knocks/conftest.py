"""Fixtures of the hard knocks: chance, and systems of real processes that are ready."""

import asyncio
import os
import random
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from pathlib import Path

import pytest
import pytest_asyncio

from deploy import setup
from tests.knocks.chance import seeded
from tests.knocks.clients import Connection, Gone
from tests.knocks.processes import System, planned

Start = Callable[[str], Awaitable[System]]


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Give chance with a printed seed."""
    return seeded(request)


@pytest.fixture
def data() -> Iterator[Path]:
    """Give a folder on a real disk that the account of the database can reach; gone afterwards."""
    with _folder() as folder:
        yield folder


class _folder:  # noqa: N801 - reads as a noun
    """A folder of its own under the system's temporary one."""

    def __enter__(self) -> Path:
        """Make it."""
        self.path = Path(tempfile.mkdtemp(prefix="a22-knocks-")).resolve()
        self.path.chmod(0o755)
        return self.path

    def __exit__(self, *_exception: object) -> None:
        """Remove it."""
        shutil.rmtree(self.path, ignore_errors=True)


async def ready_within(port: int, seconds: float) -> float:
    """Wait until the system is ready, and give how long that took; AssertionError after `seconds`."""
    began = time.monotonic()
    with closing(Connection(port)) as connection:
        while True:
            with suppress(Gone):
                if (await connection.send("GET", "/readyz", seconds=5)).status == 200:
                    return time.monotonic() - began
            assert time.monotonic() - began < seconds, f"not ready within {seconds} s"
            await asyncio.sleep(0.05)


@asynccontextmanager
async def started(folder: Path, shape: str) -> AsyncIterator[System]:
    """Run a system in a folder, with PostgreSQL as it serves real data."""
    os.environ.pop("A22_DATABASE_URL", None)
    with planned(folder, shape) as system:
        system.postgres.start()
        await setup.prepare(system.server, system.settings)
        system.start_parts()
        await ready_within(system.port, 90)
        yield system


@pytest_asyncio.fixture
async def start() -> AsyncIterator[Start]:
    """Give what starts a system in a shape; ended after the test."""
    async with AsyncExitStack() as stack:

        async def begin(shape: str) -> System:
            return await stack.enter_async_context(started(stack.enter_context(_folder()), shape))

        yield begin


@pytest_asyncio.fixture(scope="session")
async def small() -> AsyncIterator[System]:
    """Give one system in the shape of one for the short knocks; each leaves it running."""
    with _folder() as folder:
        async with started(folder, "one") as system:
            yield system
