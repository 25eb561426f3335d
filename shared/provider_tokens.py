"""Tokens of OpenID providers: their keys read from a JWKS, and a token judged by what one issuer's entry asks for.

Beside `identity` the only module that imports `jose`. Knows no issuer by name, fetches nothing, maps nothing; what the
issuer calls its subject, roles and organisation is the gateway's business.
"""

import base64
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jose import jwt
from jose.backends.base import Key
from jose.backends.cryptography_backend import CryptographyECKey, CryptographyRSAKey
from jose.constants import ALGORITHMS

from shared.identity import LEEWAY_SECONDS, opened, strict_json

#: NIST SP 800-131A: shorter keys are not taken; longer ones would cost more to verify than they are worth.
SHORTEST_RSA, LONGEST_RSA = 2048, 8192
LONGEST_NAME = 255
"""OpenID Connect Core §2: a subject is at most 255 ASCII characters; we hold key ids to the same."""
MOST_KEYS = 100

#: What a header may say. Anything else (`crit`, `jku`, `x5u`, `jwk`, `x5c` above all) refuses the token.
_REQUIRED_HEADER = frozenset({"alg", "typ", "kid"})
_IGNORED_HEADER = frozenset({"x5t", "x5t#S256"})
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,2048}")


@dataclass(frozen=True)
class ProviderKey:
    """A public key of a provider, good for one algorithm alone; equal to the same key read again."""

    kid: str
    algorithm: str
    material: bytes
    """The key in its DER form."""
    verifier: Key = field(compare=False, repr=False)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> "ProviderKey":
        """Read a P-256 or RSA key for signatures from a JWK that names its id; ValueError for anything else."""
        kid = jwk.get("kid")
        if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_NAME:
            raise ValueError("a key without an id")
        if jwk.get("use", "sig") != "sig" or "verify" not in jwk.get("key_ops", ["verify"]):
            raise ValueError("a key for something else")
        algorithm, public = _public(jwk)
        if jwk.get("alg", algorithm) != algorithm:
            raise ValueError("a key for another algorithm")
        der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        made = CryptographyECKey if algorithm == ALGORITHMS.ES256 else CryptographyRSAKey
        return cls(kid, algorithm, der, made(public, algorithm))


def _public(jwk: Mapping[str, Any]) -> tuple[str, ec.EllipticCurvePublicKey | rsa.RSAPublicKey]:
    if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
        x, y = (_number(jwk, name) for name in ("x", "y"))
        return ALGORITHMS.ES256, ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    if jwk.get("kty") == "RSA":
        modulus, exponent = _number(jwk, "n"), _number(jwk, "e")
        if not SHORTEST_RSA <= modulus.bit_length() <= LONGEST_RSA:
            raise ValueError("an RSA key of this length is not taken")
        return ALGORITHMS.RS256, rsa.RSAPublicNumbers(exponent, modulus).public_key()
    raise ValueError("a key of another kind")


def _number(jwk: Mapping[str, Any], name: str) -> int:
    text = jwk.get(name)
    if not isinstance(text, str) or not _BASE64URL.fullmatch(text):
        raise ValueError(f"no {name}")
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def keys_of(document: bytes, algorithms: Iterable[str]) -> dict[str, ProviderKey]:
    """Read a JWKS (RFC 7517 §5): the keys by id that are good for these algorithms; ValueError for no JWKS.

    Keys of another kind are ignored. An id that two of the remaining keys carry names neither: one key per id.
    """
    read = strict_json(document)
    listed = read.get("keys") if isinstance(read, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise ValueError("no list of keys")
    wanted, found, twice = frozenset(algorithms), dict[str, ProviderKey](), set[str]()
    for jwk in listed:
        try:
            key = ProviderKey.from_jwk(jwk)
        except (ValueError, TypeError, AttributeError):
            continue
        if key.algorithm not in wanted:
            continue
        if found.setdefault(key.kid, key) != key:
            twice.add(key.kid)
    return {kid: key for kid, key in found.items() if kid not in twice}


@dataclass(frozen=True)
class ProviderProfile:
    """What a token of one issuer must be: algorithm, type and audience exactly, and how long it may live."""

    issuer: str
    audience: str
    algorithms: frozenset[str]
    typ: str
    longest_seconds: int

    def named_key(self, token: str) -> tuple[str, str]:
        """Judge everything that needs no key, and give the id of the key and the algorithm; ValueError for any defect.

        Comes first, so that nobody makes us ask a provider for keys with a token that is worth nothing.
        """
        header, claims = opened(token)
        if not _REQUIRED_HEADER <= header.keys() <= _REQUIRED_HEADER | _IGNORED_HEADER:
            raise ValueError("header")
        kid, algorithm = header["kid"], header["alg"]
        if not isinstance(algorithm, str) or algorithm not in self.algorithms or header["typ"] != self.typ:
            raise ValueError("algorithm or type")
        if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_NAME:
            raise ValueError("key id")
        self._check(claims)
        return kid, algorithm

    def verified(self, token: str, key: ProviderKey) -> dict[str, Any]:
        """Verify the signature with a key of the issuer, and everything else; ValueError or JOSEError for any defect."""
        _kid, algorithm = self.named_key(token)
        if algorithm != key.algorithm:
            raise ValueError("a key of another algorithm")
        options = {"leeway": LEEWAY_SECONDS, **{f"require_{name}": True for name in ("aud", "iat", "exp", "iss")}}
        verified: dict[str, Any] = jwt.decode(
            token,
            key.verifier,
            algorithms=[algorithm],
            audience=self.audience,
            issuer=self.issuer,
            options=options,
        )
        self._check(verified)
        return verified

    def _check(self, claims: Mapping[str, Any]) -> None:
        """Check issuer, audience and times (seconds since the epoch, on the host's clock)."""
        now = time.time()
        issued, ends = claims["iat"], claims["exp"]
        if any(type(claims[name]) is not int for name in ("iat", "exp", "nbf") if name in claims):
            raise ValueError("times are integers")
        if not 0 < ends - issued <= self.longest_seconds or issued > now + LEEWAY_SECONDS or ends <= now:
            raise ValueError("life")
        if claims.get("nbf", issued) > now + LEEWAY_SECONDS:
            raise ValueError("not yet")
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if self.audience not in audiences or not all(isinstance(each, str) for each in audiences):
            raise ValueError("audience")
        if claims["iss"] != self.issuer:
            raise ValueError("issuer")
