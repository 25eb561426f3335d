"""The caller in the claims of a verified token, and the claims that hand a caller on inside. Verifies nothing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.caller import EXCLUSIONS, Caller
from shared.errors import Unauthorized


def _uuid_or_empty(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return str(UUID(value)) if value else ""


#: What binds each class: a token of the class without it is refused.
_BINDING = {"authority": "authority_id", "expert": "expert_id", "partner": "partner_id"}


#: What is kept from a caller, by the names of `standing.excluded`.
_TOLD = {name: name.removeprefix("excluded_") for name in EXCLUSIONS}


def caller_from(claims: Mapping[str, Any]) -> Caller:
    """Make the caller from verified claims; a class without what binds it raises Unauthorized."""
    audience_class = claims["audience_class"]
    excluded = (claims.get("standing") or {}).get("excluded", {})
    try:
        caller = Caller(
            subject=str(claims["sub"]),
            audience_class=audience_class,
            roles=frozenset(str(role) for role in claims["roles"]),
            scopes=frozenset(claims["scope"].split()),
            client_id=str(claims["client_id"]),
            person_id=_uuid_or_empty(claims, "person_id"),
            institution_id=_uuid_or_empty(claims, "institution_id"),
            authority_id=_uuid_or_empty(claims, "authority_id"),
            department_id=_uuid_or_empty(claims, "department_id"),
            expert_id=_uuid_or_empty(claims, "expert_id"),
            partner_id=_uuid_or_empty(claims, "partner_id"),
            mou_id=_uuid_or_empty(claims, "mou_id"),
            acr=str(claims.get("acr", "basic")),
            auth_time=int(claims.get("auth_time", 0)),
            issuer=str(claims.get("origin_iss", claims["iss"])),
            token_id=str(claims.get("origin_jti", claims["jti"])),
            issued_at=int(claims.get("origin_iat", claims["iat"])),
            **{name: tuple(str(UUID(each)) for each in excluded.get(told, ())) for name, told in _TOLD.items()},
        )
    except (ValueError, TypeError, AttributeError):
        raise Unauthorized from None
    bound_by = _BINDING.get(audience_class)
    if bound_by and not getattr(caller, bound_by):
        raise Unauthorized
    return caller


def claims_of(caller: Caller, *, scopes: frozenset[str]) -> dict[str, Any]:
    """Give the claims that hand a caller on inside, with the scopes given."""
    bound = ("person_id", "institution_id", "authority_id", "department_id", "expert_id", "partner_id", "mou_id")
    return {
        "sub": caller.subject,
        "client_id": caller.client_id,
        "audience_class": caller.audience_class,
        "roles": sorted(caller.roles),
        "scope": " ".join(sorted(scopes)),
        "acr": caller.acr,
        "auth_time": caller.auth_time,
        "origin_iss": caller.issuer,
        "origin_jti": caller.token_id,
        "origin_iat": caller.issued_at,
        "standing": {"excluded": {told: list(getattr(caller, name)) for name, told in _TOLD.items()}},
        **{name: getattr(caller, name) for name in bound if getattr(caller, name) or name == "institution_id"},
    }
