"""The system at a real address, for clients that are programs of their own; and a register too large for one read."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio
import uvicorn

from deploy.bench.system import FILL
from deploy.postgres.server import Server
from tests.people import People
from tests.shapes import free_ports
from tests.waiting import eventually

ROWS = 3_000


@pytest_asyncio.fixture
async def address(people: People) -> AsyncIterator[str]:
    """Give the address of the system, in the shape that is tested; in this process it is served for the test."""
    if people.app is None:
        yield str(people.client.base_url)
        return
    [port] = free_ports(1)
    server = uvicorn.Server(uvicorn.Config(people.app, port=port, lifespan="off", log_level="critical"))
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: _started(server))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


async def _started(server: uvicorn.Server) -> bool:
    return server.started


@pytest_asyncio.fixture
async def admin(people: People, empty: None, cluster: Server) -> AsyncIterator[asyncpg.Connection]:
    """Fill the register; gives a connection that sees every session."""
    owner = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    await owner.execute(FILL, 1, ROWS)
    await owner.close()
    connection = await asyncpg.connect(cluster.admin_url)
    try:
        yield connection
    finally:
        await connection.close()
