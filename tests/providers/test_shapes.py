"""The token shapes of known products: each gives the right caller, and an ID token of the same product never passes."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from gateway.identities import Identity
from gateway.providers.provider import Provider
from gateway.providers.reading import read_issuers
from shared.errors import Unauthorized
from shared.settings import Settings
from tests.gateway import vectors
from tests.gateway.signing import Ground, elliptic
from tests.gateway.test_tokens import differing, refusal
from tests.providers import shapes
from tests.providers.conftest import Door
from tests.providers.shapes import Product

INSTITUTION = "0a8d0d5d-23b8-42ec-af59-2333f37157fd"
Make = Callable[..., Ground]

ACCESS: dict[str, tuple[Make, Make]] = {
    "keycloak": (shapes.keycloak, shapes.keycloak_id),
    "entra": (shapes.entra, shapes.entra_id),
    "authentik": (shapes.authentik, shapes.authentik_id),
}


@pytest.fixture
def configured(settings: Settings, issuers: Any) -> dict[str, Provider]:
    """Give the three providers as the file has them."""
    entries = read_issuers(settings.model_copy(update={"issuers": issuers}))
    return {
        name: Provider(entry, is_production=False)
        for name, entry in zip(("keycloak", "entra", "authentik"), entries, strict=True)
    }


async def identity(provider: Provider, token: str) -> Identity:
    """Verify a token and let go of the provider."""
    try:
        return (await provider.login(token)).identity
    finally:
        await provider.close()


async def test_keycloak_gives_a_person_of_the_npm(
    products: dict[str, Product], configured: dict[str, Provider]
) -> None:
    token = shapes.keycloak(products["keycloak"])

    found = await identity(configured["keycloak"], token.token())

    assert found == Identity(
        issuer=products["keycloak"].issuer, subject=shapes.KEYCLOAK_SUBJECT, client_id="npm-front-end", token_id=token.claims["jti"],
        audience_class="npm", roles=frozenset({"staff"}), organisation_id=INSTITUTION, acr="strong",
        auth_time=token.claims["auth_time"], issued_at=token.claims["iat"], expires_at=token.claims["exp"],
    )  # fmt: skip


async def test_entra_gives_an_official(products: dict[str, Product], configured: dict[str, Provider]) -> None:
    token = shapes.entra(products["entra"])

    found = await identity(configured["entra"], token.token())

    assert found == Identity(
        issuer=products["entra"].issuer, subject=shapes.ENTRA_OBJECT, client_id=shapes.FRONT_END, token_id="hRk2cyAzT0-bYmFkZXVw",
        audience_class="authority", roles=frozenset({"authority_official"}), organisation_id="f9d212a8-7680-4faf-8923-9f324d2f29b3",
        department_id="c6798767-af9f-41ef-8ba5-072e0fcd27e6", acr="strong", auth_time=token.claims["auth_time"],
        issued_at=token.claims["iat"], expires_at=token.claims["exp"],
    )  # fmt: skip


async def test_authentik_gives_a_partner(products: dict[str, Product], configured: dict[str, Provider]) -> None:
    token = shapes.authentik(products["authentik"])

    found = await identity(configured["authentik"], token.token())

    assert found == Identity(
        issuer=products["authentik"].issuer, subject=shapes.AUTHENTIK_UUID, client_id="article22-front-end", token_id=token.claims["jti"],
        audience_class="partner", roles=frozenset({"nhri_complaints"}), organisation_id="affc67c5-7d85-4c5d-9925-bfe541f16cfb",
        acr="strong", auth_time=token.claims["auth_time"], issued_at=token.claims["iat"], expires_at=token.claims["exp"],
    )  # fmt: skip


@pytest.mark.parametrize("name", ACCESS)
async def test_an_id_token_of_the_same_product_is_refused(
    products: dict[str, Product], configured: dict[str, Provider], name: str
) -> None:
    access, identifying = ACCESS[name]
    audience = shapes.AUDIENCES[name]
    typ = access(products[name]).header["typ"]
    shown = identifying(products[name])
    dressed = identifying(products[name], aud=audience, azp=access(products[name]).claims["azp"])
    bare = {key: value for key, value in dressed.claims.items() if key not in ("nonce", "at_hash")}

    await identity(configured[name], access(products[name]).token())
    for token in (
        shown.token(),
        dressed.token(),
        # even where a provider would call it what an access token is called, and leave away what an ID token has
        dressed.token(header={**dressed.header, "typ": typ}),
        dressed.token(header={**dressed.header, "typ": typ}, claims=bare),
    ):
        with pytest.raises(Unauthorized):
            await identity(configured[name], token)


#: Where the people of each product may go.
PATHS = {"keycloak": "/npm/places", "entra": "/authority/recommendations", "authentik": "/partner/operations"}
BAD: dict[str, vectors.Spoil] = {
    "a client that is not allowed": vectors.claims(azp="another"),
    "no client": vectors.claims(azp=None),
    "a list of clients": lambda g: vectors.claims(azp=[g.claims["azp"]])(g),
    "jti missing": vectors.claims(jti=None, uti=None),
    "jti empty": vectors.claims(jti="", uti=""),
    "jti a number": vectors.claims(jti=1, uti=1),
    "subject missing": vectors.claims(sub=None, oid=None),
    "subject no ASCII": vectors.claims(sub="é", oid="é"),
    "subject with a line": vectors.claims(sub="a\nb", oid="a\nb"),
    "subject very long": vectors.claims(sub="s" * 256, oid="s" * 256),
    "typ of another profile": lambda g: vectors.header(typ="JWT" if g.header["typ"] == "at+jwt" else "at+jwt")(g),
    "typ of an internal token": vectors.header(typ="npm-int+jwt"),
    "nonce of an ID token": vectors.claims(nonce="12345", at_hash="LDktKdoQak3Pk0cnXxCltA"),
    "mark missing": vectors.claims(typ=None, ver=None, uid=None),
    "mark other": vectors.claims(typ="ID", ver="1.0", uid=None),
    "mark null": lambda g: (
        vectors.raw("typ" if "typ" in g.claims else "scp", "null")(g)
        if "uid" not in g.claims
        else vectors.claims(uid=None)(g)
    ),
    "scope of an ID token": vectors.claims(scp="openid", typ="Refresh", uid=None),
    "a second longer than it may live": lambda g: vectors.times(exp=901 if "uti" in g.claims else 301)(g),
    "aud of the front end in a list": vectors.claims(aud=["front-end", "account"]),
}


@pytest.mark.requirement("R-G01")
@pytest.mark.parametrize("name", ACCESS)
async def test_a_bad_token_of_a_provider_is_the_one_401(door: Door, products: dict[str, Product], name: str) -> None:
    make = ACCESS[name][0]
    spoiled = {**vectors.EVERY, **BAD}
    if name == "entra":
        # Entra's subject is another claim than ours: what stands in `sub` is nobody's business
        spoiled = {key: value for key, value in spoiled.items() if not key.startswith("sub ") or key == "sub twice"}
    path = PATHS[name]
    good = await door.asked(plain_audience(make(products[name]), name).token(), path)
    expected = refusal(await door.asked(None, path))

    answers = {
        key: await door.asked(spoil(plain_audience(make(products[name]), name)), path) for key, spoil in spoiled.items()
    }

    assert good.status_code == 200, good.text
    assert expected[:2] == (401, "Bearer")
    assert differing(answers, expected) == {}
    assert len(answers) >= 60


def plain_audience(ground: Ground, name: str) -> Ground:
    """Give the token with its audience as a text, as most vectors spoil that."""
    return Ground(ground.header, {**ground.claims, "aud": shapes.AUDIENCES[name]}, ground.private)


async def test_a_key_of_one_provider_signs_for_no_other(door: Door, products: dict[str, Product]) -> None:
    expected = refusal(await door.asked(None))
    keycloak, authentik = products["keycloak"], products["authentik"]
    borrowed = Product("keycloak", keycloak.issuer, authentik.private, authentik.kid)
    named = Product("keycloak", keycloak.issuer, authentik.private, keycloak.kid)
    unknown = Product("keycloak", "https://id.example.org/realms/other", elliptic(), "k")

    answers = {
        name: await door.asked(shapes.keycloak(product).token())
        for name, product in {"its id": borrowed, "the other's id": named, "nobody's issuer": unknown}.items()
    }

    assert differing(answers, expected) == {}


async def test_a_token_with_other_words_in_its_header_counts_where_they_mean_nothing(
    door: Door, products: dict[str, Product]
) -> None:
    token = shapes.keycloak(products["keycloak"])

    answer = await door.asked(token.token(header={**token.header, "x5t": "2UIEYIW0Wl2ic3GAZ3kQ2w"}))

    assert answer.status_code == 200, json.dumps(answer.json())


async def test_an_ended_token_of_a_provider_is_not_remembered(
    door: Door, products: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    token, clock = shapes.keycloak(products["keycloak"]).token(), time.time

    first = await door.asked(token)
    monkeypatch.setattr(time, "time", lambda: clock() + 200)
    almost = await door.asked(token)
    monkeypatch.setattr(time, "time", lambda: clock() + 301)
    ended = await door.asked(token)

    assert (first.status_code, almost.status_code, ended.status_code) == (200, 200, 401)
