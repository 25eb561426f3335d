"""Starts supervisors as real processes, as root or as a plain user, and asks their servers.

It must never leave a process behind, and never signal one that it did not start.
"""

import contextlib
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from deploy.postgres import orphans
from deploy.postgres.account import Account

CHECKOUT = Path(__file__).parents[2]
PACKAGES = Path(asyncpg.__file__).parents[1]
#: Root also tries a plain user; a plain user can only be itself.
RUNNERS = ("root", "plain user") if os.geteuid() == 0 else ("plain user",)


def runner_named(name: str) -> Account:
    """The account a supervisor is started as."""
    other = name == "plain user" and os.geteuid() == 0
    return Account.named(pwd.getpwnam("nobody") if other else pwd.getpwuid(os.geteuid()))


@dataclass
class Supervised:
    """A supervisor that said it is ready, and its server."""

    process: subprocess.Popen[str]
    server: int
    home: Path

    @property
    def data(self) -> Path:
        return self.home / "postgresql"

    @property
    def admin_url(self) -> str:
        sockets = (self.data / "postmaster.pid").read_text().splitlines()[4]
        password = (self.home / "superuser").read_text().strip()
        return f"postgresql://postgres:{password}@/postgres?host={quote(sockets)}"

    @property
    def supervisor(self) -> int:
        """The server's parent; not `process` where a shell stands between."""
        return parent_of(self.server)


def interpreter(runner: Account) -> str | None:
    """This Python, or one of its version that the runner can reach: root's own may lie under a closed home."""
    if not runner.may_enter(CHECKOUT) or not runner.may_enter(PACKAGES):
        return None
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for program in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        if runner.runs([program, "-c", "import asyncio"]):
            return program
    return None


def command(folder: Path, runner: Account, *options: str) -> list[str]:
    return [interpreter(runner) or sys.executable, "-m", "deploy.postgres", str(folder), *options]


def launch(words: Sequence[str], runner: Account) -> subprocess.Popen[str]:
    """The command as the runner, in the checkout."""
    return subprocess.Popen(
        words,
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(PACKAGES)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        user=runner.uid if runner.is_other else None,
        group=runner.gid if runner.is_other else None,
        extra_groups=[] if runner.is_other else None,
    )


@contextlib.contextmanager
def launched(words: Sequence[str], runner: Account) -> Iterator[subprocess.Popen[str]]:
    """The same, ended and closed whatever happens; its server ends by the death of its parent."""
    process = launch(words, runner)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=20)
        if process.poll() is None:
            process.kill()
            process.communicate()


@contextlib.contextmanager
def running(folder: Path, runner: Account, words: Sequence[str] | None = None) -> Iterator[Supervised]:
    """A supervisor of the folder that is ready."""
    with launched(words or command(folder, runner), runner) as process:
        assert process.stdout is not None
        said = process.stdout.readline().split()
        if len(said) == 1:
            # A shell that starts it in the background says the number of the process first.
            said = process.stdout.readline().split()
        if not said:
            raise AssertionError(process.communicate()[1])
        supervised = Supervised(process, int(said[2]), Path(said[3]))
        try:
            yield supervised
        finally:
            if process.poll() is None and orphans.serves(supervised.server, supervised.data):
                os.kill(supervised.supervisor, signal.SIGTERM)


def parent_of(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))


def owner_of(process: int) -> int:
    return Path(f"/proc/{process}").stat().st_uid


def becomes(true: Any, seconds: float = 15.0) -> bool:
    """Whether the condition comes true in time."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


async def value(url: str, statement: str, *arguments: Any, **options: Any) -> Any:
    """One statement's one value, on a connection of its own."""
    connection = await asyncpg.connect(url, **options)
    try:
        return await connection.fetchval(statement, *arguments)
    finally:
        await connection.close()
