"""The token endpoint while stakeholders cannot say whether a memorandum is in force: nothing is granted, nothing is used up."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from deploy.assembly import gateway_alone
from deploy.postgres.server import Server
from gateway.development import MOU_ONE, PARTNER_ONE
from shared.settings import DATABASES, Settings
from tests.conftest import living
from tests.machines.machine import OPERATIONS, REFERRALS, error_of, registered
from tests.people import People
from tests.shapes import free_ports
from tests.stakeholders.made import with_institutions

pytestmark = pytest.mark.usefixtures("empty")


@pytest_asyncio.fixture
async def lonely(cluster: Server, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Give a gateway on the real database whose services are out of reach."""
    addresses = {name: f"http://127.0.0.1:{port}" for name, port in zip(DATABASES, free_ports(5), strict=True)}
    addresses.pop("gateway")
    url = cluster.url("gateway_app", "gateway")
    app = gateway_alone(settings.model_copy(update={"service_urls": addresses, "service_database_url": url}))
    transport = httpx.ASGITransport(app=app)
    async with living(app), httpx.AsyncClient(transport=transport, base_url=settings.base_url) as client:
        yield client


@pytest.mark.requirement("R-G12")
async def test_while_stakeholders_are_away_there_is_no_token_and_the_same_proof_counts_later(
    people: People, lonely: httpx.AsyncClient
) -> None:
    await with_institutions(people)
    machine = await registered(
        people, roles=["partner_system"], partner_id=PARTNER_ONE, mou_id=MOU_ONE, scopes=[REFERRALS, OPERATIONS]
    )
    proof = machine.proof()

    away = await machine.asks(lonely, proof)
    back = await machine.asks(people.client, proof)

    assert (error_of(away), away.headers["retry-after"]) == ((503, "temporarily_unavailable"), "2")
    assert set(away.json()) == {"error", "error_description"}
    assert (back.status_code, "access_token" in back.json()) == (200, True)


async def test_who_is_bound_to_no_memorandum_gets_a_token_meanwhile(people: People, lonely: httpx.AsyncClient) -> None:
    machine = await registered(people)

    assert (await machine.asks(lonely)).status_code == 200
