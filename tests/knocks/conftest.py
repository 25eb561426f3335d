"""Fixtures of the hard knocks: chance, and a system of real processes that is ready."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, closing, suppress
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


@pytest_asyncio.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Give what starts a system in a shape, with PostgreSQL as it serves real data; ended after the test."""
    async with AsyncExitStack() as stack:

        async def started(shape: str, folder: Path | None = None) -> System:
            system = stack.enter_context(planned(folder or tmp_path / "data", shape))
            system.folder.mkdir(parents=True, exist_ok=True)
            system.postgres.start()
            await setup.prepare(system.server, system.settings)
            system.start_parts()
            await ready_within(system.port, 60)
            return system

        yield started
