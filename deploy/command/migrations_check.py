"""The gate that tables and migrations are in step: migrates a throw-away PostgreSQL, and down and up again, and compares."""

import asyncio
import sys
import tempfile
from pathlib import Path

from deploy.migrations import differences, migrate
from deploy.postgres import roles
from deploy.postgres.server import Server, server
from shared.settings import DATABASES


async def found(running: Server) -> dict[str, list[str]]:
    """Give what Alembic would still change, by service: empty lists when all is in step."""
    passwords = roles.passwords(running.folder, DATABASES)
    await roles.prepare(running.admin_url, DATABASES, passwords, environment="test", time_zone="UTC")
    told: dict[str, list[str]] = {}
    for service in DATABASES:
        url = running.url(f"{service}_owner", service)
        await migrate(url, service)
        await migrate(url, service, revision="base", down=True)
        await migrate(url, service)
        told[service] = [str(each) for each in await differences(url, service)]
    return told


def main() -> None:
    """Say what is out of step; exit 1 when something is."""
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), fast=True) as running:
        told = asyncio.run(found(running))
    for service, changes in told.items():
        for change in changes:
            print(f"{service}: {change}")
    sys.exit(1 if any(told.values()) else 0)


if __name__ == "__main__":
    main()
