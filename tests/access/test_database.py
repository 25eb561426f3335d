"""The third wall, from PostgreSQL's own catalogue: what is enforced is what is declared, for every table and role."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from deploy.migrations import protection_of
from deploy.postgres.server import Server
from shared.protection import AUDIENCE_ROLES
from shared.settings import DATABASES
from tests.access import catalogue

pytestmark = pytest.mark.parametrize("service", DATABASES)

ROLES = "SELECT rolname, rolsuper, rolbypassrls, rolinherit, rolcanlogin FROM pg_roles WHERE rolname LIKE $1 || '\\_%'"


@pytest_asyncio.fixture
async def owner(cluster: Server, service: str) -> AsyncIterator[asyncpg.Connection]:
    """Connect as the owner of the service's database."""
    connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
    yield connection
    await connection.close()


async def test_row_level_security_is_forced_on_every_table(owner: asyncpg.Connection, service: str) -> None:
    assert await catalogue.unforced(owner) == set()


async def test_policies_are_those_declared(owner: asyncpg.Connection, service: str) -> None:
    assert await catalogue.policies(owner, service) == set()


async def test_column_rights_are_those_declared(owner: asyncpg.Connection, service: str) -> None:
    assert await catalogue.rights(owner, service) == set()


async def test_no_role_of_ours_stands_above_the_policies(owner: asyncpg.Connection, service: str) -> None:
    rows = await owner.fetch(ROLES, service)

    assert len(rows) == 2 + len(AUDIENCE_ROLES)
    assert not any(row["rolsuper"] or row["rolbypassrls"] for row in rows)
    assert {row["rolname"] for row in rows if row["rolcanlogin"]} == {f"{service}_owner", f"{service}_app"}
    assert not next(row for row in rows if row["rolname"] == f"{service}_app")["rolinherit"]


async def test_the_app_role_reads_nothing_by_itself(cluster: Server, service: str) -> None:
    connection = await asyncpg.connect(cluster.url(f"{service}_app", service))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM journal")
    finally:
        await connection.close()


async def test_without_saying_who_is_asking_nobody_reads_what_is_not_published(cluster: Server, service: str) -> None:
    connection = await asyncpg.connect(cluster.url(f"{service}_app", service))
    try:
        for protection in protection_of(service).PROTECTIONS:
            for role, grant in protection.grants.items():
                policies = protection.policies.get(role, ())
                policies = policies if isinstance(policies, tuple) else (policies,)
                if (
                    role in ("worker", "service")
                    or not grant.select
                    or any(p.condition == "published" for p in policies)
                ):
                    continue
                async with connection.transaction():
                    await connection.execute(f"SET LOCAL ROLE {service}_{role}")
                    column = "id" if grant.select == "*" else grant.select[0]
                    assert await connection.fetch(f'SELECT "{column}" FROM "{protection.table}"') == []
    finally:
        await connection.close()


async def test_no_expression_changes_who_is_asking(cluster: Server, service: str) -> None:
    connection = await asyncpg.connect(cluster.url(f"{service}_app", service))
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL ROLE {service}_public")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetchval("SELECT set_config('role', $1, true)", f"{service}_npm")
    finally:
        await connection.close()
