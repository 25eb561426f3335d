"""A real provider: a login leads to a call, its keys rotate, and it goes away. Run by `./a22 check` alone."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
import yaml

from gateway.providers.provider import Provider
from gateway.providers.reading import read_issuers
from shared.identity import opened
from shared.settings import Settings
from tests.gateway.signing import Ground, elliptic, stamps
from tests.gateway.test_tokens import differing, refusal
from tests.providers.conftest import Door
from tests.providers.entries import INSTITUTION
from tests.providers.real import Running, login, private_jwk, provider
from tests.providers.test_keys import Clock

pytestmark = pytest.mark.node

FIRST, SECOND, STRANGER = elliptic(), elliptic(), elliptic()

ENTRY: dict[str, Any] = {
    "may_issue": ["npm"],
    "algorithms": ["ES256"],
    "typ": "at+jwt",
    "audience": "article22",
    "clients": {"claim": "client_id", "allowed": ["npm-front-end"]},
    "subject": "sub",
    "token_id": "jti",
    "step_up": {"auth_time": "auth_time", "acr": "acr", "strong": ["strong"]},
    "map": {
        "audience_class": {"const": "npm"},
        "organisation": {"const": INSTITUTION},
        "roles": {"claim": "roles", "values": {"npm-staff": "staff", "npm-secondee": "secondee", "npm-head": "head"}},
    },
}


Trust = Callable[[Running, Clock], None]


@pytest_asyncio.fixture
async def trust(door: Door, settings: Settings, tmp_path: Path) -> AsyncIterator[Trust]:
    """Let the gateway trust a provider by a file, with a clock for its keys that the test moves."""
    made: list[Provider] = []

    def by_file(running: Running, clock: Clock) -> None:
        path = tmp_path / "issuers.yaml"
        path.write_text(yaml.safe_dump([{"issuer": running.issuer, **ENTRY}]))
        entry = read_issuers(settings.model_copy(update={"issuers": path}))[0]
        made.append(Provider(entry, is_production=False, clock=clock))
        door.app.issuers.trust_provider(made[-1])

    yield by_file
    for each in made:
        await each.close()


def port(running: Running) -> int:
    """Give the port of a provider."""
    return urlsplit(running.issuer).port or 0


@pytest.mark.requirement("R-G01")
async def test_a_login_leads_to_a_call_and_an_id_token_does_not(door: Door, trust: Trust, tmp_path: Path) -> None:
    expected = refusal(await door.asked(None))
    with provider(tmp_path, private_jwk(FIRST, "first")) as running:
        trust(running, Clock())
        ana, ben, cem, dora = [await login(running, person) for person in ("ana", "ben", "cem", "dora")]

        called = await door.asked(ana["access_token"])
        with_id_token = await door.asked(ana["id_token"])
        two_that_do_not_combine = await door.asked(ben["access_token"])
        without_role = await door.asked(cem["access_token"])
        head_by_the_provider_alone = await door.asked(dora["access_token"])
        elsewhere = await door.asked(ana["access_token"], "/authority/recommendations")

    header, claims = opened(ana["access_token"])
    assert (header["alg"], header["typ"], claims["aud"]) == ("ES256", "at+jwt", "article22")
    assert called.status_code == 200, called.text
    assert "items" in called.json()
    assert refusal(with_id_token) == expected
    refused = (two_that_do_not_combine, without_role, head_by_the_provider_alone, elsewhere)
    assert {answer.status_code for answer in refused} == {403}


async def test_a_second_factor_steps_up(door: Door, trust: Trust, tmp_path: Path) -> None:
    csv: dict[str, Any] = {"headers": {"Accept": "text/csv"}}
    with provider(tmp_path, private_jwk(FIRST, "first")) as running:
        trust(running, Clock())
        weak = await door.asked((await login(running, "ana"))["access_token"], **csv)
        strong = await door.asked((await login(running, "ana", second_factor=True))["access_token"], **csv)

    assert (weak.status_code, weak.json()["code"]) == (401, "insufficient_user_authentication")
    assert "insufficient_user_authentication" in weak.headers["WWW-Authenticate"]
    assert strong.status_code == 200


async def test_keys_rotate(door: Door, trust: Trust, tmp_path: Path) -> None:
    first, second = private_jwk(FIRST, "first"), private_jwk(SECOND, "second")
    clock = Clock()
    with provider(tmp_path, first) as before:
        trust(before, clock)
        old = (await login(before, "ana"))["access_token"]
        assert (await door.asked(old)).status_code == 200
    with provider(tmp_path, second, first, port=port(before)) as both:
        new = (await login(both, "ana"))["access_token"]
        assert opened(new)[0]["kid"] == "second"
        assert (await door.asked(new)).status_code == 401  # the keys were asked for a moment ago
        clock.now += 30
        answers = await asyncio.gather(*(door.asked(new) for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert (await door.asked(old)).status_code == 200
        assert await both.documents() == {"/jwks": 1}
    with provider(tmp_path, second, port=port(before)) as after:
        clock.now += 300
        assert (await door.asked(new)).status_code == 200
        assert (await door.asked(old)).status_code == 401
        assert await after.documents() == {"/jwks": 1}


async def test_an_outage_lets_nobody_new_in_and_ends_by_itself(door: Door, trust: Trust, tmp_path: Path) -> None:
    key, clock = private_jwk(FIRST, "first"), Clock()
    with provider(tmp_path, key) as before:
        trust(before, clock)
        known = (await login(before, "ana"))["access_token"]
        unseen = (await login(before, "emil"))["access_token"]
        assert (await door.asked(known)).status_code == 200
        assert await before.documents() == {"/.well-known/openid-configuration": 1, "/jwks": 1}
    claims = opened(known)[1]
    foreign = [
        Ground({"alg": "ES256", "typ": "at+jwt", "kid": f"k-{n}"}, {**claims, **stamps(300)}, STRANGER).token()
        for n in range(20)
    ]

    clock.now += 290
    refused = await asyncio.gather(*(door.asked(token) for token in foreign))
    during = [(await door.asked(token)).status_code for token in (known, unseen)]
    clock.now += 10
    over = await door.asked(known)
    assert during == [200, 200]
    assert differing({str(n): answer for n, answer in enumerate(refused)}, refusal(await door.asked(None))) == {}
    assert (over.status_code, over.headers["Retry-After"]) == (503, "5"), json.dumps(over.json())
    assert (await door.asked(None, "/public/places")).status_code == 200

    with provider(tmp_path, key, port=port(before)) as again:
        clock.now += 5
        assert (await door.asked(known)).status_code == 200
        clock.now += 30
        await asyncio.gather(*(door.asked(token) for token in foreign))
        for token in foreign:
            assert (await door.asked(token)).status_code == 401
        assert await again.documents() == {"/jwks": 2}
