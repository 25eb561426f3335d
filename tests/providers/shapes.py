"""Tokens as Keycloak, Entra ID and authentik make them: member by member their shape, every value made up.

Sources: access page §6; Microsoft's reference of access token claims (v2.0); Keycloak's AccessToken and IDToken
representations; authentik's IDToken dataclass and its `to_access_token`.
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.gateway.signing import Ground, Private, stamps

AUDIENCES = {
    "keycloak": "article22",
    "entra": "66666666-7777-4888-9999-aaaaaaaaaaaa",
    "authentik": "article22-front-end",
}
TENANT = "11111111-2222-4333-8444-555555555555"
FRONT_END = "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"
KEYCLOAK_SUBJECT = "b3c1a5c9-7f0f-4a3e-9a3c-5f3f0c0b8a11"
ENTRA_OBJECT = "c0ffee00-1234-4abc-8def-0123456789ab"
AUTHENTIK_UUID = "2c9c9b55-13b5-4f1d-9f5b-9a0b8a2e4f01"


@dataclass(frozen=True)
class Product:
    """One product: its issuer here, and its key."""

    name: str
    issuer: str
    private: Private
    kid: str

    def ground(self, header: dict[str, Any], claims: dict[str, Any]) -> Ground:
        """Give a token of this product."""
        algorithm = "RS256" if self.name == "entra" else "ES256"
        return Ground({"alg": algorithm, "kid": self.kid, **header}, {"iss": self.issuer, **claims}, self.private)


def keycloak(product: Product, **changes: Any) -> Ground:
    """Give an access token of Keycloak 26 with "at+jwt as access token header type"."""
    times = stamps(300)
    claims = {
        **times, "auth_time": times["iat"] - 5, "jti": f"onrtac:{uuid4()}", "aud": ["article22", "account"], "sub": KEYCLOAK_SUBJECT,
        "typ": "Bearer", "azp": "npm-front-end", "sid": str(uuid4()), "acr": "strong", "allowed-origins": ["https://front.example.org"],
        "realm_access": {"roles": ["default-roles-npm", "offline_access"]},
        "resource_access": {"article22": {"roles": ["npm-staff"]}, "account": {"roles": ["manage-account", "view-profile"]}},
        "scope": "openid profile", "preferred_username": "made.up", "name": "Made Up",
    }  # fmt: skip
    return product.ground({"typ": "at+jwt"}, {**claims, **changes})


def keycloak_id(product: Product, **changes: Any) -> Ground:
    """Give an ID token of Keycloak."""
    times = stamps(300)
    claims = {
        **times, "auth_time": times["iat"] - 5, "jti": str(uuid4()), "aud": "npm-front-end", "sub": KEYCLOAK_SUBJECT, "typ": "ID",
        "azp": "npm-front-end", "nonce": "n-0S6_WzA2Mj", "sid": str(uuid4()), "at_hash": "LDktKdoQak3Pk0cnXxCltA", "acr": "strong",
        "resource_access": {"article22": {"roles": ["npm-staff"]}}, "preferred_username": "made.up",
    }  # fmt: skip
    return product.ground({"typ": "JWT"}, {**claims, **changes})


def entra(product: Product, **changes: Any) -> Ground:
    """Give an access token of Entra ID, version 2.0, for an API of the tenant's own."""
    times = stamps(840)
    claims = {
        **times, "nbf": times["iat"], "aud": AUDIENCES["entra"], "aio": "AXQAi/8TAAAA", "azp": FRONT_END, "azpacr": "0",
        "auth_time": times["iat"] - 5, "acrs": ["c1", "p1", "urn:user:registersecurityinfo"], "name": "Made Up", "oid": ENTRA_OBJECT,
        "preferred_username": "made.up@example.org", "rh": "0.AAAA", "roles": ["Answers.Draft", "Other.Thing"], "scp": "access",
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "tid": TENANT, "uti": "hRk2cyAzT0-bYmFkZXVw", "ver": "2.0",
        "extension_department": "health",
    }  # fmt: skip
    return product.ground({"typ": "JWT"}, {**claims, **changes})


def entra_id(product: Product, **changes: Any) -> Ground:
    """Give an ID token of Entra ID: same key, same typ, for the front end."""
    times = stamps(840)
    claims = {
        **times, "nbf": times["iat"], "aud": FRONT_END, "aio": "AXQAi/8TAAAA", "auth_time": times["iat"] - 5, "name": "Made Up",
        "nonce": "12345", "oid": ENTRA_OBJECT, "preferred_username": "made.up@example.org", "rh": "0.AAAA",
        "roles": ["Answers.Draft"], "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "tid": TENANT,
        "uti": "hRk2cyAzT0-bYmFkZXVw", "ver": "2.0",
    }  # fmt: skip
    return product.ground({"typ": "JWT"}, {**claims, **changes})


def authentik(product: Product, **changes: Any) -> Ground:
    """Give an access token of authentik; its class, organisation and groups come from a property mapping."""
    times = stamps(300)
    claims = {
        **times, "sub": AUTHENTIK_UUID, "aud": "article22-front-end", "auth_time": times["iat"] - 5, "acr": "goauthentik.io/providers/oauth2/default",
        "amr": ["pwd", "mfa"], "sid": "f" * 64, "jti": uuid4().hex, "azp": "article22-front-end", "uid": "u" * 40,
        "groups": ["a22-complaints", "everybody"], "a22_class": "partner", "a22_organisation": "complaints", "scope": "openid article22",
    }  # fmt: skip
    return product.ground({"typ": "JWT"}, {**claims, **changes})


def authentik_id(product: Product, **changes: Any) -> Ground:
    """Give an ID token of authentik: the same claims to the last, without `uid`."""
    token = authentik(product)
    claims = {name: value for name, value in token.claims.items() if name not in ("uid", "scope", "iss")}
    return product.ground({"typ": "JWT"}, {**claims, "nonce": "12345", "at_hash": "LDktKdoQak3Pk0cnXxCltA", **changes})
