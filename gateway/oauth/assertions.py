"""A client's proof of who it is: private_key_jwt (RFC 7521, RFC 7523), read strictly and verified with a registered key.

Stricter than the RFCs where they leave room: ES256 alone, the issuer alone as audience, 60 seconds, `jti` always.
Times are seconds since the epoch on the host's clock. No database, no HTTP.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.access import UUID_PATTERN
from shared.identity import LEEWAY_SECONDS, LONGEST_TOKEN, PublicKey, strict_json

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_SECONDS = 60
LONGEST_JTI = 255
#: RFC 7523 leaves the type open, RFC 7523bis names its own; nothing else may stand in the header.
TYPES: frozenset[str | None] = frozenset({None, "JWT", "client-authentication+jwt"})
_HEADER = frozenset({"alg", "kid", "typ"})
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
_SIGNATURE_BYTES = 64


class NoProof(ValueError):
    """What was sent is no acceptable assertion; the message is for our tests alone and never leaves."""


@dataclass(frozen=True)
class Assertion:
    """A well-formed assertion whose signature nobody has looked at yet."""

    client_id: UUID
    kid: str
    jti: str
    expires_at: int
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes

    def verify(self, key: PublicKey) -> None:
        """Raise NoProof unless this key made the signature."""
        if not key.verifier.verify(self.signed, self.signature):  # type: ignore[no-untyped-call]
            raise NoProof("signature")


def read(text: str, *, issuer: str, now: float, types: frozenset[str | None] = TYPES) -> Assertion:
    """Read an assertion of one of these types and judge all that needs no key; raises NoProof for every defect."""
    segments = text.split(".")
    if len(text) > LONGEST_TOKEN or len(segments) != 3:
        raise NoProof("shape")
    kid = _kid(_json(segments[0]), types)
    claims = _json(segments[1])
    signature = _decoded(segments[2])
    if len(signature) != _SIGNATURE_BYTES:
        raise NoProof("signature")
    return Assertion(
        client_id=_client(claims, issuer=issuer),
        kid=kid,
        jti=_jti(claims),
        expires_at=_expiry(claims, now),
        claims=claims,
        signed=f"{segments[0]}.{segments[1]}".encode(),
        signature=signature,
    )


def _kid(header: dict[str, Any], types: frozenset[str | None]) -> str:
    kid = header.get("kid")
    if header.keys() - _HEADER or header.get("alg") != "ES256" or not isinstance(kid, str) or not 0 < len(kid) <= 100:
        raise NoProof("header")
    typ = header.get("typ")
    if not (typ is None or isinstance(typ, str)) or typ not in types:
        raise NoProof("typ")
    return kid


def _client(claims: dict[str, Any], *, issuer: str) -> UUID:
    subject = claims.get("sub")
    if not isinstance(subject, str) or claims.get("iss") != subject or not UUID_PATTERN.fullmatch(subject):
        raise NoProof("client")
    # a text, byte by byte: an array, or the address of the token endpoint, could be meant for somebody else
    if not isinstance(claims.get("aud"), str) or claims["aud"] != issuer:
        raise NoProof("audience")
    return UUID(subject)


def _jti(claims: dict[str, Any]) -> str:
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
        raise NoProof("jti")
    return jti


def _expiry(claims: dict[str, Any], now: float) -> int:
    times = {name: claims[name] for name in ("exp", "iat", "nbf") if name in claims}
    if any(type(value) is not int for value in times.values()) or not {"exp", "iat"} <= times.keys():
        raise NoProof("times")
    issued, ends = times["iat"], times["exp"]
    latest = now + LEEWAY_SECONDS
    if not 0 < ends - issued <= LONGEST_SECONDS or ends <= now or issued > latest or times.get("nbf", issued) > latest:
        raise NoProof("life")
    return int(ends)


def _json(segment: str) -> dict[str, Any]:
    try:
        read = strict_json(_decoded(segment))
    except (ValueError, RecursionError):
        raise NoProof("json") from None
    if not isinstance(read, dict):
        raise NoProof("json")
    return read


def _decoded(segment: str) -> bytes:
    if not _BASE64URL.fullmatch(segment):
        raise NoProof("base64url")
    try:
        decoded = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except (binascii.Error, ValueError):
        raise NoProof("base64url") from None
    if base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() != segment:
        # one text, one proof: two spellings of the same bytes are not both taken
        raise NoProof("base64url")
    return decoded
