"""Fixtures of the visits service's tests."""

from collections.abc import AsyncIterator

import pytest_asyncio

from deploy.postgres.server import Server
from tests.visits.story import Feeds, open_feeds


@pytest_asyncio.fixture
async def feeds(cluster: Server, empty: None) -> AsyncIterator[Feeds]:
    """Give the way to tell the service what others said; people and authorities are told already."""
    async with open_feeds(cluster) as opened:
        await opened.people()
        yield opened
