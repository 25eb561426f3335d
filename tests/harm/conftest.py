"""The made-up country, loaded once for the tests that only read it or look for what moves."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
import pytest_asyncio


from deploy.demo.load import load
from deploy.postgres.server import Server
from shared.settings import SERVICES
from tests.conftest import NOT_EMPTY
from tests.harm import plant_complaints, plant_work
from tests.harm.canaries import Canaries
from tests.people import People


@pytest_asyncio.fixture(scope="package")
async def country(cluster: Server, people: People) -> None:
    """Load the made-up country into the emptied system; the tests of this folder share it."""
    for service in SERVICES:
        connection = await asyncpg.connect(cluster.url(f"{service}_owner", service))
        try:
            names = [f'"{row["relname"]}"' for row in await connection.fetch(NOT_EMPTY)]
            await connection.execute(f"TRUNCATE {', '.join(names)} CASCADE")
        finally:
            await connection.close()
    await load(people.client, datetime.now(UTC).date(), lambda _line: None)


@dataclass
class World:
    """The country with everything planted in it."""

    canaries: Canaries
    case: plant_complaints.Case
    made: plant_work.Made
    logged: list[str]


@pytest_asyncio.fixture(scope="package")
async def world(country: None, people: People) -> AsyncIterator[World]:
    """Plant a canary in every restricted field; the records of every log are kept from here on."""
    keeper = Keeper()
    root = logging.getLogger()
    level = root.level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    try:
        canaries = Canaries()
        case = await plant_complaints.plant(people, canaries)
        made = await plant_work.plant(people, canaries)
        yield World(canaries, case, made, keeper.lines)
    finally:
        root.setLevel(level)
        root.removeHandler(keeper)


class Keeper(logging.Handler):
    """Keeps every record as it would be written, with what it carries beside its words."""

    def __init__(self) -> None:
        """Keep from the first level on."""
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self.lines.append(f"{self.format(record)} {record.__dict__}")
