"""The keys of a provider: asked for seldom, never believed for long, and whatever it answers does no harm."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
import yaml

from deploy.assembly import one_process
from deploy.postgres.server import Server
from gateway.providers import fetching
from gateway.providers.fetching import KeySource
from gateway.providers.keys import ProviderKeys
from shared.errors import Unavailable
from shared.settings import DATABASES, Settings
from tests.conftest import living
from tests.gateway.signing import elliptic, public_jwk
from tests.gateway.test_tokens import refusal
from tests.people import Actor
from tests.providers import shapes
from tests.providers.conftest import EXAMPLE
from tests.providers.entries import entry
from tests.providers.host import Host
from tests.waiting import eventually

OLD, NEW = elliptic(), elliptic()


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        """Begin somewhere."""
        self.now = 1_000.0

    def __call__(self) -> float:
        """Give the seconds."""
        return self.now


class Realm:
    """One issuer on the host, and the keys of it that are kept here."""

    def __init__(self, world: Host, name: str, clock: Clock, client: httpx.AsyncClient) -> None:
        """Show the old key."""
        self.world, self.name, self.clock = world, name, clock
        issuer = world.issuer(name, public_jwk(OLD, "old"))
        source = KeySource(entry(issuer=issuer), client, is_production=False)
        self.keys = ProviderKeys(name, source.keys, clock=clock)

    @property
    def asked(self) -> int:
        """Tell how often the keys were asked for."""
        return self.world.asked[f"/{self.name}/keys"]

    def show(self, *keys: dict[str, Any]) -> None:
        """Show these keys from now on."""
        self.world.show(f"/{self.name}/keys", {"keys": list(keys)})

    def answer(self, status: int, body: bytes = b"", **more: Any) -> None:
        """Answer so from now on."""
        self.world.answer(f"/{self.name}/keys", status, body, **more)

    async def has(self, kid: str) -> bool:
        """Tell whether there is such a key."""
        return await self.keys.key(kid) is not None


@pytest_asyncio.fixture
async def realm(world: Host) -> AsyncIterator[Realm]:
    """Give an issuer of the test's own."""
    async with httpx.AsyncClient() as client:
        made = Realm(world, f"realm-{uuid4().hex}", Clock(), client)
        yield made
        await made.keys.close()


async def test_those_who_come_together_ask_once(realm: Realm) -> None:
    found = await asyncio.gather(*(realm.has("old") for _ in range(50)))

    assert all(found)
    assert realm.asked == 1


async def test_a_known_key_is_not_asked_for_again_and_then_ahead_of_time_without_anybody_waiting(realm: Realm) -> None:
    assert await realm.has("old")
    realm.clock.now += 199
    assert await realm.has("old")
    assert realm.asked == 1

    realm.answer(500, after=2)
    realm.clock.now += 2
    async with asyncio.timeout(1.5):
        assert await realm.has("old")
    await eventually(lambda: _true(realm.asked == 2))


async def _true(value: bool) -> bool:
    return value


async def test_an_unknown_key_is_asked_for_once_in_thirty_seconds(realm: Realm) -> None:
    assert await realm.has("old")
    realm.clock.now += 31

    refused = await asyncio.gather(*(realm.has(f"made-up-{number}") for number in range(50)))
    for number in range(50):
        refused.append(await realm.has(f"made-up-{number}"))
    assert not any(refused)
    assert realm.asked == 2

    realm.show(public_jwk(OLD, "old"), public_jwk(NEW, "new"))
    realm.clock.now += 29
    assert not await realm.has("new")
    realm.clock.now += 1
    assert all(await asyncio.gather(*(realm.has("new") for _ in range(50))))
    assert realm.asked == 3


async def test_a_key_that_the_provider_takes_away_is_gone_within_five_minutes(realm: Realm) -> None:
    key = await realm.keys.key("old")
    assert key is not None
    realm.show(public_jwk(NEW, "new"))

    realm.clock.now += 299
    assert realm.keys.holds(key)
    await eventually(lambda: _true(realm.asked == 2))
    await eventually(lambda: _true(not realm.keys.holds(key)))
    assert not await realm.has("old")


async def test_another_key_under_the_same_id_is_another_key(realm: Realm) -> None:
    key = await realm.keys.key("old")
    realm.show(public_jwk(NEW, "old"))
    realm.clock.now += 300

    again = await realm.keys.key("old")

    assert key is not None
    assert again is not None
    assert not realm.keys.holds(key)
    assert realm.keys.holds(again)


OUTAGES: dict[str, Callable[[Realm], None]] = {
    "an error": lambda realm: realm.answer(500),
    "nothing there": lambda realm: realm.answer(404),
    "elsewhere": lambda realm: realm.answer(302, Location=f"{realm.world.address}/elsewhere"),
    "no JSON": lambda realm: realm.answer(200, b"<html>"),
    "not an object": lambda realm: realm.answer(200, b"[]"),
    "no keys": lambda realm: realm.answer(200, b"{}"),
    "keys that are no list": lambda realm: realm.answer(200, b'{"keys": {}}'),
    "a member twice": lambda realm: realm.answer(200, b'{"keys": [], "keys": []}'),
    "a thousand keys": lambda realm: realm.show(*(public_jwk(OLD, f"k-{number}") for number in range(1000))),
    "endless": lambda realm: realm.answer(200, b" " * 300_000),
    "deep": lambda realm: realm.answer(200, b"[" * 100_000),
    "compressed": lambda realm: realm.answer(200, b"\x1f\x8b", Content_Encoding="gzip"),
    "late": lambda realm: realm.answer(200, b'{"keys": []}', after=1),
}


