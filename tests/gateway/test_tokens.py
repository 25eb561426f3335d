"""Bad tokens: every one is the same 401, at the gateway and at each service by itself."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from deploy.assembly import gateway_alone, internal_key, service_alone
from deploy.postgres.server import Server
from gateway import signing
from gateway.development import PERSONAS, DevelopmentIssuer
from shared.identity import INTERNAL_TOKEN_TYPE, TOKEN_TYPE, SigningKey
from shared.settings import SERVICES, Settings
from tests.gateway import vectors
from tests.gateway.signing import Ground, elliptic, private_key, stamps
from tests.people import Actor, People
from tests.revocations import nobody_revoked

#: What a refused caller sees: status, challenge, body without its instance.
Refusal = tuple[int, str | None, dict[str, Any]]

INTERNAL: dict[str, vectors.Spoil] = {
    **vectors.OURS,
    "typ of an outer token": vectors.header(typ=TOKEN_TYPE),
    "lives a minute and a second": vectors.times(exp=61),
    "for the gateway": vectors.claims(aud="article22"),
    "issued as an outer token": vectors.claims(iss="http://127.0.0.1:8000/development"),
    "of no operation": vectors.claims(op=None),
    "of an empty operation": vectors.claims(op=""),
    "of an operation that is a number": vectors.claims(op=1),
    "of a list of operations": lambda g: vectors.claims(op=[g.claims["op"]])(g),
    "of another operation": vectors.claims(op="service.other"),
    "of another audience's operation": lambda g: vectors.claims(op=g.claims["op"].replace("service.", "npm."))(g),
}


def refusal(answer: httpx.Response) -> Refusal:
    """Give what a refused caller sees."""
    body = {name: value for name, value in answer.json().items() if name != "instance"}
    return answer.status_code, answer.headers.get("WWW-Authenticate"), body


def issuer(settings: Settings) -> DevelopmentIssuer:
    """Give the development issuer of the system under test."""
    return DevelopmentIssuer(settings, SigningKey.kept_in(settings.secrets / "gateway", "development"))


def outer(settings: Settings, persona: str) -> Ground:
    """Give a good token of a persona."""
    known = issuer(settings)
    private = private_key(settings.secrets / "gateway" / "development.pem")
    header = {"alg": "ES256", "typ": TOKEN_TYPE, "kid": known.key.kid}
    return Ground(header, known.claims(PERSONAS[persona], step_up=False), private)


def machine(settings: Settings) -> Ground:
    """Give a good token of a machine, as our own token endpoint signs it."""
    folder = signing.folder_of(settings)
    signing.ensure(folder, now=time.time())
    # the first of the folder may have been followed by another, and be taken no longer
    signs = signing.signing(signing.listed(folder), time.time())
    assert signs is not None
    client = PERSONAS["partner"]
    claims = {
        **stamps(300), "iss": settings.base_url, "sub": client.subject, "aud": settings.audience, "client_id": client.subject,
        "jti": str(uuid4()), "audience_class": "partner", "roles": list(client.roles), **dict(client.bound),
        "institution_id": str(settings.institution_id), "scope": "gateway:operations.read",
    }  # fmt: skip
    header = {"alg": "ES256", "typ": TOKEN_TYPE, "kid": signs.key.kid}
    return Ground(header, claims, private_key(folder / f"{signs.signs_from}.pem"))


def staff(settings: Settings) -> Ground:
    """Give a good token of a person."""
    return outer(settings, "staff")


#: A good token of each profile of ours at the gateway, and where it leads.
GROUNDS: dict[str, tuple[Callable[[Settings], Ground], str]] = {
    "person": (staff, "/npm/places"),
    "machine": (machine, "/partner/operations"),
}


@pytest.mark.requirement("R-G01")
@pytest.mark.parametrize("profile", GROUNDS)
async def test_a_bad_token_is_the_one_401_at_the_gateway(people: People, settings: Settings, profile: str) -> None:
    ground, path = GROUNDS[profile]
    good = await Actor(people.client, ground(settings).token()).get(path)
    expected = refusal(await people.stranger().get(path))
    spoiled = {**vectors.EVERY, **vectors.OURS}

    answers = {
        name: await Actor(people.client, spoil(ground(settings))).get(path, headers={"X-Forwarded-User": "head"})
        for name, spoil in spoiled.items()
    }

    assert good.status_code == 200, good.text
    assert expected[:2] == (401, "Bearer")
    assert differing(answers, expected) == {}
    assert len(answers) >= 60


def differing(answers: Mapping[str, httpx.Response], expected: Refusal) -> dict[str, Refusal]:
    """Give the answers that are not the one refusal."""
    return {name: found for name, answer in answers.items() if (found := refusal(answer)) != expected}


@dataclass
class Alone:
    """A service by itself, as it runs in a process of its own."""

    name: str
    client: httpx.AsyncClient
    settings: Settings

    @property
    def path(self) -> str:
        """Give the path of the operation that the good token is for."""
        return f"/v1/service/{self.name}-events?action=none"

    def ground(self) -> Ground:
        """Give a good internal token for this service and that operation."""
        claims = {
            **stamps(60), "iss": self.settings.internal_issuer, "aud": self.name, "jti": str(uuid4()), "sub": "visits",
            "client_id": "visits", "audience_class": "service", "roles": ["system"],
            "institution_id": str(self.settings.institution_id), "scope": f"{self.name}:feed.read",
            "op": f"service.read_{self.name}_events",
        }  # fmt: skip
        header = {"alg": "ES256", "typ": INTERNAL_TOKEN_TYPE, "kid": internal_key(self.settings).kid}
        return Ground(header, claims, private_key(self.settings.secrets / "gateway" / "internal.pem"))

    async def asked(self, token: str | None) -> httpx.Response:
        """Ask for the feed with a token, or without one."""
        return await self.client.get(self.path, headers={"Authorization": f"Bearer {token}"} if token else {})


@pytest_asyncio.fixture(scope="module", params=SERVICES)
async def alone(request: pytest.FixtureRequest, cluster: Server, settings: Settings) -> AsyncIterator[Alone]:
    """Run each service by itself."""
    url = cluster.url(f"{request.param}_app", request.param)
    app = service_alone(request.param, settings.model_copy(update={"service_database_url": url}), nobody_revoked())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
        yield Alone(request.param, client, settings)
    await app.state.a22.database.close()


async def test_a_bad_internal_token_is_the_one_401_at_each_service(alone: Alone) -> None:
    good = await alone.asked(alone.ground().token())
    expected = refusal(await alone.asked(None))
    spoiled = {**vectors.EVERY, **INTERNAL}

    answers = {name: await alone.asked(spoil(alone.ground())) for name, spoil in spoiled.items()}

    assert good.status_code == 200
    assert expected[:2] == (401, "Bearer")
    assert differing(answers, expected) == {}
    assert len(answers) >= 60


async def test_tokens_for_others_are_refused_at_each_service(alone: Alone, settings: Settings) -> None:
    elsewhere = next(name for name in SERVICES if name != alone.name)
    own = SigningKey.kept_in(settings.secrets / alone.name, "service")
    expected = refusal(await alone.asked(None))
    claims = alone.ground().claims
    tokens = {
        **{f"of {persona}": outer(settings, persona).token() for persona in PERSONAS},
        "for another service": vectors.claims(aud=elsewhere)(alone.ground()),
        "of a service for the gateway": own.sign(
            {**claims, "iss": f"{settings.base_url}/services/{alone.name}", "aud": settings.audience}, typ=TOKEN_TYPE
        ),
        "by the service's own key": own.sign(claims, typ=INTERNAL_TOKEN_TYPE),
        "of a provider": Ground(
            {"alg": "ES256", "typ": TOKEN_TYPE, "kid": "p-1"},
            {
                **stamps(300),
                "iss": "https://id.example.org/realms/npm",
                "aud": settings.audience,
                "sub": "s",
                "jti": "j",
            },
            elliptic(),
        ).token(),
    }

    answers = {name: await alone.asked(token) for name, token in tokens.items()}

    assert differing(answers, expected) == {}


async def test_a_service_takes_a_token_in_one_authorization_header_and_nowhere_else(alone: Alone) -> None:
    token = alone.ground().token()
    bearer = ("Authorization", f"Bearer {token}")
    expected = refusal(await alone.asked(None))

    answers = {
        "two headers": await alone.client.get(alone.path, headers=[bearer, bearer]),
        "a bad one first": await alone.client.get(alone.path, headers=[("Authorization", "Bearer x"), bearer]),
        "in the query": await alone.client.get(alone.path, params={"access_token": token, "action": "none"}),
        "in a cookie": await alone.client.get(alone.path, headers={"Cookie": f"access_token={token}"}),
        "of another scheme": await alone.client.get(alone.path, headers={"Authorization": f"Basic {token}"}),
        "a caller by its headers": await alone.client.get(
            alone.path, headers={"X-A22-Caller": "head", "A22.Caller": "x"}
        ),
    }

    assert differing(answers, expected) == {}


async def test_a_token_counts_in_one_authorization_header_and_nowhere_else(people: People) -> None:
    token = (await people.as_("staff")).token
    bearer, path, client = ("Authorization", f"Bearer {token}"), "/v1/npm/places", people.client
    expected = refusal(await people.stranger().get("/npm/places"))

    answers = {
        "two headers": await client.get(path, headers=[bearer, bearer]),
        "a bad one first": await client.get(path, headers=[("Authorization", "Bearer x"), bearer]),
        "two in one": await client.get(path, headers={"Authorization": f"Bearer {token}, Bearer {token}"}),
        "in the query": await client.get(path, params={"access_token": token}),
        "in a cookie": await client.get(path, headers={"Cookie": f"access_token={token}"}),
        "in a form": await client.post(path, data={"access_token": token or ""}),
        "a scheme in small letters": await client.get(path, headers={"Authorization": f"bearer {token}"}),
        "of another scheme": await client.get(path, headers={"Authorization": f"Basic {token}"}),
        "a caller by its headers": await client.get(path, headers={"X-A22-Caller": "head", "A22.Caller": "head"}),
    }

    assert differing(answers, expected) == {}


async def test_an_internal_token_is_refused_at_the_gateway(people: People, settings: Settings) -> None:
    claims = {**outer(settings, "staff").claims, "iss": settings.internal_issuer, "op": "npm.list_places"}
    key = internal_key(settings)
    tokens = {
        "for a service": key.sign({**claims, "aud": "visits"}, typ=INTERNAL_TOKEN_TYPE),
        "for the gateway": key.sign(claims, typ=INTERNAL_TOKEN_TYPE),
        "as an outer one": key.sign(claims, typ=TOKEN_TYPE),
        "as the development issuer's": key.sign({**claims, "iss": settings.development_issuer}, typ=TOKEN_TYPE),
    }
    expected = refusal(await people.stranger().get("/npm/places"))

    answers = {name: await Actor(people.client, token).get("/npm/places") for name, token in tokens.items()}

    assert differing(answers, expected) == {}


async def test_production_has_no_development_issuer(settings: Settings, tmp_path: Any) -> None:
    token = issuer(settings).token("head")
    providers = tmp_path / "issuers.yaml"
    providers.write_text(ONE_PROVIDER)
    urls = dict.fromkeys(SERVICES, "http://127.0.0.1:9")
    production = settings.model_copy(
        update={
            "environment": "production",
            "issuers": providers,
            "service_urls": urls,
            "service_database_url": NO_DATABASE,
        }
    )

    with pytest.raises(ValueError, match="does not run in production"):
        issuer(production)
    transport = httpx.ASGITransport(app=gateway_alone(production))
    async with httpx.AsyncClient(transport=transport, base_url=settings.base_url) as client:
        asked = await client.post("/development/tokens", json={"persona": "head"})
        used = await client.get("/v1/npm/places", headers={"Authorization": f"Bearer {token}"})

    assert (asked.status_code, used.status_code) == (404, 401)


NO_DATABASE = "postgresql://nobody@127.0.0.1/gateway"
ONE_PROVIDER = """
- issuer: https://id.example.org/realms/npm
  may_issue: [npm]
  algorithms: [ES256]
  typ: at+jwt
  audience: article22
  clients: {claim: azp, allowed: [npm-front-end]}
  subject: sub
  token_id: jti
  map:
    audience_class: {const: npm}
    organisation: {const: 0a8d0d5d-23b8-42ec-af59-2333f37157fd}
    roles: {claim: roles, values: {staff: staff}}
"""
