"""From a bearer token to a caller: which issuers are trusted, and with which keys.

An issuer is chosen by name, its profile decides everything else; no key is ever taken from a token.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from gateway.identities import Identity
from gateway.own.clients.rules import MACHINE_ROLES
from gateway.providers.provider import Login, Provider
from gateway.signing import LONGEST_LIFE_SECONDS, Keyring
from shared.access import vocabulary
from shared.caller import Caller
from shared.claims import caller_from
from shared.errors import Unauthorized
from shared.identity import LONGEST_TOKEN, TOKEN_TYPE, PublicKey, TokenProfile, opened
from shared.settings import DATABASES, Settings

_MOST_KNOWN = 4_096


class Accounts(Protocol):
    """Gives an identity its rights; asked on every request, so that a right that ends has ended."""

    async def caller(self, identity: Identity) -> Caller:
        """Give the caller that an identity is, or raise Forbidden where it has no access."""
        ...


@dataclass(frozen=True)
class _Known:
    """A token that was verified: a caller of ours, or a login at a provider; good until it ends (seconds since the epoch)."""

    ends: int
    who: Caller | Login

    def holds(self) -> bool:
        """Tell whether it still counts, as far as is known without asking anybody."""
        return self.ends > time.time() and (isinstance(self.who, Caller) or self.who.holds())


class Issuers:
    """The issuers this gateway trusts: our own, each with the classes it may issue, and the providers of the settings."""

    def __init__(self, accounts: Accounts) -> None:
        """Trust nobody yet; `accounts` gives the people of providers their rights."""
        self._accounts = accounts
        self._profiles: dict[str, tuple[TokenProfile, frozenset[str]]] = {}
        self._providers: dict[str, Provider] = {}
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._look: Callable[[], None] = lambda: None

    def trust(self, profile: TokenProfile, *, may_issue: frozenset[str]) -> None:
        """Trust an issuer of our own for some audience classes."""
        self._profiles[profile.issuer] = (profile, may_issue)

    def trust_provider(self, provider: Provider) -> None:
        """Trust a provider of the settings for what its entry says."""
        self._providers[provider.issuer.issuer] = provider

    def watch(self, look: Callable[[], None]) -> None:
        """Call `look` before every look at a token: it may find that a key is gone, and make us `forget`."""
        self._look = look

    def forget(self) -> None:
        """Know no token any longer: each is verified anew, with the keys there are now."""
        self._known.clear()
        for profile, _ in self._profiles.values():
            profile.forget()

    async def caller(self, headers: list[tuple[bytes, bytes]]) -> Caller:
        """Give the caller of a request; every defect is the one Unauthorized. A token that ended is never known.

        Raises Forbidden for a person without access, Unavailable when a provider's keys cannot be confirmed.
        """
        given = [value for name, value in headers if name == b"authorization"]
        if len(given) != 1 or not given[0].startswith(b"Bearer ") or len(given[0]) > LONGEST_TOKEN + 7:
            raise Unauthorized
        self._look()
        digest = hashlib.sha256(given[0]).digest()
        known = self._known.get(digest)
        if known is None or not known.holds():
            known = self._known[digest] = await self._verified(given[0][7:].decode("latin-1"))
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        if isinstance(known.who, Caller):
            return known.who
        # what a provider vouches for is kept, what follows from it never: accounts end between two requests
        return await self._accounts.caller(known.who.identity)

    async def close(self) -> None:
        """Give up what is asked of providers."""
        for provider in self._providers.values():
            await provider.close()

    async def _verified(self, token: str) -> _Known:
        issuer = _named_issuer(token)
        if issuer in self._providers:
            login = await self._providers[issuer].login(token)
            return _Known(login.identity.expires_at, login)
        profile, may_issue = self._profiles.get(issuer, (None, frozenset()))
        if profile is None:
            raise Unauthorized
        claims = profile.claims(token)
        caller = caller_from(claims)
        if caller.audience_class not in may_issue:
            raise Unauthorized
        return _Known(int(claims["exp"]), caller)


def _named_issuer(token: str) -> str:
    """Read which issuer a token names, to choose the profile; nothing else of it is believed yet."""
    try:
        _header, claims = opened(token)
        return str(claims["iss"])
    except (ValueError, KeyError, RecursionError):
        raise Unauthorized from None


def machine_profile(settings: Settings, keyring: Keyring) -> TokenProfile:
    """Say what a token must be that our own token endpoint gave to a machine."""
    return TokenProfile(settings.base_url, settings.audience, TOKEN_TYPE, LONGEST_LIFE_SECONDS, keyring.public)


def trusted(
    settings: Settings,
    *,
    development: PublicKey | None,
    services: Mapping[str, PublicKey],
    providers: Iterable[Provider],
    accounts: Accounts,
    keyring: Keyring,
) -> Issuers:
    """Trust ourselves for machines, the development issuer outside production, and the providers given.

    Each service is trusted for feeds and standing, and so are the gateway's own consumers.
    """
    issuers = Issuers(accounts)
    for provider in providers:
        issuers.trust_provider(provider)
    issuers.trust(machine_profile(settings, keyring), may_issue=frozenset(MACHINE_ROLES))
    issuers.watch(keyring.look)
    keyring.on_loss = issuers.forget
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
