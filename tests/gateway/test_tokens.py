"""Bad tokens: every one is the same 401, at the gateway and at each service by itself."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.assembly import internal_key, publish_keys, service_alone
from deploy.postgres.server import Server
from gateway.development import PERSONAS, DevelopmentIssuer
from shared.identity import INTERNAL_TOKEN_TYPE, TOKEN_TYPE, SigningKey
from shared.settings import SERVICES, Settings
from tests.people import Actor, People
from tests.revocations import nobody_revoked

Spoil = Callable[[dict[str, Any], SigningKey], str]


def encoded(part: Any) -> str:
    """Encode one segment."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw_signature(key: SigningKey, signed: str) -> bytes:
    """Sign text as no library of ours would."""
    made: bytes = key._key.sign(signed.encode())  # type: ignore[no-untyped-call]
    return made


def with_claims(**changes: Any) -> Spoil:
    """Change claims (None takes one away) and sign rightly."""

    def spoil(claims: dict[str, Any], key: SigningKey) -> str:
        changed = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return (
            key.sign(changed, typ=claims["__typ"])
            if "__typ" not in changed
            else key.sign(_plain(changed), typ=changed["__typ"])
        )

    return spoil


def with_times(**seconds: int) -> Spoil:
    """Set times of the token so many seconds after it was issued, and sign rightly."""

    def spoil(claims: dict[str, Any], key: SigningKey) -> str:
        return with_claims(**{name: claims["iat"] + after for name, after in seconds.items()})(claims, key)

    return spoil


def _plain(claims: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if name != "__typ"}


def with_header(**header: Any) -> Spoil:
    """Sign rightly under another header."""

    def spoil(claims: dict[str, Any], key: SigningKey) -> str:
        made = {"alg": "ES256", "typ": claims["__typ"], "kid": key.kid, **header}
        signed = (
            f"{encoded({name: value for name, value in made.items() if value is not None})}.{encoded(_plain(claims))}"
        )
        return f"{signed}.{encoded(raw_signature(key, signed))}"

    return spoil


def hmac_with_public_key(claims: dict[str, Any], key: SigningKey) -> str:
    """Confuse the algorithms: HMAC with the public key as the secret."""
    signed = f"{encoded({'alg': 'HS256', 'typ': claims['__typ'], 'kid': key.kid})}.{encoded(_plain(claims))}"
    secret = json.dumps(key.public.as_jwk()).encode()
    return f"{signed}.{encoded(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def without_signature(claims: dict[str, Any], key: SigningKey) -> str:
    """Drop the signature."""
    return key.sign(_plain(claims), typ=claims["__typ"]).rsplit(".", 1)[0] + "."


def altered(claims: dict[str, Any], key: SigningKey) -> str:
    """Change a claim after signing."""
    head, _middle, tail = key.sign(_plain(claims), typ=claims["__typ"]).split(".")
    return f"{head}.{encoded({**_plain(claims), 'roles': ['head']})}.{tail}"


def twins(claims: dict[str, Any], key: SigningKey) -> str:
    """Write a claim twice."""
    body = json.dumps(_plain(claims))[:-1] + ', "sub": "somebody"}'
    signed = f"{encoded({'alg': 'ES256', 'typ': claims['__typ'], 'kid': key.kid})}.{encoded(body.encode())}"
    return f"{signed}.{encoded(raw_signature(key, signed))}"


def by_stranger(claims: dict[str, Any], key: SigningKey) -> str:
    """Sign with a key nobody knows, under a known id."""
    stranger = SigningKey.kept_in(Path(_plain(claims).get("__folder", "/tmp")) / uuid4().hex, "stranger")
    stranger.kid = key.kid
    return stranger.sign(_plain(claims), typ=claims["__typ"])


VECTORS: dict[str, Spoil] = {
    "a letter": lambda _claims, _key: "x",
    "one segment": lambda _claims, _key: "abc",
    "two segments": lambda _claims, _key: "abc.def",
    "four segments": lambda claims, key: key.sign(_plain(claims), typ=claims["__typ"]) + ".x",
    "not base64": lambda _claims, _key: "!.!.!",
    "too long": lambda claims, key: key.sign({**_plain(claims), "pad": "x" * 9000}, typ=claims["__typ"]),
    "deep": lambda _claims, key: f"{encoded({'alg': 'ES256'})}.{encoded(b'[' * 5000)}.x",
    "alg none": with_header(alg="none"),
    "alg None": with_header(alg="None"),
    "alg HS256": with_header(alg="HS256"),
    "alg RS256": with_header(alg="RS256"),
    "alg ES384": with_header(alg="ES384"),
    "alg missing": with_header(alg=None),
    "alg a list": with_header(alg=["ES256"]),
    "key confusion": hmac_with_public_key,
    "typ JWT": with_header(typ="JWT"),
    "typ missing": with_header(typ=None),
    "typ of an ID token": with_header(typ="id+jwt"),
    "kid unknown": with_header(kid="other"),
    "kid missing": with_header(kid=None),
    "kid a path": with_header(kid="../../etc/passwd"),
    "kid a number": with_header(kid=1),
    "jku": with_header(jku="https://keys.example.org"),
    "x5u": with_header(x5u="https://keys.example.org"),
    "jwk": with_header(jwk={"kty": "EC"}),
    "crit": with_header(crit=["exp"]),
    "zip": with_header(zip="DEF"),
    "no signature": without_signature,
    "altered": altered,
    "a claim twice": twins,
    "another's key": by_stranger,
    "expired": with_times(iat=-400, exp=-100),
    "lives too long": with_times(exp=3600),
    "ends before it begins": with_times(exp=-10, iat=0),
    "issued in the future": with_times(iat=300, exp=330),
    "not yet": with_times(nbf=300),
    "exp missing": with_claims(exp=None),
    "iat missing": with_claims(iat=None),
    "exp a text": lambda claims, key: with_claims(exp=str(claims["iat"] + 50))(claims, key),
    "exp a fraction": lambda claims, key: with_claims(exp=claims["iat"] + 50.5)(claims, key),
    "iat true": with_claims(iat=True),
    "aud other": with_claims(aud="other"),
    "aud missing": with_claims(aud=None),
    "aud a list": with_claims(aud=["article22", "other"]),
    "aud in capitals": with_claims(aud="ARTICLE22"),
    "iss other": with_claims(iss="https://id.example.org"),
    "iss longer": with_claims(iss="http://127.0.0.1:8000/development/"),
    "iss missing": with_claims(iss=None),
    "sub missing": with_claims(sub=None),
    "jti missing": with_claims(jti=None),
    "scope missing": with_claims(scope=None),
    "scope a list": with_claims(scope=["visits:places.read"]),
    "roles missing": with_claims(roles=None),
    "class missing": with_claims(audience_class=None),
    "class unknown": with_claims(audience_class="root"),
    "client missing": with_claims(client_id=None),
    "institution missing": with_claims(institution_id=None),
    "institution no uuid": with_claims(institution_id="1"),
    "an authority without its id": with_claims(audience_class="authority", roles=["authority_official"]),
    "an expert without its id": with_claims(audience_class="expert", roles=["expert"]),
    "a partner without its id": with_claims(audience_class="partner", roles=["partner_system"]),
}


