"""The seam: the embedded cluster, or the server that A22_DATABASE_URL names."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.postgres import cluster as clusters
from deploy.postgres import roles
from deploy.postgres.cluster import Cluster
from deploy.postgres.refusal import ClusterRefused
from deploy.postgres.server import Server, server
from tests.postgres.supervised import value


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """A free port, on which every cluster of this test listens on the loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    monkeypatch.setattr(clusters, "PORT", number)
    monkeypatch.setitem(clusters.SETTINGS, "port", str(number))
    monkeypatch.setitem(clusters.SETTINGS, "listen_addresses", "127.0.0.1")
    return number


@pytest.fixture(params=["durable", "fast"])
def named(
    request: pytest.FixtureRequest, open_folder: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cluster]:
    """A running server on a port, named by A22_DATABASE_URL."""
    with Cluster.start(open_folder / "named", fast=request.param == "fast") as cluster:
        secret = urlsplit(cluster.admin_url).password
        monkeypatch.setenv("A22_DATABASE_URL", f"postgres://postgres:{secret}@127.0.0.1:{port}/postgres")
        yield cluster


async def reach_a_service(at: Server, data: Path) -> None:
    passwords = roles.passwords(data, ["visits"])
    await roles.prepare(at.admin_url, ["visits"], passwords, environment="test", time_zone="UTC")
    url = at.url("visits_app", "visits")
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.connect() as connection:
        through_sqlalchemy = (await connection.execute(text("SELECT current_user"))).scalar_one()
    await engine.dispose()

    assert through_sqlalchemy == await value(url, "SELECT session_user") == "visits_app"


async def test_the_embedded_server_is_reached_by_asyncpg_and_sqlalchemy(open_folder: Path) -> None:
    with server(open_folder, fast=True) as at:
        await reach_a_service(at, open_folder)

        assert at.cluster is not None
        assert at.url("visits_app", "visits").partition("@")[0] not in repr(at)


async def test_a_server_that_is_named_is_used_and_left_running(named: Cluster, open_folder: Path) -> None:
    data = open_folder / "data"
    with server(data, fast=True) as at:
        await reach_a_service(at, data)

        assert at.cluster is None
        assert at.version == named.version.split()[0]
        assert not (data / "cluster").exists()
    assert named.process.poll() is None


@pytest.mark.parametrize("named", ["durable"], indirect=True)
async def test_a_named_server_that_keeps_what_it_confirms_is_taken(named: Cluster, open_folder: Path) -> None:
    with server(open_folder) as at:
        assert await value(at.admin_url, "SELECT 1") == 1


@pytest.mark.parametrize("named", ["fast"], indirect=True)
def test_a_named_server_that_could_lose_data_is_refused(named: Cluster, open_folder: Path) -> None:
    with pytest.raises(ClusterRefused, match="fsync is off"), server(open_folder):
        pass


def test_a_named_server_that_does_not_answer_is_refused_without_its_password(
    open_folder: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A22_DATABASE_URL", f"postgresql://postgres:confidential@127.0.0.1:{port}/postgres")

    with pytest.raises(ClusterRefused, match="does not answer") as refused, server(open_folder):
        pass
    assert "confidential" not in str(refused.value)


def test_a_role_without_a_password_has_no_url(open_folder: Path) -> None:
    with pytest.raises(KeyError, match="visits_npm"):
        Server("postgresql://postgres@/postgres", "18", open_folder, None).url("visits_npm", "visits")
