"""Access ends while somebody goes on asking: nothing is accepted after five seconds, at the gateway and at a service alone."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from deploy.assembly import internal_key, service_alone
from deploy.postgres.server import Server
from gateway.upstreams import Remote
from shared.caller import Caller
from shared.claims import caller_from
from shared.settings import Settings
from tests.conftest import living
from tests.gateway.ended import Somebody, ended, lifted
from tests.people import Actor, People
from tests.waiting import eventually

PLACES = "/npm/places?limit=1"
LONGEST = 5.0
Ask = Callable[[], Awaitable[httpx.Response]]


async def polled(ask: Ask, *, since: float, after: float = 1.0) -> list[tuple[float, httpx.Response]]:
    """Ask again and again until it is refused, and for `after` seconds more; gives when each was asked, and the answer."""
    asked: list[tuple[float, httpx.Response]] = []
    refused_at = None
    while refused_at is None or time.monotonic() - refused_at < after:
        at = time.monotonic()
        answer = await ask()
        asked.append((at - since, answer))
        if answer.status_code != 200 and refused_at is None:
            refused_at = at
        assert at - since < 4 * LONGEST, "it is never refused"
        await asyncio.sleep(0.02)
    return asked


def judged(asked: list[tuple[float, httpx.Response]]) -> None:
    """Hold that access ended in time, stays ended, and ends with the one 401."""
    codes = [200 if answer.status_code == 200 else answer.json()["code"] for _at, answer in asked]
    first = codes.index("unauthorized")

    assert asked[first][0] < LONGEST
    assert set(codes[:first]) <= {200}
    assert set(codes[first:]) == {"unauthorized"}


@pytest.fixture
def somebody(people: People, settings: Settings) -> Somebody:
    """Give an employee whom no other test knows."""
    return Somebody(people, settings, "staff")


def ways(somebody: Somebody) -> dict[str, dict[str, Any]]:
    """Give by what somebody's access may be ended."""
    return {
        "subject": {"value": somebody.claims["sub"], "issuer": somebody.issuer},
        "client": {"value": somebody.claims["client_id"]},
        "token": {"value": somebody.claims["jti"], "issuer": somebody.issuer},
    }


@pytest.mark.parametrize("kind", ["subject", "client", "token"])
@pytest.mark.parametrize("effect", ["blocked", "issued_before"])
async def test_what_is_ended_is_refused_within_five_seconds_and_given_back(
    people: People, somebody: Somebody, kind: str, effect: str
) -> None:
    actor, other = somebody.actor(), Somebody(people, somebody.settings, "staff").actor()
    before = [await actor.get(PLACES) for _ in range(3)]

    entry = await ended(people, kind, effect=effect, **ways(somebody)[kind])
    asked = await polled(lambda: actor.get(PLACES), since=time.monotonic())
    others = await other.get(PLACES)
    await lifted(people, entry)

    assert {answer.status_code for answer in before} == {200}
    judged(asked)
    assert others.status_code == 200
    assert await eventually(lambda: _is_in(actor), seconds=LONGEST)


async def _is_in(actor: Actor) -> bool:
    return (await actor.get(PLACES)).status_code == 200


async def test_a_new_login_works_where_only_the_old_one_was_ended(people: People, somebody: Somebody) -> None:
    old, new = somebody.actor(seconds_ago=200, jti=str(uuid4())), somebody.actor()
    minute_ago = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(time.time() - 100))}Z"
    named = ways(somebody)["subject"]
    assert [(await each.get(PLACES)).status_code for each in (old, new)] == [200, 200]

    await ended(people, "subject", issued_before=minute_ago, **named)
    judged(await polled(lambda: old.get(PLACES), since=time.monotonic(), after=0.2))

    assert (await new.get(PLACES)).status_code == 200


async def test_an_organisation_ends_with_all_who_act_for_it(people: People, settings: Settings) -> None:
    organisation, other = str(uuid4()), await people.as_("authority-official-two")
    official = Somebody(people, settings, "authority-official", {"authority_id": organisation}).actor()
    validator = Somebody(people, settings, "authority-validator", {"authority_id": organisation}).actor()
    path = "/authority/recommendations?limit=1"
    assert [(await each.get(path)).status_code for each in (official, validator)] == [200, 200]

    await ended(people, "organisation", organisation, effect="blocked")
    began = time.monotonic()
    for asked in await asyncio.gather(
        *(polled(lambda who=who: who.get(path), since=began, after=0.2) for who in (official, validator))  # type: ignore[misc]
    ):
        judged(asked)
    assert (await other.get(path)).status_code == 200


@asynccontextmanager
async def right_taken(cluster: Server, role: str) -> AsyncIterator[None]:
    """Take from a role of the gateway's database what it needs to read the list."""
    owner = await asyncpg.connect(cluster.url("gateway_owner", "gateway"))
    try:
        await owner.execute(f"REVOKE SELECT ON access_revocation FROM {role}")
        yield
    finally:
        await owner.execute(f"GRANT SELECT ON access_revocation TO {role}")
        await owner.close()


