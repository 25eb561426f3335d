"""The made-up country in an emptied system, for tests that read it or look for what moves."""

from datetime import UTC, datetime

import asyncpg

from deploy.demo.load import load
from deploy.postgres.server import Server
from shared.settings import DATABASES
from tests.conftest import NOT_EMPTY
from tests.people import People


async def loaded(cluster: Server, people: People) -> None:
    """Empty every database and load the country as it stands today."""
    for service in DATABASES:
        connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
        try:
            names = [f'"{row["relname"]}"' for row in await connection.fetch(NOT_EMPTY)]
            await connection.execute(f"TRUNCATE {', '.join(names)} CASCADE")
        finally:
            await connection.close()
    await load(people.client, datetime.now(UTC).date(), lambda _line: None)
