"""What clients find out by themselves: RFC 8414 for our token endpoint, RFC 9728 for the API that the tokens are for."""

from collections.abc import Iterable
from typing import Any

from gateway.own.clients.rules import MACHINE_ROLES, scopes_for_machines
from shared.access import vocabulary
from shared.settings import Settings

TOKEN_PATH = "/oauth/token"  # noqa: S105 - an address, no secret
REVOCATION_PATH = "/oauth/revoke"
KEYS_PATH = "/.well-known/jwks.json"
SERVER_PATH = "/.well-known/oauth-authorization-server"
RESOURCE_PATH = "/.well-known/oauth-protected-resource"


def machine_scopes() -> list[str]:
    """Give every scope that some machine client can be registered for."""
    known = vocabulary()
    found: set[str] = set()
    for audience_class, roles in MACHINE_ROLES.items():
        found |= scopes_for_machines(known.scopes_of(roles, audience_class=audience_class), known.decisions)
    return sorted(found)


def authorization_server(settings: Settings) -> dict[str, Any]:
    """Describe the issuer of our machine tokens (RFC 8414)."""
    url = settings.base_url
    methods = {"private_key_jwt": ["ES256"]}
    return {
        "issuer": url,
        "token_endpoint": f"{url}{TOKEN_PATH}",
        "revocation_endpoint": f"{url}{REVOCATION_PATH}",
        "jwks_uri": f"{url}{KEYS_PATH}",
        "scopes_supported": machine_scopes(),
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": list(methods),
        "token_endpoint_auth_signing_alg_values_supported": methods["private_key_jwt"],
        "revocation_endpoint_auth_methods_supported": list(methods),
        "revocation_endpoint_auth_signing_alg_values_supported": methods["private_key_jwt"],
        "service_documentation": f"{url}/docs/partner",
    }


def protected_resource(settings: Settings, issuers: Iterable[str]) -> dict[str, Any]:
    """Describe the API and whose tokens it takes (RFC 9728): our own, and those of the providers in the settings."""
    return {
        "resource": settings.base_url,
        "resource_name": settings.institution_name,
        "authorization_servers": [settings.base_url, *issuers],
        "scopes_supported": sorted(
            name for name, scope in vocabulary().scopes.items() if set(scope.classes) != {"service"}
        ),
        "bearer_methods_supported": ["header"],
        "resource_documentation": f"{settings.base_url}/docs/partner",
    }
