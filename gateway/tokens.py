"""From a bearer token to a caller: which issuers are trusted, and with which keys.

An issuer is chosen by name, its profile decides everything else; no key is ever taken from a token.
"""

import base64
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Mapping

from shared.access import vocabulary
from shared.caller import Caller
from shared.errors import Unauthorized
from shared.identity import LONGEST_TOKEN, TOKEN_TYPE, PublicKey, TokenProfile, caller_from
from shared.settings import DATABASES, Settings

_MOST_KNOWN = 4_096


class Issuers:
    """The issuers this gateway trusts, each with the classes it may issue."""

    def __init__(self) -> None:
        """Trust nobody yet."""
        self._profiles: dict[str, tuple[TokenProfile, frozenset[str]]] = {}
        self._known: OrderedDict[bytes, tuple[int, Caller]] = OrderedDict()

    def trust(self, profile: TokenProfile, *, may_issue: frozenset[str]) -> None:
        """Trust an issuer for some audience classes."""
        self._profiles[profile.issuer] = (profile, may_issue)

    def caller(self, headers: list[tuple[bytes, bytes]]) -> Caller:
        """Give the caller of a request; every defect is the one Unauthorized. A token that ended is never known."""
        given = [value for name, value in headers if name == b"authorization"]
        if len(given) != 1 or not given[0].startswith(b"Bearer ") or len(given[0]) > LONGEST_TOKEN + 7:
            raise Unauthorized
        digest = hashlib.sha256(given[0]).digest()
        ends, known = self._known.get(digest, (0, None))
        if known is None or ends <= time.time():
            ends, known = self._verified(given[0][7:].decode("latin-1"))
            self._known[digest] = (ends, known)
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return known

    def _verified(self, token: str) -> tuple[int, Caller]:
        profile, may_issue = self._profiles.get(_named_issuer(token), (None, frozenset()))
        if profile is None:
            raise Unauthorized
        claims = profile.claims(token)
        caller = caller_from(claims)
        if caller.audience_class not in may_issue:
            raise Unauthorized
        return int(claims["exp"]), caller


def _named_issuer(token: str) -> str:
    """Read which issuer a token names, to choose the profile; nothing else of it is believed yet."""
    try:
        middle = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return str(claims["iss"])
    except (ValueError, IndexError, KeyError, TypeError, RecursionError):
        raise Unauthorized from None


def trusted(settings: Settings, *, development: PublicKey | None, services: Mapping[str, PublicKey]) -> Issuers:
    """Trust the development issuer outside production, and each service, and the gateway's own consumers, for feeds and standing."""
    issuers = Issuers()
    if development is not None and not settings.is_production:
        issuers.trust(
            TokenProfile(
                settings.development_issuer, settings.audience, TOKEN_TYPE, 300, {development.kid: development}.get
            ),
            may_issue=frozenset({"npm", "expert", "authority", "partner"}),
        )
    for service in DATABASES:
        if service in services:
            public = services[service]
            issuers.trust(
                TokenProfile(
                    f"{settings.base_url}/services/{service}",
                    settings.audience,
                    TOKEN_TYPE,
                    60,
                    {public.kid: public}.get,
                ),
                may_issue=frozenset({"service"}),
            )
    return issuers


def service_scopes() -> frozenset[str]:
    """Give the scopes that only services hold."""
    return frozenset(name for name, scope in vocabulary().scopes.items() if scope.classes == ("service",))
