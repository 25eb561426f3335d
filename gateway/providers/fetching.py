"""Asks a provider for its keys: from an address in the settings or in its discovery document, never from a token."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from gateway.providers.configuration import Issuer, checked_address
from shared.identity import strict_json
from shared.provider_tokens import ProviderKey, keys_of

TIMEOUT_SECONDS = 2
LARGEST_ANSWER = 256_000
#: Nothing compressed: a small answer must not become a large one here.
_ASKED = {"Accept": "application/json", "Accept-Encoding": "identity"}


class KeySource:
    """Where the keys of one issuer come from."""

    def __init__(self, issuer: Issuer, client: httpx.AsyncClient, *, is_production: bool) -> None:
        """Ask through `client`, which follows no redirects."""
        self._issuer = issuer
        self._client = client
        self._is_production = is_production
        self._address = issuer.jwks_uri

    async def keys(self) -> Mapping[str, ProviderKey]:
        """Ask for the keys; raises ValueError, OSError (TimeoutError too) or an error of httpx."""
        if self._address is None:
            self._address = await self._discovered()
        return keys_of(await self._read(self._address), self._issuer.algorithms)

    async def _discovered(self) -> str:
        """Read the address of the keys where OpenID Connect Discovery §4 says; the document must name this very issuer."""
        document = await self._read(f"{self._issuer.issuer.removesuffix('/')}/.well-known/openid-configuration")
        read: Any = strict_json(document)
        if not isinstance(read, dict) or read.get("issuer") != self._issuer.issuer:
            raise ValueError("the discovery document is another issuer's")
        return checked_address(str(read.get("jwks_uri", "")), is_production=self._is_production)

    async def _read(self, address: str) -> bytes:
        taken = bytearray()
        async with (
            asyncio.timeout(TIMEOUT_SECONDS),
            self._client.stream("GET", address, headers=_ASKED) as answer,
        ):
            if answer.status_code != 200:
                raise ValueError(f"{urlsplit(address).hostname} answered {answer.status_code}")
            async for part in answer.aiter_raw():
                taken += part
                if len(taken) > LARGEST_ANSWER:
                    raise ValueError("the answer is too large")
        return bytes(taken)
