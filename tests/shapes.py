"""Runs the system under test in the shape of five: real processes, real ports, real internal tokens.

The same tests talk to it as to the shape of one.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from deploy.postgres.server import Server
from shared.settings import DATABASES, SERVICES, Settings

CHECKOUT = Path(__file__).resolve().parent.parent


def free_ports(number: int) -> list[int]:
    """Give ports of loopback that nobody listens on."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


@asynccontextmanager
async def five_processes(cluster: Server, settings: Settings) -> AsyncIterator[str]:
    """Serve gateway and services each in a process of its own; gives the gateway's address."""
    gateway, *others = free_ports(5)
    ports = dict(zip(SERVICES, others, strict=True))
    shared = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "A22_ENVIRONMENT": "test",
        "A22_BASE_URL": settings.base_url,
        "A22_GATEWAY_URL": f"http://127.0.0.1:{gateway}",
        "A22_SECRETS": str(settings.secrets),
        "A22_PUBLIC_KEYS": str(settings.public_keys),
        "A22_POOL_SIZE": str(settings.pool_size),
        "A22_PERIODIC_WORK": str(settings.periodic_work),
        "A22_LOG_REQUESTS": "true",
        **{f"A22_LIMIT_{name.upper()}": str(value) for name, value in settings.limits.model_dump().items()},
    }
    logs = _log_folder(settings)
    own_database = {name: {"A22_SERVICE_DATABASE_URL": cluster.url(f"{name}_app", name)} for name in DATABASES}
    processes = [_serve(name, ports[name], {**shared, **own_database[name]}, logs) for name in SERVICES]
    addresses = {service: f"http://127.0.0.1:{port}" for service, port in ports.items()}
    own = {"A22_SERVICE_URLS": json.dumps(addresses), **own_database["gateway"]}
    processes.append(_serve("gateway", gateway, {**shared, **own}, logs))
    try:
        await _ready(f"http://127.0.0.1:{gateway}", settings)
        yield f"http://127.0.0.1:{gateway}"
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


def _log_folder(settings: Settings) -> Path:
    folder = settings.secrets.with_name(f"{settings.secrets.name}-logs")
    folder.mkdir(exist_ok=True)
    return folder


def logs_of(settings: Settings) -> list[Path]:
    """Give the files into which the five processes write what they have to say."""
    return sorted(_log_folder(settings).iterdir())


def _serve(part: str, port: int, environment: dict[str, str], logs: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "deploy.serve", part, "--port", str(port)]
    with (logs / f"{part}.log").open("ab") as log:
        return subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=log, stderr=log)


async def _ready(address: str, settings: Settings) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        for _ in range(900):
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)
    said = "\n".join(path.read_text(errors="replace")[-2_000:] for path in logs_of(settings))
    raise TimeoutError(f"the five processes did not become ready:\n{said}")