@pytest.mark.parametrize("outage", OUTAGES)
async def test_in_an_outage_known_keys_go_on_for_five_minutes_and_then_nobody_comes_in(
    realm: Realm, outage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    realm.world.show("/elsewhere", {"keys": [public_jwk(OLD, "old")]})
    assert await realm.has("old")
    key = await realm.keys.key("old")
    assert key is not None
    monkeypatch.setattr(fetching, "TIMEOUT_SECONDS", 0.3)
    OUTAGES[outage](realm)

    realm.clock.now += 299
    assert realm.keys.holds(key)
    assert await realm.has("old")
    await eventually(lambda: _true(realm.asked == 2))
    assert not await realm.has("unknown")
    realm.clock.now += 31
    assert not realm.keys.holds(key)
    with pytest.raises(Unavailable) as error:
        await realm.keys.key("old")
    assert error.value.headers == {"Retry-After": "5"}
    assert realm.world.asked["/elsewhere"] == 0


async def test_a_provider_that_is_out_of_reach_is_asked_every_five_seconds_and_found_again(realm: Realm) -> None:
    realm.answer(503)

    for _ in range(20):
        with pytest.raises(Unavailable):
            await realm.keys.key("old")
    assert realm.asked == 1
    realm.show(public_jwk(OLD, "old"))
    realm.clock.now += 4.9
    with pytest.raises(Unavailable):
        await realm.keys.key("old")
    realm.clock.now += 0.2
    assert await realm.has("old")
    assert realm.asked == 2


async def test_whoever_goes_away_takes_nothing_from_those_who_wait(realm: Realm) -> None:
    realm.world.answer(f"/{realm.name}/.well-known/openid-configuration", 404, after=0.3)
    first, second = (asyncio.create_task(realm.keys.key("old")) for _ in range(2))
    await eventually(lambda: _true(realm.world.asked[f"/{realm.name}/.well-known/openid-configuration"] == 1))
    first.cancel()

    with pytest.raises(Unavailable):
        await second
    assert first.cancelled() or await asyncio.wait([first]) is not None


async def test_discovery_is_asked_once_and_must_name_this_issuer(realm: Realm) -> None:
    path = f"/{realm.name}/.well-known/openid-configuration"
    issuer = f"{realm.world.address}/{realm.name}"
    for document in (
        {"issuer": f"{issuer}/", "jwks_uri": f"{issuer}/keys"},
        {"issuer": issuer},
        {"issuer": issuer, "jwks_uri": "http://id.example.org/keys"},
        {"issuer": issuer, "jwks_uri": "file:///etc/passwd"},
        {"issuer": issuer, "jwks_uri": 1},
        ["issuer"],
    ):
        realm.world.show(path, document)
        with pytest.raises(Unavailable):
            await realm.keys.key("old")
        realm.clock.now += 5
    assert realm.asked == 0

    realm.world.show(path, {"issuer": issuer, "jwks_uri": f"{issuer}/keys"})
    assert await realm.has("old")
    realm.clock.now += 301
    assert await realm.has("old")
    assert (realm.world.asked[path], realm.asked) == (7, 2)


async def test_a_fixed_address_asks_no_discovery(world: Host) -> None:
    issuer = world.issuer("fixed", public_jwk(OLD, "other"))
    world.show("/fixed-keys", {"keys": [public_jwk(OLD, "old")]})
    async with httpx.AsyncClient() as client:
        source = KeySource(entry(issuer=issuer, jwks_uri=f"{world.address}/fixed-keys"), client, is_production=False)

        assert set(await source.keys()) == {"old"}
    assert world.asked["/fixed/.well-known/openid-configuration"] == 0


async def test_without_a_providers_keys_its_people_get_503_and_the_public_goes_on(
    world: Host, cluster: Server, settings: Settings, tmp_path: Path
) -> None:
    keycloak = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))[0]
    issuer = world.issuer("broken")
    world.answer("/broken/keys", 503)
    path = tmp_path / "issuers.yaml"
    path.write_text(yaml.safe_dump([{**keycloak, "issuer": issuer}]))
    urls = {service: cluster.url(f"{service}_app", service) for service in DATABASES}
    app = one_process(settings.model_copy(update={"issuers": path}), urls)
    product = shapes.Product("keycloak", issuer, OLD, "old")
    transport = httpx.ASGITransport(app=app)
    async with living(app), httpx.AsyncClient(transport=transport, base_url=settings.base_url) as client:
        person = Actor(client, shapes.keycloak(product).token())

        shut = await person.get("/npm/places")
        worthless = await Actor(client, shapes.keycloak(product, exp=1).token()).get("/npm/places")
        public = await person.get("/public/places")

    assert (shut.status_code, shut.headers["Retry-After"], shut.json()["code"]) == (503, "5", "unavailable")
    assert refusal(worthless)[:2] == (401, "Bearer")
    assert public.status_code == 200
    assert world.asked["/broken/keys"] == 1
