"""The systems that are measured: everything through the gateway, one service alone, and the bare limit, on one database."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from deploy.command.checkout import CHECKOUT

FILL = """
INSERT INTO place (id, created_at, created_by, updated_at, updated_by, version, confidentiality, origin, code, name, sort_name, status,
  place_type, region, address, is_location_withheld, is_private_operator, supervising, aliases, names, operators, population, vulnerable_groups, risk_flags,
  complaint_channel_quality, status_reason, capacity)
SELECT gen_random_uuid(), now(), 'bench', now(), 'bench', 1, 'INT', 'native', 'BENCH-' || n, 'House ' || n, 'house ' || lpad(n::text, 7, '0'),
  'in_use', CASE n % 4 WHEN 0 THEN 'prison' WHEN 1 THEN 'police_station' WHEN 2 THEN 'psychiatric_hospital' ELSE 'childrens_home' END,
  'Region ' || n % 12, 'Street ' || n, false, false, '[]', '[]', '[]', '[]', '[]', '{women}', '{isolation_unit}', 'weak', '', n % 900
FROM generate_series($1::int, $2::int) n
"""


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
            if process.poll() is not None or time.monotonic() - began > 60:
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


def token(port: int, persona: str) -> str:
    """Get a persona's token."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("POST", "/development/tokens", json.dumps({"persona": persona}))
    given: str = json.loads(connection.getresponse().read())["token"]
    connection.close()
    return given
