"""What PostgreSQL's own catalogue says of the third wall, held against what is declared: differences, or none.

It reads the catalogue through a connection of the owner, and changes nothing.
"""

from collections.abc import Iterable
from typing import Any

import asyncpg

from deploy.migrations import protection_of
from shared.protection import AUDIENCE_ROLES, Grant, Policy

#: Tables without rows of anybody: Alembic's own, and the offset of the clock.
OPEN = {"alembic_version", "clock_offset"}

TABLES = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
"""
POLICIES = """
SELECT tablename, policyname, roles::text[] AS roles, cmd, permissive, qual, with_check FROM pg_policies
WHERE schemaname = 'public'
"""
COLUMNS = """
SELECT table_name, column_name, privilege_type, grantee FROM information_schema.column_privileges
WHERE table_schema = 'public' AND grantee = ANY($1::text[])
"""
WHOLE = """
SELECT table_name, privilege_type, grantee FROM information_schema.table_privileges
WHERE table_schema = 'public' AND grantee = ANY($1::text[]) AND privilege_type IN ('DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES')
"""

Laid = dict[tuple[str, str], tuple[Any, ...]]


async def unforced(connection: asyncpg.Connection) -> set[str]:
    """Name the tables on which row-level security is not forced, but for those that are open by intent."""
    return {row["relname"] for row in await connection.fetch(TABLES) if not row["forced"]} ^ OPEN


def _several(policies: Policy | tuple[Policy, ...]) -> Iterable[Policy]:
    return policies if isinstance(policies, tuple) else (policies,)


async def policies(connection: asyncpg.Connection, service: str) -> set[tuple[str, str]]:
    """Name the policies that are laid and not declared, or declared and not laid, by table."""
    found = {(row["tablename"], row["policyname"]) for row in await connection.fetch(POLICIES)}
    protections = protection_of(service).PROTECTIONS
    declared = {
        (protection.table, f"{role}_{policy.condition}_{number}")
        for protection in protections
        for role, each in protection.policies.items()
        for number, policy in enumerate(_several(each))
    }
    tables = {protection.table for protection in protections}
    both = {(table, kind) for table in tables for kind in ("owner_all", "worker_all")}
    return {name for name in found if name[0] in tables} ^ (declared | both)


async def laid(connection: asyncpg.Connection) -> Laid:
    """Give what every policy says, as PostgreSQL writes it."""
    return {
        (row["tablename"], row["policyname"]): (tuple(row["roles"]), row["cmd"], row["permissive"], row["qual"], row["with_check"])
        for row in await connection.fetch(POLICIES)
    }  # fmt: skip


async def rights(connection: asyncpg.Connection, service: str) -> set[tuple[str, str, str]]:
    """Name table, role and verb wherever the columns, or the right to delete, are not those declared."""
    roles = [f"{service}_{role}" for role in AUDIENCE_ROLES]
    found: dict[tuple[str, str, str], set[str]] = {}
    for row in await connection.fetch(COLUMNS, roles):
        key = (row["table_name"], row["grantee"].removeprefix(f"{service}_"), row["privilege_type"].lower())
        found.setdefault(key, set()).add(row["column_name"])
    for row in await connection.fetch(WHOLE, roles):
        key = (row["table_name"], row["grantee"].removeprefix(f"{service}_"), row["privilege_type"].lower())
        found[key] = {"*"}
    declared = declared_rights(service)
    tables = {protection.table for protection in protection_of(service).PROTECTIONS}
    keys = {key for key in found if key[0] in tables and key[2] != "references"} | declared.keys()
    return {key for key in keys if found.get(key, set()) != declared.get(key, set())}


def is_whole(service: str, table: str, role: str, verb: str) -> bool:
    """Tell whether a right is declared for the whole table."""
    [protection] = [each for each in protection_of(service).PROTECTIONS if each.table == table]
    return bool(getattr(protection.grants[role], verb) == "*")


def declared_rights(service: str) -> dict[tuple[str, str, str], set[str]]:
    """Give the columns that each role may read, add and change, by table and verb; `*` for deleting."""
    everything = {
        table.name: {column.name for column in table.columns}
        for table in protection_of(service).METADATA.tables.values()
    }
    declared: dict[tuple[str, str, str], set[str]] = {}
    for protection in protection_of(service).PROTECTIONS:
        for role in AUDIENCE_ROLES:
            grant = protection.grants.get(role, Grant())
            for verb in ("select", "insert", "update"):
                columns = getattr(grant, verb)
                expected = everything[protection.table] if columns == "*" else set(columns)
                if expected:
                    declared[(protection.table, role, verb)] = expected
            if grant.delete:
                declared[(protection.table, role, "delete")] = {"*"}
    return declared
