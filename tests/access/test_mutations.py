"""The checks of access can fail: one policy, one right or one row of the access table taken away turns them red."""

import importlib
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
import pytest_asyncio
import yaml

from deploy.migrations import migrate
from deploy.postgres import roles
from deploy.postgres.server import Server
from shared.app import Wiring, build_service
from shared.db import Database
from shared.inbox import Door
from shared.identity import SigningKey
from shared.settings import SERVICES, Settings
from tests.access import catalogue

SUFFIX = "_scratch"


@pytest_asyncio.fixture(scope="module", params=SERVICES)
async def scratch(request: pytest.FixtureRequest, cluster: Server) -> AsyncIterator[tuple[str, asyncpg.Connection]]:
    """Make a database of a service anew, apart from the one that runs, and connect as its owner."""
    service: str = request.param
    passwords = roles.passwords(cluster.folder, SERVICES)
    await roles.prepare(
        cluster.admin_url, [service], passwords, environment="test", time_zone="UTC", suffix=SUFFIX
    )
    url = cluster.url(f"{service}_owner", service + SUFFIX)
    await migrate(url, service)
    connection = await asyncpg.connect(url)
    yield service, connection
    await connection.close()


async def found(connection: asyncpg.Connection, service: str, before: catalogue.Laid) -> bool:
    """Tell whether any of the checks sees a difference."""
    return bool(
        await catalogue.unforced(connection)
        or await catalogue.policies(connection, service)
        or await catalogue.rights(connection, service)
        or await catalogue.laid(connection) != before
    )


async def mutated(connection: asyncpg.Connection, service: str, statement: str) -> bool:
    """Change something, look, and take it back."""
    before = await catalogue.laid(connection)
    change = connection.transaction()
    await change.start()
    try:
        await connection.execute(statement)
        return await found(connection, service, before)
    finally:
        await change.rollback()


async def test_what_runs_is_what_is_laid_anew(cluster: Server, scratch: tuple[str, asyncpg.Connection]) -> None:
    service, fresh = scratch
    running = await asyncpg.connect(cluster.url(f"{service}_owner", service))
    try:
        assert await catalogue.laid(running) == await catalogue.laid(fresh)
    finally:
        await running.close()
    assert not await found(fresh, service, await catalogue.laid(fresh))


async def test_every_policy_that_is_dropped_or_opened_is_seen(scratch: tuple[str, asyncpg.Connection]) -> None:
    service, fresh = scratch
    unseen = []

    for (table, policy), (_, command, *_rest) in (await catalogue.laid(fresh)).items():
        opened = "WITH CHECK (true)" if command == "INSERT" else "USING (true)"
        # what the owner and the worker may do is open already
        changes = [f'DROP POLICY "{policy}" ON "{table}"']
        changes += [f'ALTER POLICY "{policy}" ON "{table}" {opened}'] if _rest[1] != "true" and _rest[2] != "true" else []
        unseen += [change for change in changes if not await mutated(fresh, service, change)]

    assert unseen == []


async def test_every_right_that_is_taken_or_given_is_seen(scratch: tuple[str, asyncpg.Connection]) -> None:
    service, fresh = scratch
    unseen = []

    for (table, role, verb), columns in sorted(catalogue.declared_rights(service).items()):
        listed = "" if columns == {"*"} else f' ("{min(columns)}")'
        change = f'REVOKE {verb}{listed} ON "{table}" FROM {service}_{role}'
        if verb != "delete" and catalogue.is_whole(service, table, role, verb):
            change = f'REVOKE {verb} ON "{table}" FROM {service}_{role}'
        unseen += [change] if not await mutated(fresh, service, change) else []
    for table in sorted({table for table, *_ in catalogue.declared_rights(service)}):
        for change in (
            f'GRANT SELECT ON "{table}" TO {service}_public',
            f'GRANT DELETE ON "{table}" TO {service}_authority',
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
            f'CREATE POLICY more ON "{table}" TO {service}_public USING (true)',
        ):
            unseen += [change] if not await mutated(fresh, service, change) else []

    assert unseen == []


def build(service: str, settings: Settings, table: Path) -> None:
    """Put a service together with another access table than its own; nothing is connected."""
    module = importlib.import_module(f"services.{service}.app")
    client = httpx.AsyncClient()
    wiring = Wiring(
        settings=settings,
        database=Database(f"postgresql://nobody@127.0.0.1/{service}", service=service),
        door=Door(service, settings=settings, key=SigningKey.made("test"), client=client),
        tokens=None,
        cursor_key=bytes(32),
    )
    build_service(service, wiring, routers=module.ROUTERS, access_table=table, feeds={})


@pytest.mark.parametrize("service", SERVICES)
def test_a_row_of_the_access_table_that_is_missing_stops_the_start(
    settings: Settings, tmp_path: Path, checkout: Path, service: str
) -> None:
    rows = yaml.safe_load((checkout / "services" / service / "access.yaml").read_text(encoding="utf-8"))
    copied = tmp_path / "access.yaml"

    for number in (0, len(rows) // 2, len(rows) - 1):
        copied.write_text(yaml.safe_dump(rows[:number] + rows[number + 1 :]), encoding="utf-8")
        with pytest.raises(ValueError, match="has no row in the access table"):
            build(service, settings, copied)
    copied.write_text(yaml.safe_dump([*rows, {**rows[0], "operation": "list_nothing_there"}]), encoding="utf-8")
    with pytest.raises(ValueError, match="rows without an operation"):
        build(service, settings, copied)
