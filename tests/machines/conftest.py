"""The system at a real address, for programs that are not ours."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
import uvicorn

from tests.people import People
from tests.shapes import free_ports
from tests.waiting import eventually


@pytest_asyncio.fixture
async def address(people: People) -> AsyncIterator[str]:
    """Give the address of the system, in the shape that is tested; in this process it is served for the test."""
    if people.app is None:
        yield str(people.client.base_url).rstrip("/")
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
