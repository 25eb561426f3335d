"""The third wall, from PostgreSQL's own catalogue: what is enforced is what is declared, for every table and role."""

from typing import Any

import asyncpg
import pytest

from deploy.migrations import protection_of
from deploy.postgres.server import Server
from shared.protection import AUDIENCE_ROLES, Grant
from shared.settings import SERVICES

pytestmark = pytest.mark.parametrize("service", SERVICES)

#: Tables without rows of anybody: Alembic's own, and the offset of the clock.
OPEN = {"alembic_version", "clock_offset"}

TABLES = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
"""
POLICIES = "SELECT tablename, policyname, roles::text[] AS roles, cmd FROM pg_policies WHERE schemaname = 'public'"
COLUMNS = """
SELECT table_name, column_name, privilege_type, grantee FROM information_schema.column_privileges
WHERE table_schema = 'public' AND grantee = ANY($1::text[])
"""
ROLES = "SELECT rolname, rolsuper, rolbypassrls, rolinherit, rolcanlogin FROM pg_roles WHERE rolname LIKE $1 || '\\_%'"


async def catalogue(cluster: Server, service: str, sql: str, *arguments: Any) -> list[asyncpg.Record]:
    """Ask the catalogue as the owner."""
    connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
    try:
        return list(await connection.fetch(sql, *arguments))
    finally:
        await connection.close()


async def test_row_level_security_is_forced_on_every_table(cluster: Server, service: str) -> None:
    rows = await catalogue(cluster, service, TABLES)

    assert {row["relname"] for row in rows if not row["forced"]} == OPEN


async def test_policies_are_those_declared(cluster: Server, service: str) -> None:
    rows = await catalogue(cluster, service, POLICIES)
    found = {(row["tablename"], row["policyname"]) for row in rows}
    declared = {
        (protection.table, f"{role}_{policy.condition}_{number}")
        for protection in protection_of(service).PROTECTIONS
        for role, policies in protection.policies.items()
        for number, policy in enumerate(policies if isinstance(policies, tuple) else (policies,))
    }

    own = {name for name in found if name[0] in {protection.table for protection in protection_of(service).PROTECTIONS}}

    assert own - {(table, kind) for table, _ in own for kind in ("owner_all", "worker_all")} == declared


async def test_column_rights_are_those_declared(cluster: Server, service: str) -> None:
    rows = await catalogue(cluster, service, COLUMNS, [f"{service}_{role}" for role in AUDIENCE_ROLES])
    found: dict[tuple[str, str, str], set[str]] = {}
    everything: dict[str, set[str]] = {}
    for row in rows:
        key = (row["table_name"], row["grantee"].removeprefix(f"{service}_"), row["privilege_type"])
        found.setdefault(key, set()).add(row["column_name"])
    metadata = protection_of(service).METADATA
    for table in metadata.tables.values():
        everything[table.name] = {column.name for column in table.columns}

    for protection in protection_of(service).PROTECTIONS:
        for role in AUDIENCE_ROLES:
            grant = protection.grants.get(role, Grant())
            for verb in ("select", "insert", "update"):
                columns = getattr(grant, verb)
                expected = everything[protection.table] if columns == "*" else set(columns)
                assert found.get((protection.table, role, verb.upper()), set()) == expected, (
                    protection.table,
                    role,
                    verb,
                )


async def test_no_role_of_ours_stands_above_the_policies(cluster: Server, service: str) -> None:
    rows = await catalogue(cluster, service, ROLES, service)

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
