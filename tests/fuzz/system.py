"""A whole system for the fuzz alone: its own PostgreSQL, a serving process of its own, the made-up country and what is planted."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx

from deploy import setup
from deploy.bench.system import running
from deploy.demo.load import load
from deploy.postgres.server import Server, server
from shared.settings import SERVICES, Limits, Settings
from tests.fuzz.known import Known, known
from tests.harm import hidden_work, plant_complaints, plant_work
from tests.harm.canaries import Canaries
from tests.people import People
from tests.shapes import free_ports
from tests.waiting import eventually

_PLENTY = {
    f"A22_LIMIT_{name.upper()}": "1000000"
    for name in Limits.model_fields
    if name.endswith(("_per_second", "_per_minute", "_per_hour"))
}
UNDER_WAY = "SELECT count(*) FROM operation WHERE state IN ('waiting', 'running')"
BROKEN = "SELECT kind FROM operation WHERE state = 'failed' AND problem_code = 'internal_error' ORDER BY kind"


@dataclass(frozen=True)
class System:
    """Where the system answers, what is known in it, and the words that few may meet."""

    address: str
    known: Known
    canaries: Canaries
    database: Server

    def broken_orders(self) -> list[str]:
        """Name the kinds of operations that ended in an error of ours, once every one of them has ended."""
        return asyncio.run(_broken(self.database))


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
            yield System(address, asyncio.run(_filled(address, canaries, database)), canaries, database)


async def _broken(database: Server) -> list[str]:
    async with AsyncExitStack() as stack:
        owners = [await asyncpg.connect(database.url(f"{service}_owner", service)) for service in SERVICES]
        for owner in owners:
            stack.push_async_callback(owner.close)

        async def is_over() -> bool:
            return not any([await owner.fetchval(UNDER_WAY) for owner in owners])

        await eventually(is_over, seconds=120)
        return [row["kind"] for owner in owners for row in await owner.fetch(BROKEN)]


async def _filled(address: str, canaries: Canaries, database: Server) -> Known:
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        people = People(client, None)
        await load(client, datetime.now(UTC).date(), lambda _line: None)
        await plant_complaints.plant(people, canaries)
        await plant_work.plant(people, canaries, database)
        await hidden_work.readied_visit(people)
        return await known(people)
