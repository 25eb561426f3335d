"""What a kill, a lie in a pid file or a background shell must not break. Real processes throughout."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.postgres import orphans
from deploy.postgres.account import Account
from tests.postgres.supervised import becomes, command, launched, owner_of, running, value

KEEP = "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number"
COUNT = "SELECT count(*) FROM kept"


async def test_the_server_never_runs_as_root(folder: Path, runner: Account) -> None:
    with running(folder, runner) as up:
        owner = owner_of(up.server)

        assert owner != 0
        assert (owner == runner.uid) == (runner.uid != 0)
        assert await value(up.admin_url, "SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL") == 1


async def test_a_second_start_is_refused_with_one_sentence(folder: Path, runner: Account) -> None:
    with running(folder, runner) as up, launched(command(folder, runner), runner) as second:
        said, refused = second.communicate(timeout=20)

        assert (second.returncode, said, refused.count("\n")) == (2, "", 1)
        assert f"another start already runs PostgreSQL on {folder}" in refused
        assert await value(up.admin_url, "SELECT 1") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_cleanly(folder: Path, runner: Account, number: signal.Signals) -> None:
    with running(folder, runner) as up:
        sockets = Path((up.data / "postmaster.pid").read_text().splitlines()[4])
        up.process.send_signal(number)
        up.process.communicate(timeout=20)

        assert up.process.returncode == 0
        assert not orphans.living(up.data)
        assert not (up.data / "postmaster.pid").exists()
        assert not sockets.exists()


async def test_a_killed_supervisor_takes_its_server_along(folder: Path, runner: Account) -> None:
    with running(folder, runner) as up:
        await value(up.admin_url, KEEP)
        up.process.kill()

        assert becomes(lambda: not orphans.living(up.data))
    with running(folder, runner) as again:
        assert await value(again.admin_url, COUNT) == 1000


async def test_a_start_right_after_the_kill_waits_for_the_old_server(folder: Path, runner: Account) -> None:
    with running(folder, runner) as up:
        await value(up.admin_url, KEEP)
        up.process.kill()
        with running(folder, runner) as again:
            assert again.server != up.server
            assert await value(again.admin_url, COUNT) == 1000


async def test_nothing_confirmed_is_lost_when_both_are_killed(folder: Path, runner: Account) -> None:
    with running(folder, runner) as up:
        await value(up.admin_url, KEEP)
        up.process.send_signal(signal.SIGSTOP)
        os.kill(up.server, signal.SIGKILL)
        up.process.kill()
        up.process.wait()

        assert (up.data / "postmaster.pid").exists()
    with running(folder, runner) as again:
        assert await value(again.admin_url, COUNT) == 1000


@pytest.mark.parametrize("victim", ["supervisor", "initdb"])
async def test_a_killed_initdb_leaves_nothing_that_hinders(folder: Path, runner: Account, victim: str) -> None:
    home = folder / "cluster"
    with launched(command(folder, runner), runner) as half:
        assert becomes(lambda: any(home.glob("making-*/base")))
        program = _initdb_of(half.pid)
        os.kill(half.pid if victim == "supervisor" else program, signal.SIGKILL)
        half.communicate(timeout=20)

        assert half.returncode != 0
        assert not (home / "postgresql").exists()
        assert becomes(lambda: not Path(f"/proc/{program}/exe").exists())
    with running(folder, runner) as up:
        assert await value(up.admin_url, "SELECT 1") == 1
        assert not list(home.glob("making-*"))


def _ignores_sigint(process: int) -> bool:
    status = Path(f"/proc/{process}/status").read_text()
    ignored = next(line.split()[1] for line in status.splitlines() if line.startswith("SigIgn:"))
    return bool(int(ignored, 16) & 1 << (signal.SIGINT - 1))


def _initdb_of(supervisor: int) -> int:
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    return next(int(child) for child in children if b"initdb" in Path(f"/proc/{child}/cmdline").read_bytes())


#: Without job control a shell starts what stands before & with SIGINT ignored.
IN_THE_BACKGROUND = ("/bin/sh", "-c", '"$@" & echo $!; wait $!', "sh")
#: A caller that only waits, as the command does once everything is up.
ONLY_WAITS = """
import sys
from pathlib import Path
from deploy.postgres.cluster import Cluster
from deploy.postgres.supervisor import until_stopped
with Cluster.start(Path(sys.argv[1])) as cluster:
    print("ready", cluster.version, cluster.process.pid, cluster.place.home, flush=True)
    sys.exit(until_stopped(cluster))
"""


@pytest.mark.parametrize("program", [["-m", "deploy.postgres"], ["-c", ONLY_WAITS]], ids=["command", "caller"])
def test_a_start_in_the_background_heeds_sigint(folder: Path, runner: Account, program: list[str]) -> None:
    words = [*IN_THE_BACKGROUND, command(folder, runner)[0], *program, str(folder)]
    with running(folder, runner, words) as up:
        assert becomes(lambda: not _ignores_sigint(up.supervisor))
        os.kill(up.supervisor, signal.SIGINT)
        up.process.communicate(timeout=20)

        assert up.process.returncode == 0
        assert not orphans.living(up.data)


def test_a_signal_in_the_middle_of_the_first_start_undoes_it(folder: Path, runner: Account) -> None:
    with launched([*IN_THE_BACKGROUND, *command(folder, runner)], runner) as half:
        assert half.stdout is not None
        supervisor = int(half.stdout.readline())
        assert becomes(lambda: not _ignores_sigint(supervisor))
        assert becomes(lambda: any((folder / "cluster").glob("making-*/base")))
        program = _initdb_of(supervisor)
        os.kill(supervisor, signal.SIGINT)
        half.communicate(timeout=20)

        assert half.returncode == 0
        assert not Path(f"/proc/{program}").exists()
        assert not (folder / "cluster" / "postgresql").exists()


def test_the_shell_of_these_tests_does_ignore_sigint() -> None:
    ask = "import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
    said = subprocess.run([*IN_THE_BACKGROUND, sys.executable, "-c", ask], capture_output=True)

    assert said.stdout.endswith(b"True\n")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_that_dies_by_itself_is_no_clean_end(folder: Path, runner: Account, number: signal.Signals) -> None:
    with running(folder, runner) as up:
        os.kill(up.server, number)
        _, said = up.process.communicate(timeout=20)

        assert up.process.returncode == 1
        assert f"PostgreSQL (process {up.server}) ended by itself" in said
