"""Fixtures of the tests of this service: empty tables, and a journal that goes on.

A consumer that waits for what comes after position 40 would not see a journal that begins again at 1.
"""

import asyncpg
import pytest_asyncio

from deploy.postgres.server import Server
from shared.settings import SERVICES
from tests.people import People

FILLED = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT IN ('alembic_version', 'journal', 'inbox')
"""


@pytest_asyncio.fixture
async def empty(cluster: Server, people: People) -> None:
    """Begin with empty tables; journal and positions stay."""
    for service in SERVICES:
        connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
        try:
            names = [row["relname"] for row in await connection.fetch(FILLED)]
            await _truncated(connection, names)
        finally:
            await connection.close()


async def _truncated(connection: asyncpg.Connection, names: list[str]) -> None:
    """Empty the tables; a consumer that is just applying something may be in the way once or twice."""
    for left in range(4, -1, -1):
        try:
            await connection.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in names) + " CASCADE")
        except asyncpg.DeadlockDetectedError:
            if not left:
                raise
        else:
            return