@pytest.mark.parametrize("name", VECTORS)
async def test_a_bad_token_is_the_one_401_at_the_gateway(people: People, settings: Settings, name: str) -> None:
    issuer = DevelopmentIssuer(settings, SigningKey.kept_in(settings.secrets / "gateway", "development"))
    claims = {**issuer.claims(PERSONAS["staff"], step_up=False), "__typ": TOKEN_TYPE}

    token = VECTORS[name](claims, issuer.key)
    answer = await Actor(people.client, token).get("/npm/places", headers={"X-Forwarded-User": "head"})

    assert refusal(answer) == refusal(await people.stranger().get("/npm/places"))


def refusal(answer: httpx.Response) -> tuple[int, str | None, dict[str, Any]]:
    """Give what a refused caller sees."""
    body = {name: value for name, value in answer.json().items() if name != "instance"}
    return answer.status_code, answer.headers.get("WWW-Authenticate"), body


@pytest.mark.parametrize("service", SERVICES)
async def test_a_bad_internal_token_is_the_one_401_at_each_service(
    cluster: Server, settings: Settings, service: str
) -> None:
    publish_keys(settings)
    alone = settings.model_copy(update={"service_database_url": cluster.url(f"{service}_app", service)})
    app = service_alone(service, alone, nobody_revoked())
    key = internal_key(settings)
    claims: dict[str, Any] = {
        "iss": settings.internal_issuer, "aud": service, "iat": int(time.time()), "exp": int(time.time()) + 60, "jti": str(uuid4()), "sub": "visits",
        "client_id": "visits", "audience_class": "service", "roles": ["system"], "institution_id": str(settings.institution_id),
        "scope": f"{service}:feed.read", "op": f"service.read_{service}_events", "__typ": INTERNAL_TOKEN_TYPE,
    }  # fmt: skip
    path = f"/v1/service/{service}-events?action=none"
    statuses = {}

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
        good = await client.get(path, headers={"Authorization": f"Bearer {fresh(claims, key)}"})
        other = {**_plain(claims), "op": "service.other", "iat": int(time.time()), "exp": int(time.time()) + 60}
        elsewhere = await client.get(
            path, headers={"Authorization": f"Bearer {key.sign(other, typ=INTERNAL_TOKEN_TYPE)}"}
        )
        outer = DevelopmentIssuer(settings, SigningKey.kept_in(settings.secrets / "gateway", "development")).token(
            "head"
        )
        from_outside = await client.get(path, headers={"Authorization": f"Bearer {outer}"})
        for name, spoil in VECTORS.items():
            token = spoil(claims, key)
            statuses[name] = (await client.get(path, headers={"Authorization": f"Bearer {token}"})).status_code

    assert (good.status_code, elsewhere.status_code, from_outside.status_code) == (200, 401, 401)
    assert {name for name, status in statuses.items() if status != 401} == set()
    await app.state.a22.database.close()


def fresh(claims: dict[str, Any], key: SigningKey) -> str:
    """Sign rightly, now."""
    return key.sign({**_plain(claims), "iat": int(time.time()), "exp": int(time.time()) + 60}, typ=claims["__typ"])


async def test_a_token_counts_in_one_authorization_header_and_nowhere_else(people: People) -> None:
    token = (await people.as_("staff")).token

    answers = [
        await people.client.get(
            "/v1/npm/places", headers=[("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
        ),
        await people.client.get("/v1/npm/places", params={"access_token": token}),
        await people.client.get("/v1/npm/places", headers={"Cookie": f"access_token={token}"}),
        await people.client.get("/v1/npm/places", headers={"Authorization": f"bearer {token}"}),
        await people.client.get("/v1/npm/places", headers={"X-A22-Caller": "head", "A22.Caller": "head"}),
    ]

    assert [answer.status_code for answer in answers] == [401] * 5
