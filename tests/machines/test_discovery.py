"""What clients find out by themselves (RFC 8414, RFC 9728), and that it is true."""

from typing import Any

from shared.access import vocabulary
from tests.machines.machine import ISSUER, Machine, error_of
from tests.people import People


async def told(people: People, name: str) -> dict[str, Any]:
    answer = await people.client.get(f"/.well-known/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    shown: dict[str, Any] = answer.json()
    return shown


async def test_the_server_describes_itself(people: People) -> None:
    shown = await told(people, "oauth-authorization-server")

    assert shown["issuer"] == ISSUER
    assert (shown["grant_types_supported"], shown["response_types_supported"]) == (["client_credentials"], [])
    assert shown["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert shown["token_endpoint_auth_signing_alg_values_supported"] == ["ES256"]
    for name in ("token_endpoint", "revocation_endpoint"):
        refused = await people.client.post(shown[name].removeprefix(ISSUER), data=Machine().form(token="x"))
        assert error_of(refused) == (401, "invalid_client"), name
    assert (await people.client.get(shown["jwks_uri"].removeprefix(ISSUER))).json()["keys"]
    assert (await people.client.get(shown["service_documentation"].removeprefix(ISSUER))).status_code == 200


async def test_no_machine_is_told_of_decisions_or_of_what_services_hold(people: People) -> None:
    offered = set((await told(people, "oauth-authorization-server"))["scopes_supported"])
    of_the_api = set((await told(people, "oauth-protected-resource"))["scopes_supported"])
    scopes = vocabulary().scopes

    assert not offered & vocabulary().decisions
    assert not {name for name, scope in scopes.items() if scope.classes == ("service",)} & (offered | of_the_api)
    assert offered < of_the_api


async def test_the_api_names_whose_tokens_it_takes(people: People) -> None:
    shown = await told(people, "oauth-protected-resource")

    assert shown["resource"] == ISSUER
    assert shown["authorization_servers"][0] == ISSUER
    assert shown["bearer_methods_supported"] == ["header"]


async def test_the_shown_keys_are_public_and_those_of_this_issuer_alone(people: People) -> None:
    keys = (await told(people, "jwks.json"))["keys"]

    assert all(set(key) == {"kty", "crv", "alg", "use", "kid", "x", "y"} for key in keys)
    development = (await people.client.get("/development/jwks.json")).json()["keys"]
    assert not {key["kid"] for key in keys} & {key["kid"] for key in development}


async def test_a_token_is_taken_from_the_header_alone(people: People) -> None:
    token = (await people.as_("partner")).token

    answers = [
        await people.client.get(f"/v1/partner/operations?access_token={token}"),
        await people.client.get("/v1/partner/operations", headers={"Cookie": f"access_token={token}"}),
        await people.client.post("/v1/partner/operations", data={"access_token": token}),
        await people.client.get(
            "/v1/partner/operations",
            headers=[("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")],
        ),
    ]

    assert [answer.status_code for answer in answers] == [401] * 4
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}
