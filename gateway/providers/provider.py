"""One provider at work: from the text of a token to the identity it vouches for."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from gateway.identities import Identity
from gateway.providers.configuration import Issuer
from gateway.providers.fetching import KeySource
from gateway.providers.keys import ProviderKeys
from gateway.providers.mapping import identity_of
from shared.errors import Unauthorized
from shared.provider_tokens import ProviderKey, ProviderProfile


@dataclass(frozen=True)
class Login:
    """A verified token of a provider: whom it vouches for, and the key that stands for it."""

    identity: Identity
    key: ProviderKey
    keys: ProviderKeys

    def holds(self) -> bool:
        """Tell whether the provider still has the key, as far as is known without asking."""
        return self.keys.holds(self.key)


class Provider:
    """Verifies the tokens of one issuer."""

    def __init__(self, issuer: Issuer, *, is_production: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the issuer's entry, and a clock in seconds for its keys; nothing is asked before the first token comes."""
        self.issuer = issuer
        self._client = httpx.AsyncClient(follow_redirects=False)
        source = KeySource(issuer, self._client, is_production=is_production)
        self._keys = ProviderKeys(issuer.issuer, source.keys, clock=clock)
        self._profile = ProviderProfile(
            issuer.issuer, issuer.audience, frozenset(issuer.algorithms), issuer.typ, issuer.max_lifetime_s
        )

    async def login(self, token: str) -> Login:
        """Verify a token and map its claims; the one Unauthorized, or Unavailable when its keys cannot be confirmed."""
        try:
            kid, _algorithm = self._profile.named_key(token)
        except Exception:  # noqa: BLE001 - whatever a hostile token breaks is one 401
            raise Unauthorized from None
        key = await self._keys.key(kid)
        if key is None:
            raise Unauthorized
        try:
            claims = self._profile.verified(token, key)
            return Login(identity_of(claims, self.issuer, now=time.time()), key, self._keys)
        except Exception:  # noqa: BLE001 - the same
            raise Unauthorized from None

    async def close(self) -> None:
        """Give up what is under way."""
        await self._keys.close()
        await self._client.aclose()
