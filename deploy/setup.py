"""Set-up before anything serves: roles, databases, migrations, keys. Again and at the same time is harmless.

Run by `./a22 up`, and as `python -m deploy.setup` by the one-shot container, which alone knows the administrator's URL.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from deploy.assembly import publish_keys
from deploy.migrations import migrate
from deploy.postgres import roles
from deploy.postgres.server import Server
from shared.settings import DATABASES, Settings

TAKE_TURNS = "SELECT pg_advisory_lock(4202020)"


@asynccontextmanager
async def _taking_turns(admin: str) -> AsyncIterator[None]:
    """Let one set-up of a server work at a time: each gives the owners passwords of its own."""
    connection = await asyncpg.connect(admin)
    try:
        await connection.execute(TAKE_TURNS)
        yield
    finally:
        await connection.close()


async def prepare(running: Server, settings: Settings) -> None:
    """Make roles, databases and keys, and bring every database to the present schema."""
    passwords = roles.passwords(running.folder, DATABASES)
    async with _taking_turns(running.admin_url):
        await roles.prepare(
            running.admin_url, DATABASES, passwords, environment=settings.environment, time_zone=settings.time_zone
        )
        for service in DATABASES:
            await migrate(running.url(f"{service}_owner", service), service)
    publish_keys(settings)


def app_urls(running: Server) -> dict[str, str]:
    """Give the address of each service's database as its app role."""
    return {service: running.url(f"{service}_app", service) for service in DATABASES}


async def _prepare_named(admin: str, environment: Mapping[str, str], settings: Settings) -> None:
    passwords = {f"{service}_owner": secrets.token_urlsafe(32) for service in DATABASES}
    passwords |= {f"{service}_app": environment[f"A22_{service.upper()}_PASSWORD"] for service in DATABASES}
    parts = urlsplit(admin)
    async with _taking_turns(admin):
        await roles.prepare(admin, DATABASES, passwords, environment=settings.environment, time_zone=settings.time_zone)
        for service in DATABASES:
            login = f"{service}_owner:{quote(passwords[f'{service}_owner'], safe='')}@{parts.netloc.rpartition('@')[2]}"
            await migrate(urlunsplit((parts.scheme, login, f"/{service}", parts.query, "")), service)
    publish_keys(settings)


if __name__ == "__main__":
    asyncio.run(_prepare_named(os.environ["A22_DATABASE_URL"], os.environ, Settings()))
