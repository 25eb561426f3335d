"""For developers: writes a migration of a service from the difference between its tables and its migrations.

`python -m deploy.revise SERVICE NUMBER MESSAGE`, on a throw-away PostgreSQL. Never touches a running system.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from deploy.migrations import migrate, write_revision
from deploy.postgres import roles
from deploy.postgres.server import server
from shared.settings import DATABASES


async def _write(admin: str, owner: str, service: str, number: str, message: str, passwords: dict[str, str]) -> None:
    await roles.prepare(admin, DATABASES, passwords, environment="test", time_zone="UTC")
    await migrate(owner, service)
    await write_revision(owner, service, message, number)


def main() -> None:
    """Write one migration file."""
    service, number, message = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), fast=True) as running:
        passwords = roles.passwords(running.folder, DATABASES)
        asyncio.run(
            _write(running.admin_url, running.url(f"{service}_owner", service), service, number, message, passwords)
        )


if __name__ == "__main__":
    main()
