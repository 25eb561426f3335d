"""The systems that are measured: everything through the gateway, one service alone, and the bare limit, on one database."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from deploy import setup
from deploy.command.checkout import CHECKOUT
from deploy.postgres.server import Server, server
from shared.settings import Settings

GATEWAY_PORT, BARE_PORT, DIRECT_PORT = 8351, 8352, 8353
PLENTY = {f"A22_LIMIT_{name}_REQUESTS_PER_SECOND": "1000000" for name in ("PERSON", "PUBLIC", "MACHINE")}

#: As imports leave them: a thousand of one moment.
FILL = """
INSERT INTO place (id, created_at, created_by, updated_at, updated_by, version, confidentiality, origin, code, name, sort_name, status,
  place_type, region, address, is_location_withheld, is_private_operator, supervising, aliases, names, operators, population, vulnerable_groups, risk_flags,
  complaint_channel_quality, status_reason, capacity)
SELECT gen_random_uuid(), now(), 'bench', now() - n / 1000 * interval '1 minute', 'bench', 1, 'INT', 'native', 'BENCH-' || n, 'House ' || n, 'house ' || lpad(n::text, 7, '0'),
  'in_use', CASE n % 4 WHEN 0 THEN 'prison' WHEN 1 THEN 'police_station' WHEN 2 THEN 'psychiatric_hospital' ELSE 'childrens_home' END,
  'Region ' || n % 12, 'Street ' || n, false, false, '[]', '[]', '[]', '[]', '[]', '{women}', '{isolation_unit}', 'weak', '', n % 900
FROM generate_series($1::int, $2::int) n
"""


@dataclass(frozen=True)
class Amount:
    """How much is measured: seconds of each measurement, rounds, and whether the big sizes are wanted."""

    seconds: float
    rounds: int
    full: bool


@dataclass(frozen=True)
class Bench:
    """A database with everything in it that a system needs, made for one benchmark."""

    database: Server
    settings: Settings

    @property
    def environment(self) -> dict[str, str]:
        """Give the settings of a serving process, with rate limits out of the way."""
        return {
            **PLENTY,
            "A22_BASE_URL": self.settings.base_url,
            "A22_SECRETS": str(self.settings.secrets),
            "A22_PUBLIC_KEYS": str(self.settings.public_keys),
            "A22_DATABASE_URLS": json.dumps(setup.app_urls(self.database)),
        }

    def admin_url(self, service: str) -> str:
        """Give the administrator's address of a service's database: fills tables past every policy."""
        return urlunsplit(urlsplit(self.database.admin_url)._replace(path=f"/{service}"))

    def execute(self, service: str, *statements: tuple[str, *tuple[Any, ...]]) -> None:
        """Run statements with their values as the administrator."""
        asyncio.run(self._executed(service, statements))

    async def _executed(self, service: str, statements: tuple[tuple[str, *tuple[Any, ...]], ...]) -> None:
        connection = await asyncpg.connect(self.admin_url(service))
        try:
            for sql, *values in statements:
                await connection.execute(sql, *values)
        finally:
            await connection.close()

    @contextmanager
    def served(self) -> "Iterator[Running]":
        """Serve everything in one process until the block ends."""
        with running(["-m", "deploy.serve", "all", "--port", str(GATEWAY_PORT)], GATEWAY_PORT, self.environment) as one:
            yield one


@contextmanager
def bench(*, fast: bool = False) -> Iterator[Bench]:
    """Make a throw-away database for one benchmark, with fsync as in operation; `fast` where only reads are measured."""
    with tempfile.TemporaryDirectory() as folder, server(Path(folder) / "data", fast=fast) as database:
        settings = Settings(
            base_url=f"http://127.0.0.1:{GATEWAY_PORT}",
            secrets=Path(folder) / "secrets",
            public_keys=Path(folder) / "keys",
        )
        asyncio.run(setup.prepare(database, settings))
        yield Bench(database, settings)


@dataclass(frozen=True)
class Running:
    """A process under measurement."""

    process: "subprocess.Popen[bytes]"
    port: int
    seconds_to_ready: float

    def resident_megabytes(self) -> float:
        """Give the resident memory."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0


@contextmanager
def running(
    command: list[str], port: int, environment: Mapping[str, str], *, path: str = "/readyz"
) -> Iterator[Running]:
    """Run a process until the block ends; ready when `path` answers."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *command], cwd=CHECKOUT, env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environment}
    )
    try:
        while not _answers(port, path):
            if process.poll() is not None or time.monotonic() - began > 240:
                raise RuntimeError(f"{' '.join(command)} did not start")
            time.sleep(0.02)
        yield Running(process, port, time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(30)


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def token(port: int, persona: str, *, step_up: bool = False) -> str:
    """Get a persona's token."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("POST", "/development/tokens", json.dumps({"persona": persona, "step_up": step_up}))
    given: str = json.loads(connection.getresponse().read())["token"]
    connection.close()
    return given
