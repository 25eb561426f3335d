"""Fixtures of the visits service's tests."""

from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio

from deploy.postgres.server import Server
from tests.stakeholders.made import EXPERT, EXPERT_TWO
from tests.visits.story import Feeds, open_feeds
from tests.waiting import eventually


@pytest_asyncio.fixture
async def standing_experts(cluster: Server, experts: None) -> None:
    """Put experts in standing at stakeholders, and begin here without what was told of them: a test tells its own."""
    connection = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    try:

        async def told() -> bool:
            known: int = await connection.fetchval("SELECT count(*) FROM known_accreditation")
            return known == len((EXPERT, EXPERT_TWO))

        await eventually(told)
        await connection.execute("TRUNCATE known_accreditation, known_conflict, known_person, known_authority")
    finally:
        await connection.close()


@pytest_asyncio.fixture
async def feeds(cluster: Server, empty: None) -> AsyncIterator[Feeds]:
    """Give the way to tell the service what others said; people and authorities are told already."""
    async with open_feeds(cluster) as opened:
        await opened.people()
        yield opened
