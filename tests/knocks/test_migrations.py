"""Migrations up, down and up; two at once; and again under a system that works."""

import asyncio
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from deploy import setup
from deploy.migrations import migrate
from deploy.postgres import roles
from deploy.postgres.server import Server, server
from shared.settings import DATABASES
from tests.knocks import judge
from tests.knocks.catalogue import LINES, lines
from tests.knocks.clients import Writers
from tests.knocks.processes import System
from tests.postgres.supervised import CHECKOUT

#: Generous: what is judged is what is kept, not how fast a loaded machine starts.
pytestmark = pytest.mark.timeout(600)


#: What a migration down leaves: Alembic's own table, and the functions that every migration lays anew.
STAYS = (
    "table alembic_version ",
    "column alembic_version.",
    "constraint alembic_version ",
    "index CREATE UNIQUE INDEX alembic_version_pkc ",
    "right on alembic_version",
    "function ",
)


@pytest.fixture
def fresh(data: Path) -> Iterator[Server]:
    """Run a server of its own, with nothing in it."""
    with server(data, fast=True) as running:
        yield running


async def prepared(running: Server) -> None:
    """Make roles and empty databases."""
    passwords = roles.passwords(running.folder, DATABASES)
    await roles.prepare(running.admin_url, DATABASES, passwords, environment="test", time_zone="UTC")


def admin(running: Server, service: str) -> str:
    """Give the administrator's URL of one database."""
    return running.admin_url.replace("@/postgres?", f"@/{service}?")


@pytest.mark.parametrize("service", DATABASES)
async def test_up_down_and_up_again_gives_the_same_catalogue(fresh: Server, service: str) -> None:
    await prepared(fresh)
    owner = fresh.url(f"{service}_owner", service)
    await migrate(owner, service)
    first = await lines(admin(fresh, service))
    await migrate(owner, service)
    again = await lines(admin(fresh, service))
    await migrate(owner, service, revision="base", down=True)
    down = {line for line in await lines(admin(fresh, service)) if not line.startswith(STAYS)}
    await migrate(owner, service)
    second = await lines(admin(fresh, service))

    kinds = Counter(line.split()[0] for line in first)
    assert min(kinds[each] for each in ("table", "column", "constraint", "index", "policy", "right", "function")) >= 5
    assert first ^ again == set()
    assert {line for line in down if "unaccent" not in line} == set()
    assert first ^ second == set()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE place ALTER COLUMN name DROP NOT NULL",
        "DROP INDEX ix_journal_subject",
        "GRANT SELECT ON place TO visits_public",
        "ALTER TABLE place NO FORCE ROW LEVEL SECURITY",
        "CREATE POLICY everybody ON place TO visits_public USING (true)",
        "ALTER FUNCTION a22_now() VOLATILE",
        "ALTER TABLE place DROP CONSTRAINT pk_place CASCADE",
    ],
)
async def test_the_comparison_sees_a_difference(cluster: Server, change: str) -> None:
    connection = await asyncpg.connect(admin(cluster, "visits"))
    trial = connection.transaction()
    await trial.start()
    try:
        before = {row["line"] for row in await connection.fetch(LINES)}
        await connection.execute(change)
        after = {row["line"] for row in await connection.fetch(LINES)}
    finally:
        await trial.rollback()
        await connection.close()

    assert before ^ after


def set_up(running: Server) -> "subprocess.Popen[str]":
    """Start the set-up of a whole system, as the one-shot container does."""
    told = {f"A22_{service.upper()}_PASSWORD": f"made-up-{service}-0123456789" for service in DATABASES}
    folders = {"A22_SECRETS": str(running.folder / "secrets"), "A22_PUBLIC_KEYS": str(running.folder / "public-keys")}
    return subprocess.Popen(
        [sys.executable, "-m", "deploy.setup"],
        cwd=CHECKOUT,
        env={**os.environ, **told, **folders, "PYTHONPATH": str(CHECKOUT), "A22_DATABASE_URL": running.admin_url},
        stderr=subprocess.PIPE,
        text=True,
    )


async def test_two_set_ups_at_once_take_turns_and_both_end_well(fresh: Server) -> None:
    both = [set_up(fresh), set_up(fresh)]
    ended = await asyncio.gather(*(asyncio.to_thread(each.communicate, timeout=100) for each in both))

    assert [each.returncode for each in both] == [0, 0], ended
    for service in DATABASES:
        kept = await asyncpg.connect(admin(fresh, service))
        assert await kept.fetchval("SELECT count(*) FROM alembic_version") == 1
        await kept.close()


async def test_a_migration_under_a_working_system_loses_nothing(small: System, chance: random.Random) -> None:
    before = await judge.there(small)
    was = {service: await lines(small.admin_url(service)) for service in DATABASES}
    writers = Writers(small.port, chance, f"migrated-{chance.randrange(10**9)}")
    async with asyncio.TaskGroup() as both:
        both.create_task(writers.write(120))
        await writers.reached(20)
        await setup.prepare(small.server, small.settings)

    await judge.nothing_lost_or_doubled(small, writers, before=before)
    assert {service: await lines(small.admin_url(service)) for service in DATABASES} == was
