"""The access matrix in PostgreSQL alone: table × class × persona, as the class's database role, without any service.

Which rows and which columns; and on purpose, with a policy dropped or opened and with a right taken: the matrix sees it.
"""

import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from deploy.migrations import protection_of
from deploy.postgres.server import Server
from shared.db import opening
from shared.settings import DATABASES
from tests.access.matrix.kept import DOUBLED, SECONDEES
from tests.access.matrix.objects import DECIDING, behind
from tests.access.matrix.planted import Planted
from tests.access.matrix.rows import everyone, expected_rows, readable
from tests.harm.test_conditions import caller
from tests.people import People

pytestmark = [
    pytest.mark.parametrize("people", ["one"], indirect=True),
    pytest.mark.parametrize("service", DATABASES),
    pytest.mark.timeout(600),
]


@asynccontextmanager
async def undone(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Keep nothing of what is done."""
    change = connection.transaction()
    await change.start()
    try:
        yield
    finally:
        await change.rollback()


async def administrator(cluster: Server, service: str) -> asyncpg.Connection:
    """Connect above all policies: who may become any role, and take a policy away for the length of a transaction."""
    return await asyncpg.connect(cluster.admin_url, database=service)


def _decision(persona: str) -> frozenset[str]:
    return frozenset(DECIDING[persona][1:]) if persona in DECIDING else frozenset()


def _counted(table: str, columns: tuple[str, ...], where: str) -> str:
    whole = ", ".join(f'"{column}"' for column in columns)
    return f'SELECT md5(ROW({whole})::text) AS row, count(*) AS times FROM "{table}" WHERE {where} GROUP BY 1'


async def truth(connection: asyncpg.Connection, table: str, columns: tuple[str, ...], where: str) -> Counter[str]:
    """Count the rows that a persona should find, above all policies."""
    return Counter({row["row"]: row["times"] for row in await connection.fetch(_counted(table, columns, where))})


async def found(
    connection: asyncpg.Connection,
    planted: Planted,
    service: str,
    table: str,
    role: str,
    columns: tuple[str, ...],
    persona: str,
) -> Counter[str]:
    """Count the rows that a persona's role finds."""
    who = caller(behind(persona))
    if persona == "secondee":
        who = replace(who, excluded_authorities=planted.origin)
    async with undone(connection):
        await connection.execute(opening(who, f"{service}_{role}", "", _decision(persona)).removeprefix("BEGIN;"))
        rows = await connection.fetch(_counted(table, columns, "true"))
        return Counter({row["row"]: row["times"] for row in rows})


async def wrong(
    connection: asyncpg.Connection,
    planted: Planted,
    service: str,
    table: str,
    role: str,
    columns: tuple[str, ...],
    expecting: dict[str, Counter[str]],
) -> list[str]:
    """Name the personas who find other rows of a table than they should."""
    told = []
    for persona, expected in expecting.items():
        try:
            seen = await found(connection, planted, service, table, role, columns, persona)
        except asyncpg.InsufficientPrivilegeError:
            told.append(f"{table} as {role}, {persona}: no right")
            continue
        if seen != expected:
            told.append(f"{table} as {role}, {persona or 'nobody'}: {seen.total()} rows instead of {expected.total()}, {(seen - expected).total()} too many")  # fmt: skip
    return told


async def expectations(
    connection: asyncpg.Connection, planted: Planted, service: str, table: str, role: str, columns: tuple[str, ...]
) -> dict[str, Counter[str]]:
    """Give for each persona of a class the rows of a table that the access page gives."""
    expecting = {}
    for persona in everyone(role):
        where = expected_rows(service, table, role, persona, planted.origin)
        assert where is not None, f"{service}.{table}: the access page gives {role} no rows, and the database a right"
        expecting[persona] = await truth(connection, table, columns, where)
    return expecting


@pytest.mark.requirement("R-G02", "R-G04", "R-G12")
async def test_each_role_finds_the_rows_of_its_condition(
    people: People, planted: Planted, cluster: Server, service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    connection, asked, told = await administrator(cluster, service), 0, []
    try:
        for table, role, columns in readable(service):
            expecting = await expectations(connection, planted, service, table, role, columns)
            asked += len(expecting)
            told += await wrong(connection, planted, service, table, role, columns, expecting)
    finally:
        await connection.close()
    with capsys.disabled():
        sys.stdout.write(f"\naccess matrix in the database of {service}: {asked} cells of table × persona\n")
    assert not told, "\n".join(told)


async def test_a_column_that_is_not_granted_is_not_read(
    people: People, planted: Planted, cluster: Server, service: str
) -> None:
    granted = {(table, role): set(columns) for table, role, columns in readable(service)}
    connection, read = await administrator(cluster, service), []
    try:
        for table in (each.table for each in protection_of(service).PROTECTIONS):
            every = {column.name for column in protection_of(service).METADATA.tables[table].columns}
            for role in ("npm", "expert", "authority", "partner", "public"):
                for column in sorted(every - granted.get((table, role), set())):
                    if await _is_read(connection, service, table, role, column):
                        read.append((table, role, column))
    finally:
        await connection.close()
    assert read == []


async def _is_read(connection: asyncpg.Connection, service: str, table: str, role: str, column: str) -> bool:
    async with undone(connection):
        await connection.execute(f"SET LOCAL ROLE {service}_{role}")
        try:
            await connection.fetch(f'SELECT "{column}" FROM "{table}" LIMIT 1')
        except asyncpg.InsufficientPrivilegeError:
            return False
        return True


async def test_without_saying_who_is_asking_a_role_finds_only_what_is_published(
    people: People, planted: Planted, cluster: Server, service: str
) -> None:
    connection, read = await administrator(cluster, service), []
    try:
        for table, role, columns in readable(service):
            async with undone(connection):
                await connection.execute(f"SET LOCAL ROLE {service}_{role}")
                rows = await connection.fetch(f'SELECT "{columns[0]}" FROM "{table}" LIMIT 1')
                if rows and not _is_published(service, table, role):
                    read.append((table, role))
    finally:
        await connection.close()
    assert read == []


def _is_published(service: str, table: str, role: str) -> bool:
    [protection] = [each for each in protection_of(service).PROTECTIONS if each.table == table]
    policies = protection.policies[role]
    return any(each.condition == "published" for each in (policies if isinstance(policies, tuple) else (policies,)))


async def test_a_policy_that_is_dropped_or_opened_turns_the_matrix_red(
    people: People, planted: Planted, cluster: Server, service: str
) -> None:
    """Each read policy of each class: without it somebody finds too little; wide open, somebody finds too much."""
    connection, unseen, tried = await administrator(cluster, service), [], 0
    try:
        for table, role, columns in readable(service):
            expecting = await expectations(connection, planted, service, table, role, columns)
            whole = await truth(connection, table, columns, "true")
            laid = await _policies(connection, service, table, role)
            for name, narrows in laid.items():
                dropped, opened = (
                    f'DROP POLICY "{name}" ON "{table}"',
                    f'ALTER POLICY "{name}" ON "{table}" USING (true)',
                )
                changes = []
                if narrows:
                    # what only takes away is missed where a secondee would find more without it
                    free = expected_rows(service, table, role, "secondee", ())
                    more = await truth(connection, table, columns, str(free))
                    is_felt = any(expecting[name] != more for name in SECONDEES)
                    changes = [dropped, opened] if is_felt and (service, table) not in DOUBLED else []
                else:
                    judged = [
                        rows for name, rows in expecting.items() if name not in SECONDEES or not any(laid.values())
                    ]
                    changes = [dropped] * any(expecting.values()) + [opened] * any(rows != whole for rows in judged)
                for change in changes:
                    unseen += await _unseen(connection, planted, service, table, role, columns, expecting, change)
                tried += 1
    finally:
        await connection.close()
    assert not unseen, "\n".join(unseen)
    assert tried


async def _policies(connection: asyncpg.Connection, service: str, table: str, role: str) -> dict[str, bool]:
    """Give the read policies of a class by name, each with whether it only takes away."""
    rows = await connection.fetch(
        "SELECT policyname, permissive = 'RESTRICTIVE' AS narrows FROM pg_policies WHERE tablename = $1 AND $2 = ANY(roles::text[]) AND cmd IN ('ALL', 'SELECT') AND qual <> 'false'",
        table, f"{service}_{role}",
    )  # fmt: skip
    return {row["policyname"]: row["narrows"] for row in rows}


async def _unseen(
    connection: Any, planted: Planted, service: str, table: str, role: str, columns: Any, expecting: Any, change: str
) -> list[str]:
    async with undone(connection):
        await connection.execute(change)
        return [] if await wrong(connection, planted, service, table, role, columns, expecting) else [change]


async def test_a_right_that_is_taken_turns_the_matrix_red(
    people: People, planted: Planted, cluster: Server, service: str
) -> None:
    connection, unseen = await administrator(cluster, service), []
    try:
        for table, role, columns in readable(service):
            expecting = await expectations(connection, planted, service, table, role, columns)
            change = f'REVOKE SELECT ON "{table}" FROM {service}_{role}'
            unseen += await _unseen(connection, planted, service, table, role, columns, expecting, change)
    finally:
        await connection.close()
    assert not unseen, "\n".join(unseen)
