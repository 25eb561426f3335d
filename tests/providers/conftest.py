"""Fixtures: three products on a host of loopback, configured by the shipped example, and a gateway that trusts them."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import yaml

from deploy.assembly import one_process
from deploy.postgres.server import Server
from gateway.app import Gateway
from shared.settings import DATABASES, Settings
from tests.conftest import living
from tests.gateway.signing import elliptic, public_jwk, rivest
from tests.people import Actor
from tests.providers.host import Host, host
from tests.providers.shapes import Product

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "issuers.example.yaml"


@pytest.fixture(scope="package")
def world() -> Iterator[Host]:
    """Run the host on which the products are."""
    with host() as shown:
        yield shown


@pytest.fixture(scope="package")
def products(world: Host) -> dict[str, Product]:
    """Give the three products with their keys shown; authentik's issuer ends in a slash, as it does."""
    made = {}
    for name, private in (("keycloak", elliptic()), ("entra", rivest()), ("authentik", elliptic())):
        # Keycloak shows the key it encrypts with beside the other
        others = [public_jwk(rivest(), "encryption", use="enc", alg="RSA-OAEP")] if name == "keycloak" else []
        issuer = world.issuer(name, *others, public_jwk(private, f"{name}-1"))
        made[name] = Product(name, issuer, private, f"{name}-1")
    slashed = f"{made['authentik'].issuer}/"
    world.show("/authentik/.well-known/openid-configuration", {"issuer": slashed, "jwks_uri": f"{slashed}keys"})
    made["authentik"] = Product("authentik", slashed, made["authentik"].private, "authentik-1")
    return made


@pytest.fixture(scope="package")
def issuers(products: dict[str, Product], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the shipped example with the addresses of here and nothing else changed."""
    entries = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    for entry, name in zip(entries, ("keycloak", "entra", "authentik"), strict=True):
        entry["issuer"] = products[name].issuer
    path = tmp_path_factory.mktemp("issuers") / "issuers.yaml"
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    return path


@dataclass
class Door:
    """A gateway that trusts providers."""

    client: httpx.AsyncClient
    app: Gateway

    async def asked(self, token: str | None, path: str = "/npm/places", **more: Any) -> httpx.Response:
        """Read with a token."""
        return await Actor(self.client, token).get(path, **more)


@pytest_asyncio.fixture(scope="package")
async def door(cluster: Server, settings: Settings, issuers: Path) -> AsyncIterator[Door]:
    """Put gateway and services together with the providers of here."""
    urls = {service: cluster.url(f"{service}_app", service) for service in DATABASES}
    app = one_process(settings.model_copy(update={"issuers": issuers}), urls)
    transport = httpx.ASGITransport(app=app)
    async with living(app), httpx.AsyncClient(transport=transport, base_url=settings.base_url) as client:
        yield Door(client, app)
