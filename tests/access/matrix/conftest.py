"""The world of the matrix, planted once."""

from collections.abc import AsyncIterator

import pytest_asyncio

from deploy.postgres.server import Server
from tests.access.matrix.planted import Planted, plant
from tests.people import People


@pytest_asyncio.fixture(scope="package")
async def planted(people: People, cluster: Server) -> AsyncIterator[Planted]:
    """Plant the world once for the matrix; its parts are judged by the tests of this folder."""
    yield await plant(people, cluster)
