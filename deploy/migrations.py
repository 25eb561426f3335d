"""Brings the database of a service, or of the gateway, to the present schema: migrations, functions, policies and grants in one transaction.

Two at once take turns; a second run changes nothing.
"""

import asyncio
import importlib
import re
from pathlib import Path
from typing import Any

import asyncpg
from alembic import autogenerate, command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.postgres import queue
from shared import clock, journal, records
from shared.operations import tables as operations
from shared.protection import statements
from shared.settings import SERVICES

ROOT = Path(__file__).resolve().parent.parent
LOCK = 4202021
#: Who works on a table when a migration wants it.
IN_THE_WAY = (asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError)
TRIES = 20
BETWEEN_TRIES_SECONDS = 0.5

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
POLICIES = "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'"
GRANTS = """
SELECT DISTINCT table_name, grantee FROM information_schema.column_privileges
WHERE table_schema = 'public' AND grantee LIKE :service || '\\_%' AND grantee <> :service || '_owner'
UNION SELECT DISTINCT table_name, grantee FROM information_schema.table_privileges
WHERE table_schema = 'public' AND grantee LIKE :service || '\\_%' AND grantee <> :service || '_owner'
"""


def configuration(service: str, connection: Connection | None = None) -> Config:
    """Give Alembic's configuration of one service."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "shared" / "alembic").replace("%", "%%"))
    config.set_main_option("version_locations", str(package_of(service) / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["metadata"] = protection_of(service).METADATA
    config.attributes["connection"] = connection
    return config


def protection_of(service: str) -> Any:
    """Give the module that declares a service's tables, policies and grants."""
    return importlib.import_module(f"{'.'.join(package_of(service).relative_to(ROOT).parts)}.protection")


def package_of(service: str) -> Path:
    """Give the folder of a service, or of the gateway."""
    return ROOT / "services" / service if service in SERVICES else ROOT / service


async def migrate(url: str, service: str, *, revision: str = "head", down: bool = False) -> None:
    """Bring the database at `url` (as the service's owner) to a revision, with its functions, policies and grants.

    Beside a system that works it waits a little for the tables, and begins anew when it would hold up requests.
    """
    for left in range(TRIES - 1, -1, -1):
        try:
            await _within(url, lambda connection: _migrate(connection, service, revision, down=down))
        except DBAPIError as error:
            if not left or not isinstance(error.orig and error.orig.__cause__, IN_THE_WAY):
                raise
            await asyncio.sleep(BETWEEN_TRIES_SECONDS)
        else:
            return


async def differences(url: str, service: str) -> list[Any]:
    """Give what Alembic would still change: empty when tables and migrations are in step."""
    found: list[Any] = []

    def compare(connection: Connection) -> None:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found.extend(autogenerate.compare_metadata(context, protection_of(service).METADATA))

    await _within(url, compare)
    return found


async def write_revision(url: str, service: str, message: str, revision: str) -> None:
    """Write a new migration file from the difference between tables and database; for developers."""
    await _within(
        url,
        lambda connection: command.revision(
            configuration(service, connection), message=message, autogenerate=True, rev_id=revision
        ),
    )


async def _within(url: str, run: Any) -> None:
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


def _migrate(connection: Connection, service: str, revision: str, *, down: bool) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    _take(connection)
    _lift(connection, service)
    # tables have defaults by these functions, and the functions read these tables
    connection.exec_driver_sql("SET LOCAL check_function_bodies = off")
    _lay_functions(connection)
    (command.downgrade if down else command.upgrade)(configuration(service, connection), revision)
    if connection.exec_driver_sql("SELECT to_regclass('journal')").scalar() is None:
        queue.drop(connection)
        return
    queue.bring_up(connection)
    connection.exec_driver_sql("REVOKE EXECUTE ON FUNCTION next_number(text) FROM PUBLIC")
    for statement in getattr(protection_of(service), "FUNCTIONS", ()):
        connection.exec_driver_sql(statement)
    for statement in statements(service, protection_of(service).PROTECTIONS):
        connection.exec_driver_sql(statement)
    for statement in getattr(protection_of(service), "TRIGGERS", ()):
        connection.exec_driver_sql(statement)


def _take(connection: Connection) -> None:
    """Take every table at once and before any change, or give up soon: requests wait no longer than that."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
    names = [f'"{name}"' for (name,) in connection.exec_driver_sql(TABLES)]
    if names:
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE")


def _lift(connection: Connection, service: str) -> None:
    """Take policies and grants away for the time of the migration; both are laid anew at its end."""
    for table, policy in connection.execute(text(POLICIES)).all():
        connection.exec_driver_sql(f'DROP POLICY "{policy}" ON "{table}"')
    for table, grantee in connection.execute(text(GRANTS), {"service": service}).all():
        connection.exec_driver_sql(f'REVOKE ALL ON "{table}" FROM "{grantee}"')


def _lay_functions(connection: Connection) -> None:
    for functions in (clock.FUNCTIONS, journal.FUNCTIONS, records.FUNCTIONS, operations.FUNCTIONS):
        for statement in _split(functions):
            connection.exec_driver_sql(statement)


def _split(functions: str) -> list[str]:
    return [f"CREATE OR REPLACE {each}" for each in re.split(r"^CREATE OR REPLACE ", functions, flags=re.MULTILINE)[1:]]
