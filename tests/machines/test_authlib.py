"""An independent client, Authlib, finds the endpoints by itself, gets a token over real HTTP and calls with it."""

import time

import httpx
import pytest
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.machines.machine import ISSUER, OPERATIONS, Machine, registered
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")


async def endpoints(address: str) -> dict[str, str]:
    """Find token and revocation endpoint by RFC 8414; the issuer's address is that of the settings, ours is this test's."""
    async with httpx.AsyncClient(base_url=address) as client:
        told = (await client.get("/.well-known/oauth-authorization-server")).json()
    assert told["issuer"] == ISSUER
    return {name: told[f"{name}_endpoint"].replace(ISSUER, address) for name in ("token", "revocation")}


def client_of(machine: Machine) -> AsyncOAuth2Client:
    """Give Authlib's client with the machine's key."""
    pem = machine.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    method = "private_key_jwt"
    client = AsyncOAuth2Client(
        machine.client_id, pem, token_endpoint_auth_method=method, revocation_endpoint_auth_method=method
    )
    client.register_client_auth_method(_proof(machine))
    return client


def _proof(machine: Machine) -> PrivateKeyJWT:
    # Authlib's own life of a proof is an hour, which is longer than ours may be
    claims = {"exp": int(time.time()) + 60}
    return PrivateKeyJWT(token_endpoint=ISSUER, alg="ES256", headers={"kid": machine.kid}, claims=claims)


@pytest.mark.requirement("R-G12")
async def test_authlib_gets_a_token_and_calls_with_it(people: People, address: str) -> None:
    machine = await registered(people)
    found = await endpoints(address)

    async with client_of(machine) as client:
        token = await client.fetch_token(found["token"], grant_type="client_credentials", scope=OPERATIONS)
        own = await client.get(f"{address}/v1/partner/operations")
        other = await client.get(f"{address}/v1/npm/places")

    assert (token["token_type"], token["scope"], token["expires_in"]) == ("Bearer", OPERATIONS, 300)
    assert (own.status_code, own.json()["items"], other.status_code) == (200, [], 403)


async def test_authlib_understands_each_refusal(people: People, address: str) -> None:
    machine = await registered(people)
    token_endpoint = (await endpoints(address))["token"]

    async def error(machine: Machine, **asked: str) -> str:
        async with client_of(machine) as client:
            with pytest.raises(OAuthError) as refusal:
                await client.fetch_token(token_endpoint, **{"grant_type": "client_credentials", **asked})
        return str(refusal.value.error)

    assert await error(machine, scope="visits:places.read") == "invalid_scope"
    assert await error(Machine()) == "invalid_client"
    assert await error(machine, grant_type="password", username="x", password="y") == "unsupported_grant_type"


async def test_authlib_ends_its_token(people: People, address: str) -> None:
    machine = await registered(people)
    found = await endpoints(address)

    async with client_of(machine) as client:
        token = await client.fetch_token(found["token"], grant_type="client_credentials")
        client.register_client_auth_method(_proof(machine))
        answer = await client.revoke_token(found["revocation"], token=token["access_token"])

    assert (answer.status_code, answer.content) == (200, b"")
