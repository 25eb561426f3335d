"""Rules of mapping, pure: from the verified claims of a provider's token to the identity that it vouches for.

What is required and missing is no token of ours (ValueError, answered 401); what is there and maps to nothing is an
identity without a role, which has no access (403). Overage markers of large directories (`_claim_names`) are not followed.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from gateway.identities import Identity
from gateway.providers.configuration import CLASSES_OF_ORGANISATIONS, Issuer, Mapped, StepUp, class_of
from gateway.providers.paths import MISSING, claim, words
from gateway.without_access import Reason
from shared.access import vocabulary
from shared.identity import LEEWAY_SECONDS

V = TypeVar("V")

#: OpenID Connect Core §2: a subject is at most 255 ASCII characters; and visible ones, so that access can be ended by it.
_NAME = re.compile(r"[\x21-\x7e]{1,255}")


def identity_of(claims: Mapping[str, Any], issuer: Issuer, *, now: float) -> Identity:
    """Map verified claims; ValueError where the token has not what every access token of this issuer has.

    `now` in seconds since the epoch, on the host's clock.
    """
    _check_marks(claims, issuer)
    audience_class = _class(claims, issuer)
    organisation = _one(issuer.map.organisation, claims)
    department = _one(issuer.map.department, claims) if audience_class == "authority" else ""
    named = _mapped(issuer.map.roles, claims)
    fault = _class_fault(claims, issuer) or _role_fault(named, audience_class)
    if fault is None and (
        organisation is None or department is None or (audience_class in CLASSES_OF_ORGANISATIONS and not organisation)
    ):
        fault = _organisation_fault(claims, issuer)
    acr, auth_time = _login(claims, issuer.step_up, now)
    return Identity(
        issuer=issuer.issuer,
        subject=_text(claims, issuer.subject),
        client_id=_client(claims, issuer),
        token_id=_text(claims, issuer.token_id),
        audience_class=audience_class,
        roles=named if fault is None else frozenset(),
        mapping_fault=fault,
        organisation_id=(organisation or "") if audience_class in CLASSES_OF_ORGANISATIONS else "",
        department_id=department or "",
        acr=acr,
        auth_time=auth_time,
        issued_at=claims["iat"],
        expires_at=claims["exp"],
    )


def _check_marks(claims: Mapping[str, Any], issuer: Issuer) -> None:
    """Refuse what is no access token: an ID token of the same provider may look alike but for these marks."""
    marks = issuer.marks
    if any(claim(claims, path) != value for path, value in marks.equal.items()):
        raise ValueError("a mark that must be equal")
    if any(claim(claims, path) is MISSING for path in marks.present):
        raise ValueError("a mark that must be there")
    if any(claim(claims, path) is not MISSING for path in marks.absent):
        raise ValueError("a mark that must not be there")


def _text(claims: Mapping[str, Any], path: str) -> str:
    found = claim(claims, path)
    if not isinstance(found, str) or not _NAME.fullmatch(found):
        raise ValueError(f"{path} is required")
    return found


def _client(claims: Mapping[str, Any], issuer: Issuer) -> str:
    client = _text(claims, issuer.clients.claim)
    if client not in issuer.clients.allowed:
        raise ValueError("a client that is not allowed")
    return client


def _mapped(mapped: Mapped[V], claims: Mapping[str, Any]) -> frozenset[V]:
    """Give the values that the words at a claim stand for; words that are not listed count for nothing."""
    if mapped.const is not None:
        return frozenset({mapped.const})
    values = mapped.values or {}
    return frozenset(values[word] for word in words(claims, mapped.claim or "") if word in values)


def _class(claims: Mapping[str, Any], issuer: Issuer) -> str:
    """Give the one class, or nothing where there is none or more than one: rights are never a union over classes."""
    found: frozenset[str] = _mapped(issuer.map.audience_class, claims) & frozenset(issuer.may_issue)
    return next(iter(found)) if len(found) == 1 else ""


def _class_fault(claims: Mapping[str, Any], issuer: Issuer) -> Reason | None:
    found = _mapped(issuer.map.audience_class, claims) & frozenset(issuer.may_issue)
    return {0: Reason.NO_CLASS, 1: None}.get(len(found), Reason.TWO_CLASSES)


def _organisation_fault(claims: Mapping[str, Any], issuer: Issuer) -> Reason:
    """Say whether the words name several organisations or departments, or none where there should be one."""
    parts = [each for each in (issuer.map.organisation, issuer.map.department) if each is not None]
    is_several = any(len(_mapped(each, claims)) > 1 for each in parts)
    return Reason.SEVERAL_ORGANISATIONS if is_several else Reason.NO_ORGANISATION


def _one(mapped: Mapped[str] | None, claims: Mapping[str, Any]) -> str | None:
    """Give the one id; empty where there need be none; None where there should be one and is not, or are several."""
    if mapped is None:
        return ""
    found = _mapped(mapped, claims)
    if len(found) == 1:
        return next(iter(found))
    return "" if not found and mapped.optional else None


def _role_fault(named: frozenset[str], audience_class: str) -> Reason | None:
    """Say why roles give nothing: there is none, they are of two classes, or one combines with nothing."""
    if not named:
        return Reason.NO_ROLE
    if any(class_of(role) != audience_class for role in named):
        return Reason.TWO_CLASSES
    return Reason.ROLE_STANDS_ALONE if named & vocabulary().alone and len(named) > 1 else None


def _login(claims: Mapping[str, Any], step_up: StepUp | None, now: float) -> tuple[str, int]:
    """Give the strength of the login and when it happened: basic and 0 where the provider does not say."""
    if step_up is None:
        return "basic", 0
    at = claim(claims, step_up.auth_time)
    # a login that is still to come would step somebody up later on
    happened = at if type(at) is int and 0 < at <= now + LEEWAY_SECONDS else 0
    return ("strong" if words(claims, step_up.acr) & set(step_up.strong) else "basic"), happened
