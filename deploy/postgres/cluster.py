"""One PostgreSQL cluster, run as our child from start to stop.

It must never listen on a network port, and never serve real data with a durability setting off.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from deploy.postgres import child, initialise, places
from deploy.postgres.binaries import Binaries, find
from deploy.postgres.durability import DURABLE, THROW_AWAY, assert_durable
from deploy.postgres.places import Place
from deploy.postgres.refusal import ClusterRefused
from deploy.postgres.room import Room

PORT = 5432
#: Recovery after a crash reads the log of the last minutes; a slow disk may need this long.
READY_WITHIN_SECONDS = 120.0
LARGEST_LOG = 10_000_000

#: On the command line, where they win over ALTER SYSTEM and over what an older version wrote into a file.
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",  # nosec B105 - how, not what
    # After a crash the files are flushed before recovery: one call for the disk instead of one for each of thousands of
    # files, which alone took longer than everything else of the way back.
    "recovery_init_sync_method": "syncfs",
    # People's names stand in statements and in details of errors; the log is no place for them.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}

#: Fast shutdown, then immediate, then the end.
STOPPING = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, None))


class Cluster:
    """A running cluster; `stop()` or leaving the `with` block ends it and gives its places back."""

    def __init__(self, place: Place, version: str, process: subprocess.Popen[bytes], password: str) -> None:
        """Hold what `start` has made."""
        self.place = place
        self.room = Room(place)
        self.version = version
        self.process = process
        self._password = password
        self._held = contextlib.ExitStack()

    @classmethod
    def start(cls, data: Path, *, binaries: Binaries | None = None, fast: bool = False) -> Self:
        """Start the cluster of this folder, made at its first start.

        `fast` is for tests: in memory, without durability, thrown away when it stops.
        """
        with contextlib.ExitStack() as held:
            place = held.enter_context(places.occupied(data, fast=fast))
            usable = (binaries or find()).usable_by(place.account)
            password = initialise.prepare(place, usable, fast=fast)
            Room(place).lay_ready()
            _turn_over(place.log)
            process = child.spawn(
                _command(place, usable, THROW_AWAY if fast else DURABLE),
                account=place.account,
                log=place.log,
                on_parent_death=signal.SIGINT,
            )
            held.callback(_end, process)
            cluster = cls(place, usable.version, process, password)
            cluster._wait_until_ready()
            if not fast:
                assert_durable(cluster.admin_url)
            cluster._held = held.pop_all()
            return cluster

    def __enter__(self) -> Self:
        """Be the running cluster."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def stop(self) -> None:
        """End the server cleanly, remove its sockets, unlock; a second call does nothing."""
        self._held.close()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the server to end and return its exit code."""
        return self.process.wait(timeout)

    @property
    def admin_url(self) -> str:
        """A URL for the superuser, which asyncpg takes as it is."""
        sockets = quote(str(self.place.sockets), safe="/")
        return f"postgresql://{initialise.SUPERUSER}:{quote(self._password)}@/postgres?host={sockets}&port={PORT}"

    def _wait_until_ready(self) -> None:
        """Watch the pid file, as pg_ctl does: no connection, no password, no noise in the log."""
        until = time.monotonic() + READY_WITHIN_SECONDS
        while not _is_ready(self.place.data, self.process.pid):
            if self.process.poll() is not None:
                raise ClusterRefused(f"PostgreSQL ended while starting: {initialise.last_words(self.place.log)}")
            if time.monotonic() > until:
                raise ClusterRefused(
                    f"PostgreSQL is not ready after {READY_WITHIN_SECONDS:.0f} s: see {self.place.log}"
                )
            time.sleep(0.01)


def _command(place: Place, binaries: Binaries, durability: Mapping[str, str]) -> list[str]:
    """The server, its data directory by name (an orphan is recognised by it), and every setting."""
    settings = {**SETTINGS, **durability, "unix_socket_directories": str(place.sockets)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return [binaries.program("postgres"), "-D", str(place.data), *options]


def _is_ready(data: Path, process: int) -> bool:
    """Whether the pid file is that of this server and says that it takes connections."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[0] == str(process) and lines[7].strip() == "ready"


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask our own child to end, ever more firmly; a killed server recovers at its next start."""
    for number, seconds in STOPPING:
        if process.poll() is None:
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)


def _turn_over(log: Path) -> None:
    """Keep one older log when the present one has grown large."""
    with contextlib.suppress(FileNotFoundError):
        if os.lstat(log).st_size > LARGEST_LOG:
            log.rename(log.with_suffix(".log.1"))
