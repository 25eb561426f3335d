"""Who acts in the tests of accounts."""

import pytest_asyncio

from shared.identity import SigningKey
from shared.inbox import Door
from shared.settings import Settings
from tests.people import Actor, People
from tests.stakeholders.accounts.made import person


@pytest_asyncio.fixture
async def sysadmin(people: People, empty: None) -> Actor:
    """Give who keeps accounts, with a fresh strong login."""
    return await people.as_("sysadmin", step_up=True)


@pytest_asyncio.fixture
async def employee(people: People, empty: None) -> str:
    """Give somebody whom the NPM employs."""
    return await person(people, "staff")


@pytest_asyncio.fixture
async def member(people: People, empty: None) -> str:
    """Give a member."""
    return await person(people, "member")


@pytest_asyncio.fixture
async def door(people: People, settings: Settings) -> Door:
    """Give the way by which the inside asks."""
    key = SigningKey.kept_in(settings.secrets / "visits", "service")
    return Door("visits", settings=settings, key=key, client=people.client)
