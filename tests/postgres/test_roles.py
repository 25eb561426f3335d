"""Roles and databases, as each role sees them, on every PostgreSQL of the machine."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from deploy.postgres import roles
from deploy.postgres.cluster import Cluster
from deploy.postgres.server import Server
from tests.postgres.conftest import AVAILABLE
from tests.postgres.supervised import value

SERVICES = ("visits", "complaints")


@dataclass(frozen=True)
class Prepared:
    """A server with roles and databases, and how to ask it."""

    server: Server
    passwords: dict[str, str]

    async def prepare(self, suffix: str = "", time_zone: str = "Europe/Prague") -> None:
        url = self.server.admin_url
        await roles.prepare(url, SERVICES, self.passwords, environment="test", time_zone=time_zone, suffix=suffix)

    async def ask(self, role: str, statement: str, database: str = "visits") -> object:
        return await value(self.server.url(role, database), statement)


@pytest.fixture(scope="module", params=AVAILABLE, ids=lambda each: each.version)
async def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Prepared]:
    folder: Path = tmp_path_factory.mktemp("data")
    with Cluster.start(folder, binaries=request.param, fast=True) as cluster:
        server = Server(cluster.admin_url, cluster.version, folder, cluster)
        made = Prepared(server, roles.passwords(folder, SERVICES))
        await made.prepare()
        yield made


async def as_audience(prepared: Prepared, name: str, statement: str) -> object:
    connection = await asyncpg.connect(prepared.server.url("visits_app", "visits"))
    try:
        await connection.execute(f"BEGIN; SET LOCAL ROLE visits_{name}")
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_the_service_may_take_on_its_audiences_and_inherits_nothing(prepared: Prepared) -> None:
    has = "SELECT pg_has_role('visits_app', 'visits_' || $1, $2)"
    admin = prepared.server.admin_url

    assert [await value(admin, has, name, "MEMBER") for name in roles.AUDIENCES] == [True] * 7
    assert [await value(admin, has, name, "USAGE") for name in roles.AUDIENCES] == [False] * 7


async def test_no_role_is_above_row_level_security(prepared: Prepared) -> None:
    above = await value(
        prepared.server.admin_url,
        "SELECT count(*) FROM pg_roles WHERE rolname ~ '^(visits|complaints)_'"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
    )

    assert above == 0


@pytest.mark.parametrize("name", roles.AUDIENCES)
async def test_an_audience_cannot_log_in(prepared: Prepared, name: str) -> None:
    url = prepared.server.url("visits_app", "visits")

    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await value(url, "SELECT 1", user=f"visits_{name}")


@pytest.mark.parametrize("name", roles.AUDIENCES)
async def test_an_audience_cannot_change_settings_by_a_function(prepared: Prepared, name: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="set_config"):
        await as_audience(prepared, name, "SELECT set_config('role', 'visits_npm', true)")


async def test_a_service_cannot_open_the_database_of_another(prepared: Prepared) -> None:
    for role in ("visits_app", "visits_owner"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
            await prepared.ask(role, "SELECT 1", database="complaints")


async def test_only_the_owner_makes_tables(prepared: Prepared) -> None:
    await prepared.ask("visits_owner", "CREATE TABLE made_by_owner ()")

    for make in (prepared.ask("visits_app", "CREATE TABLE t ()"), as_audience(prepared, "npm", "CREATE TABLE t ()")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await make


async def test_sessions_start_with_their_settings(prepared: Prepared) -> None:
    shown = (
        "SELECT concat_ws(' ', current_setting('a22.environment'), current_setting('a22.time_zone'),"
        " current_setting('timezone'), current_setting('statement_timeout'), current_setting('lock_timeout'))"
    )

    assert await prepared.ask("visits_app", shown) == "test Europe/Prague UTC 5s 5s"
    assert await prepared.ask("visits_owner", shown) == "test Europe/Prague UTC 0 0"


async def test_every_audience_may_leave_accents_out(prepared: Prepared) -> None:
    assert await as_audience(prepared, "public", "SELECT lower(unaccent('ŽÓFIE'))") == "zofie"


async def test_asyncpgs_codecs_can_be_warmed_up_by_the_service(prepared: Prepared) -> None:
    warm = "SELECT null::uuid[], null::daterange, null::jsonb[], null::date[], null::tstzrange"

    assert await prepared.ask("visits_app", warm) is None


async def test_preparing_again_changes_nothing_and_keeps_tables(prepared: Prepared) -> None:
    await prepared.ask("visits_owner", "CREATE TABLE kept ()")
    await prepared.prepare()

    assert await prepared.ask("visits_owner", "SELECT count(*) FROM kept") == 0


async def test_a_right_that_crept_in_is_taken_back(prepared: Prepared) -> None:
    await value(prepared.server.admin_url, "ALTER ROLE visits_app SUPERUSER INHERIT BYPASSRLS")
    await prepared.prepare()

    assert await prepared.ask("visits_app", "SELECT current_setting('is_superuser')") == "off"


async def test_two_at_once_take_turns(prepared: Prepared) -> None:
    await asyncio.gather(*(prepared.prepare(suffix) for suffix in ("_gw0", "_gw1", "_gw1")))

    assert await prepared.ask("visits_app", "SELECT current_database()", "visits_gw1") == "visits_gw1"


@pytest.mark.parametrize("name", ["Visits", 'visits"; DROP ROLE x', "", "1visits", "visits\n"])
async def test_only_plain_names_become_roles(prepared: Prepared, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        await roles.prepare(prepared.server.admin_url, [name], prepared.passwords, environment="test", time_zone="UTC")


async def test_an_unknown_time_zone_is_refused(prepared: Prepared) -> None:
    with pytest.raises(asyncpg.InvalidParameterValueError, match="Nowhere"):
        await prepared.prepare(time_zone="Europe/Nowhere")


def test_passwords_are_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first = roles.passwords(tmp_path, ["visits"])
    both = roles.passwords(tmp_path, SERVICES)

    assert first.items() < both.items()
    assert set(both) == {"visits_owner", "visits_app", "complaints_owner", "complaints_app"}
    assert len(set(both.values())) == 4
    assert (tmp_path / roles.FILE).stat().st_mode & 0o777 == 0o600
