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
from shared.settings import SERVICES, Settings

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
        **{f"A22_LIMIT_{name.upper()}": str(value) for name, value in settings.limits.model_dump().items()},
    }
    processes = [
        _serve(service, ports[service], {**shared, "A22_SERVICE_DATABASE_URL": cluster.url(f"{service}_app", service)})
        for service in SERVICES
    ]
    addresses = {service: f"http://127.0.0.1:{port}" for service, port in ports.items()}
    own = {"A22_SERVICE_URLS": json.dumps(addresses), "A22_SERVICE_DATABASE_URL": cluster.url("gateway_app", "gateway")}
    processes.append(_serve("gateway", gateway, {**shared, **own}))
    try:
        await _ready(f"http://127.0.0.1:{gateway}")
        yield f"http://127.0.0.1:{gateway}"
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


def _serve(part: str, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "deploy.serve", part, "--port", str(port)]
    return subprocess.Popen(command, cwd=CHECKOUT, env=environment)


async def _ready(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        for _ in range(900):
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)
    raise TimeoutError("the five processes did not become ready")
