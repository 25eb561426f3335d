"""A whole system for the fuzz alone: its own PostgreSQL, a serving process of its own, the made-up country and what is planted."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from deploy import setup
from deploy.bench.system import running
from deploy.demo.load import load
from deploy.postgres.server import Server, server
from shared.settings import Limits, Settings
from tests.fuzz.known import Known, known
from tests.harm import hidden_work, plant_complaints, plant_work
from tests.harm.canaries import Canaries
from tests.people import People
from tests.shapes import free_ports

_PLENTY = {
    f"A22_LIMIT_{name.upper()}": "1000000"
    for name in Limits.model_fields
    if name.endswith(("_per_second", "_per_minute", "_per_hour"))
}


@dataclass(frozen=True)
class System:
    """Where the system answers, what is known in it, and the words that few may meet."""

    address: str
    known: Known
    canaries: Canaries


@contextmanager
def fuzzed_system(folder: Path) -> Iterator[System]:
    """Serve a system with the country and the planting in it until the block ends."""
    with server(folder / "data", fast=True) as database:
        settings = Settings(environment="test", secrets=folder / "secrets", public_keys=folder / "keys")
        asyncio.run(setup.prepare(database, settings))
        [port] = free_ports(1)
        address = f"http://127.0.0.1:{port}"
        environment = {
            **_PLENTY,
            "A22_ENVIRONMENT": "test",
            "A22_BASE_URL": address,
            "A22_SECRETS": str(settings.secrets),
            "A22_PUBLIC_KEYS": str(settings.public_keys),
            "A22_DATABASE_URLS": json.dumps(setup.app_urls(database)),
        }
        with running(["-m", "deploy.serve", "all", "--port", str(port)], port, environment):
            canaries = Canaries()
            yield System(address, asyncio.run(_filled(address, canaries, database)), canaries)


async def _filled(address: str, canaries: Canaries, database: Server) -> Known:
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        people = People(client, None)
        await load(client, datetime.now(UTC).date(), lambda _line: None)
        await plant_complaints.plant(people, canaries)
        await plant_work.plant(people, canaries, database)
        await hidden_work.readied_visit(people)
        return await known(people)
