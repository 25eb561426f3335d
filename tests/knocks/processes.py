"""The system as real processes that can be killed one by one: PostgreSQL with fsync, and the parts that serve.

A killed part is started again on its port, as a container engine or an init system would. It must never signal a
process that it did not start.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from deploy.postgres.child import tie
from deploy.postgres.server import Server
from shared.settings import DATABASES, SERVICES, Settings
from tests.postgres.supervised import CHECKOUT, Supervised, command, launch, parent_of, runner_named
from tests.shapes import free_ports

PLENTY = 1_000_000
LIMITS = (
    "PERSON_REQUESTS_PER_SECOND",
    "MACHINE_REQUESTS_PER_SECOND",
    "PUBLIC_REQUESTS_PER_SECOND",
    "EXPERT_REQUESTS_PER_SECOND",
)


class Postgres:
    """PostgreSQL under its supervisor, on a folder that stays."""

    def __init__(self, folder: Path) -> None:
        """Hold the folder; nothing runs yet."""
        self.folder = folder
        self.running: Supervised | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        account = runner_named("root" if os.geteuid() == 0 else "plain user")
        process = launch(command(self.folder, account), account)
        assert process.stdout is not None
        said = process.stdout.readline().split()
        if not said:
            raise AssertionError(process.communicate()[1])
        self.running = Supervised(process, int(said[2]), Path(said[3]))

    @property
    def up(self) -> Supervised:
        """What runs."""
        assert self.running is not None
        return self.running

    def kill(self) -> None:
        """Kill the postmaster; its supervisor ends by itself."""
        os.kill(self.up.server, signal.SIGKILL)
        self._ended()

    def kill_backend(self, database: str) -> bool:
        """Kill one process that works for this database; PostgreSQL then ends all of them and recovers by itself."""
        children = Path(f"/proc/{self.up.server}/task/{self.up.server}/children").read_text().split()
        for child in map(int, children):
            if f" {database} " in _title(child) and parent_of(child) == self.up.server:
                os.kill(child, signal.SIGKILL)
                return True
        return False

    def stop(self) -> None:
        """End it cleanly, if it runs."""
        if self.running is not None and self.running.process.poll() is None:
            self.running.process.terminate()
        if self.running is not None:
            self._ended()

    def _ended(self) -> None:
        self.up.process.communicate(timeout=60)
        self.running = None


def _title(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@dataclass
class System:
    """Everything that runs, and where: `parts` are the processes that serve, by name."""

    folder: Path
    shape: str
    postgres: Postgres
    port: int
    ports: dict[str, int]
    parts: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    log: IO[bytes] | None = None

    @classmethod
    def planned(cls, folder: Path, shape: str) -> "System":
        """Plan a system in a folder, in the shape of one or of five; nothing runs yet."""
        gateway, *others = free_ports(5)
        ports = {"all": gateway} if shape == "one" else {**dict(zip(SERVICES, others, strict=True)), "gateway": gateway}
        return cls(folder, shape, Postgres(folder), gateway, ports)

    @property
    def settings(self) -> Settings:
        """The settings that the parts have too."""
        return Settings(
            environment="development",
            base_url=f"http://127.0.0.1:{self.port}",
            secrets=self.folder / "secrets",
            public_keys=self.folder / "public-keys",
        )

    @property
    def server(self) -> Server:
        """The database as set-up sees it."""
        return Server(self.postgres.up.admin_url, "", self.folder, None)

    def admin_url(self, database: str) -> str:
        """Give the administrator's URL of one service's database: sees every row."""
        return self.postgres.up.admin_url.replace("@/postgres?", f"@/{database}?")

    def start_parts(self) -> None:
        """Start every part that does not run."""
        for part in self.ports:
            if part not in self.parts or self.parts[part].poll() is not None:
                self.start(part)

    def start(self, part: str) -> None:
        """Start one part on its port."""
        urls = {service: self.server.url(f"{service}_app", service) for service in DATABASES}
        if part == "all":
            told = {"A22_DATABASE_URLS": json.dumps(urls)}
        elif part == "gateway":
            addresses = {service: f"http://127.0.0.1:{self.ports[service]}" for service in SERVICES}
            told = {"A22_SERVICE_URLS": json.dumps(addresses), "A22_SERVICE_DATABASE_URL": urls["gateway"]}
        else:
            told = {"A22_SERVICE_DATABASE_URL": urls[part]}
        self.log = self.log or (self.folder / "parts.log").open("ab")
        parent = os.getpid()
        self.parts[part] = subprocess.Popen(
            [sys.executable, "-m", "deploy.serve", part, "--port", str(self.ports[part])],
            cwd=CHECKOUT,
            env={**self._environment(), **told},
            stderr=self.log,
            start_new_session=True,
            preexec_fn=lambda: tie(parent, signal.SIGKILL),  # noqa: PLW1509 - started from the main thread, takes no lock
        )

    def kill(self, part: str) -> None:
        """Kill one part; it is gone when this returns."""
        self.parts[part].kill()
        self.parts[part].wait(30)

    def end(self) -> None:
        """End everything that still runs."""
        for process in self.parts.values():
            if process.poll() is None:
                process.kill()
                process.wait(30)
        self.postgres.stop()
        if self.log:
            self.log.close()

    def _environment(self) -> dict[str, str]:
        settings = self.settings
        return {
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "A22_ENVIRONMENT": "development",
            "A22_BASE_URL": settings.base_url,
            "A22_GATEWAY_URL": settings.base_url,
            "A22_SECRETS": str(settings.secrets),
            "A22_PUBLIC_KEYS": str(settings.public_keys),
            **{f"A22_LIMIT_{name}": str(PLENTY) for name in LIMITS},
        }


@contextmanager
def planned(folder: Path, shape: str) -> Iterator[System]:
    """Plan a system, and end whatever of it runs at the end of the block."""
    system = System.planned(folder, shape)
    try:
        yield system
    finally:
        system.end()


def until(true: "object", seconds: float, what: str) -> None:
    """Wait for a condition (a callable); AssertionError with `what` when it does not come in time."""
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, what
        time.sleep(0.02)
