"""The keys of one provider: asked for seldom, kept for five minutes, and nothing believed after that.

A key that the provider takes away is gone here within five minutes. When the provider cannot be reached, keys that were
confirmed go on until their five minutes are over; then its people get 503 and nobody is let in (security page §0).
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

import httpx

from shared.errors import Unavailable
from shared.provider_tokens import ProviderKey

log = logging.getLogger("a22.gateway")

KEPT_SECONDS = 300
#: From here on a use asks anew in the background, so that nobody waits and a hiccup of the provider does no harm.
AHEAD_SECONDS = 200
#: At most so often is a provider asked because of a key that is not known, or ahead of time.
UNKNOWN_SECONDS = 30
#: At most so often is it asked while nothing is confirmed.
RETRY_SECONDS = 5

Fetch = Callable[[], Awaitable[Mapping[str, ProviderKey]]]


class ProviderKeys:
    """The keys of one provider by id; requests that come at the same time share one question to the provider."""

    def __init__(self, name: str, fetch: Fetch, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the issuer's name for the log, what asks it, and a clock in seconds."""
        self._name = name
        self._fetch = fetch
        self._clock = clock
        self._keys: Mapping[str, ProviderKey] = {}
        self._confirmed_at: float | None = None
        self._asked_at: float | None = None
        self._asking: asyncio.Task[None] | None = None

    def holds(self, key: ProviderKey) -> bool:
        """Tell whether a key was confirmed in the last five minutes; asks anew in the background when that is due."""
        if self._age() >= KEPT_SECONDS:
            return False
        self._ask_ahead()
        return self._keys.get(key.kid) == key

    async def key(self, kid: str) -> ProviderKey | None:
        """Give the key of that id, or None; Unavailable when the provider cannot say which keys it has."""
        if self._age() >= KEPT_SECONDS:
            await self._ask(at_most_every=RETRY_SECONDS)
            if self._age() >= KEPT_SECONDS:
                raise Unavailable(
                    "the identity provider is out of reach; nothing was changed", retry_after=RETRY_SECONDS
                )
        elif kid not in self._keys:
            await self._ask(at_most_every=UNKNOWN_SECONDS)
        else:
            self._ask_ahead()
        return self._keys.get(kid)

    async def close(self) -> None:
        """Give up a question that is under way."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    def _age(self) -> float:
        return float("inf") if self._confirmed_at is None else self._clock() - self._confirmed_at

    def _may_ask(self, at_most_every: float) -> bool:
        return self._asking is None and (self._asked_at is None or self._clock() - self._asked_at >= at_most_every)

    def _ask_ahead(self) -> None:
        if self._age() >= AHEAD_SECONDS and self._may_ask(UNKNOWN_SECONDS):
            self._begin()

    async def _ask(self, *, at_most_every: float) -> None:
        if self._may_ask(at_most_every):
            self._begin()
        if self._asking is not None:
            # whoever goes away does not take the answer from those who wait
            await asyncio.shield(self._asking)

    def _begin(self) -> None:
        self._asked_at = self._clock()
        self._asking = asyncio.create_task(self._asked())

    async def _asked(self) -> None:
        began = self._clock()
        try:
            self._keys = await self._fetch()
            self._confirmed_at = began
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, RecursionError) as error:
            log.warning("the keys of %s could not be read: %s", self._name, type(error).__name__)
        finally:
            self._asking = None