async def test_a_list_out_of_reach_lets_no_token_in_and_keeps_what_is_public_open(
    people: People, cluster: Server, somebody: Somebody
) -> None:
    actor = somebody.actor()
    async with right_taken(cluster, "gateway_worker"):
        began = time.monotonic()

        async def refused() -> Any:
            answer = await actor.get(PLACES)
            return None if answer.status_code == 200 else answer

        answer = await eventually(refused, seconds=4 * LONGEST)
        after = time.monotonic() - began
        public = await people.client.get("/v1/public/places?limit=1")
        unknown = await people.client.get(f"/v1{PLACES}", headers={"Authorization": "Bearer no.such.token"})
        write = await actor.post("/npm/places", {"name": "A", "place_type": "prison"})

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert after < LONGEST + 1
    assert (public.status_code, unknown.status_code, write.status_code) == (200, 401, 503)
    assert await eventually(lambda: _is_in(actor), seconds=2 * LONGEST)


class Alone:
    """The visits service in this process, reached with the gateway's internal tokens and nothing else."""

    def __init__(self, app: FastAPI, settings: Settings, client: httpx.AsyncClient) -> None:
        """Hold the app and the way to it."""
        self._app, self.client = app, client
        self._minting = Remote("http://nowhere", "visits", settings=settings, key=internal_key(settings))
        self._rows = app.state.a22.table

    def token(self, caller: Caller) -> str:
        """Hand a caller over for reading places, as the gateway does."""
        return self._minting.token(self._rows["npm.list_places"], caller)

    async def ask(self, token: str) -> httpx.Response:
        """Read places."""
        return await self.client.get(f"/v1{PLACES}", headers={"Authorization": f"Bearer {token}"})


@pytest_asyncio.fixture
async def alone(people: People, cluster: Server, settings: Settings) -> AsyncIterator[Alone]:
    """Run the visits service once more, by itself; it follows the list through the gateway's door."""
    if people.app is not None:
        pytest.skip("in the shape of one no service has a door of its own")
    told = {
        "service_database_url": cluster.url("visits_app", "visits"),
        "gateway_url": str(people.client.base_url),
    }
    app = service_alone("visits", settings.model_copy(update=told))
    transport = httpx.ASGITransport(app=app)
    async with living(app), httpx.AsyncClient(transport=transport, base_url="http://visits") as client:
        assert await app.state.a22.following.confirmed(seconds=10)
        yield Alone(app, settings, client)


async def test_a_service_refuses_an_internal_token_that_is_still_good(
    people: People, alone: Alone, somebody: Somebody
) -> None:
    caller = _caller(somebody)
    token, other = alone.token(caller), alone.token(replace(caller, subject=str(uuid4())))
    assert (await alone.ask(token)).status_code == 200

    entry = await ended(people, "subject", **ways(somebody)["subject"])
    judged(await polled(lambda: alone.ask(token), since=time.monotonic()))

    # a token that the gateway mints later is as old as what the person came with
    assert (await alone.ask(alone.token(caller))).status_code == 401
    assert (await alone.ask(other)).status_code == 200
    await lifted(people, entry)
    assert await eventually(lambda: _is_ok(alone, token), seconds=LONGEST)


async def test_a_service_that_lost_the_list_lets_no_token_in(
    people: People, alone: Alone, cluster: Server, somebody: Somebody
) -> None:
    token = alone.token(_caller(somebody))
    assert (await alone.ask(token)).status_code == 200
    async with right_taken(cluster, "gateway_service"):
        began = time.monotonic()
        assert await eventually(lambda: _is_unavailable(alone, token), seconds=4 * LONGEST)
        after = time.monotonic() - began
        public = await alone.client.get("/v1/public/places?limit=1")
        ready = await alone.client.get("/readyz")
        # the gateway itself has the list and lets people in; what it cannot do is get past the service
        through = await somebody.actor().get("/npm/access-revocations")

    assert after < LONGEST + 1
    assert (public.status_code, ready.status_code, through.status_code) == (200, 503, 403)
    assert await eventually(lambda: _is_ok(alone, token), seconds=2 * LONGEST)
    assert (await alone.client.get("/readyz")).status_code == 200


def _caller(somebody: Somebody) -> Caller:
    claims = {
        "sub": somebody.claims["sub"], "client_id": somebody.claims["client_id"], "jti": somebody.claims["jti"],
        "iss": somebody.issuer, "iat": int(time.time()), "audience_class": "npm", "roles": ["staff"],
        "scope": "visits:places.read", "institution_id": str(somebody.settings.institution_id),
    }  # fmt: skip
    return caller_from(claims)


async def _is_ok(alone: Alone, token: str) -> bool:
    return (await alone.ask(token)).status_code == 200


async def _is_unavailable(alone: Alone, token: str) -> bool:
    return (await alone.ask(token)).status_code == 503
