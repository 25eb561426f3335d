"""The checks of access can fail: one policy, one right or one row of the access table taken away turns them red."""

import importlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import httpx
import pytest
import pytest_asyncio
import yaml

from deploy.assembly import service_key
from deploy.migrations import migrate, package_of
from deploy.postgres import roles
from deploy.postgres.server import Server
from gateway import operations
from shared import access
from shared.app import Wiring
from shared.db import Database
from shared.inbox import Door
from shared.settings import DATABASES, Settings
from tests.access import catalogue, expected

SUFFIX = "_scratch"


@pytest_asyncio.fixture(scope="module", params=DATABASES)
async def scratch(request: pytest.FixtureRequest, cluster: Server) -> AsyncIterator[tuple[str, asyncpg.Connection]]:
    """Make a database of a service anew, apart from the one that runs, and connect as its owner."""
    service: str = request.param
    passwords = roles.passwords(cluster.folder, DATABASES)
    await roles.prepare(cluster.admin_url, [service], passwords, environment="test", time_zone="UTC", suffix=SUFFIX)
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


async def test_a_policy_that_is_dropped_or_opened_is_seen(scratch: tuple[str, asyncpg.Connection]) -> None:
    service, fresh = scratch
    unseen = []

    for number, ((table, policy), said) in enumerate((await catalogue.laid(fresh)).items()):
        opened = "WITH CHECK (true)" if said[1] == "INSERT" else "USING (true)"
        # what the owner, the worker and a queue may do is open already
        is_open = "true" in said[3:]
        change = f'DROP POLICY "{policy}" ON "{table}"'
        if number % 2 and not is_open:
            change = f'ALTER POLICY "{policy}" ON "{table}" {opened}'
        unseen += [] if await mutated(fresh, service, change) else [change]

    assert unseen == []


async def test_a_right_that_is_taken_or_given_is_seen(scratch: tuple[str, asyncpg.Connection]) -> None:
    service, fresh = scratch
    each_kind = {(role, verb): (table, role, verb) for table, role, verb in catalogue.declared_rights(service)}
    changes = []

    for table, role, verb in each_kind.values():
        column = min(catalogue.declared_rights(service)[(table, role, verb)])
        listed = "" if verb == "delete" or catalogue.is_whole(service, table, role, verb) else f' ("{column}")'
        changes.append(f'REVOKE {verb}{listed} ON "{table}" FROM {service}_{role}')
    for number, table in enumerate(sorted({table for table, *_ in catalogue.declared_rights(service)})):
        changes.append(
            (
                f'GRANT UPDATE ON "{table}" TO {service}_public',
                f'GRANT DELETE ON "{table}" TO {service}_authority',
                f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
                f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
                f'CREATE POLICY more ON "{table}" TO {service}_public USING (true)',
            )[number % 5]
        )

    assert [change for change in changes if not await mutated(fresh, service, change)] == []


def build(service: str, settings: Settings) -> None:
    """Put a service, or the gateway's own app, together; nothing is connected."""
    folder = settings.secrets / service
    wiring = Wiring(
        settings=settings,
        database=Database(f"postgresql://nobody@127.0.0.1/{service}", service=service),
        door=Door(service, settings=settings, key=service_key(settings, service), client=httpx.AsyncClient()),
        tokens=None,
        cursor_key=bytes(32),
        extras={"secrets": folder},
    )
    module = "gateway.own.app" if service == "gateway" else f"services.{service}.app"
    importlib.import_module(module).create_app(wiring)


@pytest.mark.parametrize("service", DATABASES)
def test_a_row_of_the_access_table_that_is_missing_stops_the_start(
    settings: Settings, tmp_path: Path, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = yaml.safe_load((package_of(service) / "access.yaml").read_text(encoding="utf-8"))
    copied, read = tmp_path / "access.yaml", access.read_table
    monkeypatch.setattr(access, "read_table", lambda _path: read(copied))

    for number in (0, len(rows) // 2, len(rows) - 1):
        copied.write_text(yaml.safe_dump(rows[:number] + rows[number + 1 :]), encoding="utf-8")
        with pytest.raises(ValueError, match="has no row in the access table"):
            build(service, settings)
    more = {"operation": "list_nothing", "audience": "public", "scopes": [], "object": "published"}
    copied.write_text(yaml.safe_dump([*rows, more]), encoding="utf-8")
    with pytest.raises(ValueError, match="rows without an operation"):
        build(service, settings)
    copied.write_text(yaml.safe_dump(rows), encoding="utf-8")
    build(service, settings)


def test_a_row_that_loses_a_scope_lets_somebody_in_whom_the_access_page_refuses() -> None:
    """What the walls read is the row; what the matrix expects is worked out anew from it and shows the difference."""
    rows = operations.table(with_development=True).operations.values()
    seen: list[tuple[str, frozenset[str], str]] = []
    unseen: list[tuple[str, frozenset[str], str]] = []

    for row in (each for each in rows if each.audience not in ("public", "service") and not each.actions):
        for scope in row.scopes:
            less = replace(row, scopes=tuple(each for each in row.scopes if each != scope))
            is_seen = any(expected.may_enter(less, name) != expected.may_enter(row, name) for name in expected.PERSONAS)
            (seen if is_seen else unseen).append((row.audience, frozenset(less.scopes), scope))

    assert len(seen) > 100
    assert [each for each in unseen if not _comes_with(*each)] == []


def _comes_with(audience: str, others: frozenset[str], scope: str) -> bool:
    """Tell whether the access page gives a scope to everybody of a class who holds the others."""
    told = [name for name, each in expected.PERSONAS.items() if each["class"] == audience]
    return all(scope in expected.scopes_of(name) for name in told if others <= expected.scopes_of(name))


def test_an_action_that_loses_its_scope_opens_to_somebody_whom_the_access_page_refuses() -> None:
    row = operations.table(with_development=True).operations["npm.transition_assessment"]
    less = replace(row, actions=tuple(replace(each, scopes=()) for each in row.actions))

    assert not expected.may_take(row, "staff", "approve")
    assert expected.may_take(less, "staff", "approve")
