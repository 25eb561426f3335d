"""Our own tokens, signed and verified; `claims` makes the caller out of what they say.

Accepts ES256 and nothing else; never takes a key from a token. Besides `provider_tokens` the only module that imports `jose`.
"""

import base64
import hashlib
import json
import os
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwt
from jose.backends.cryptography_backend import CryptographyECKey
from jose.constants import ALGORITHMS

from shared.caller import AUDIENCE_CLASSES
from shared.errors import Unauthorized

TOKEN_TYPE = "at+jwt"  # noqa: S105 - the `typ` of RFC 9068, no secret
INTERNAL_TOKEN_TYPE = "npm-int+jwt"  # noqa: S105 - the `typ` of the gateway's own tokens
LONGEST_TOKEN = 8_192
LEEWAY_SECONDS = 30


class SigningKey:
    """A P-256 key with its id; signs tokens and gives its public half as a JWK."""

    def __init__(self, kid: str, private: ec.EllipticCurvePrivateKey) -> None:
        """Take a private key under the id `kid`."""
        self.kid = kid
        self._key = CryptographyECKey(private, ALGORITHMS.ES256)
        self.public = PublicKey(kid, private.public_key())

    @classmethod
    def kept_in(cls, folder: Path, name: str) -> "SigningKey":
        """Load the key `name` from a folder, or make it there (mode 0600)."""
        path = folder / f"{name}.pem"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            _write_once(path, pem)
        return cls.read_from(path)

    @classmethod
    def read_from(cls, path: Path) -> "SigningKey":
        """Load a key that is there; OSError when it is not, ValueError or TypeError when it is no key of ours."""
        loaded = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{path.name} holds no elliptic-curve key")
        return cls(_thumbprint(loaded.public_key()), loaded)

    def sign(self, claims: Mapping[str, Any], *, typ: str) -> str:
        """Sign claims as an ES256 token of the given type."""
        signed: str = jwt.encode(dict(claims), self._key, algorithm="ES256", headers={"kid": self.kid, "typ": typ})
        return signed


class PublicKey:
    """The public half of a signing key, constructed once."""

    def __init__(self, kid: str, public: ec.EllipticCurvePublicKey) -> None:
        """Take a public key under the id `kid`."""
        self.kid = kid
        self._numbers = public.public_numbers()
        self.verifier = CryptographyECKey(public, ALGORITHMS.ES256)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> "PublicKey":
        """Read a P-256 key from a JWK that names its id; ValueError for anything else."""
        if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256" or not isinstance(jwk.get("kid"), str):
            raise ValueError("not a P-256 key with an id")
        x, y = (int.from_bytes(_unpadded(str(jwk[name]))) for name in ("x", "y"))
        return cls(str(jwk["kid"]), ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key())

    @staticmethod
    def vouched(signed: str, *, typ: str, key: "Callable[[str], PublicKey | None]") -> dict[str, Any]:
        """Verify something of ours that is signed and no token (ES256, the exact type, a known key); raises ValueError."""
        try:
            header = json.loads(_unpadded(signed.split(".", maxsplit=1)[0]), object_pairs_hook=_no_twins)
            public = key(str(header["kid"])) if header["typ"] == typ else None
            if public is None:
                raise ValueError("no key of ours")
            read: dict[str, Any] = jwt.decode(signed, public.verifier, algorithms=["ES256"])
        except Exception as error:
            raise ValueError("not signed by us") from error
        return read

    def as_jwk(self) -> dict[str, str]:
        """Give the key as a JWK."""
        x, y = (
            base64.urlsafe_b64encode(n.to_bytes(32)).rstrip(b"=").decode() for n in (self._numbers.x, self._numbers.y)
        )
        return {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.kid, "x": x, "y": y}


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _thumbprint(public: ec.EllipticCurvePublicKey) -> str:
    point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    return hashlib.sha256(point).hexdigest()[:16]


def _write_once(path: Path, content: bytes) -> None:
    """Write a secret that two processes may both want to make: the first one wins."""
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def secret_kept_in(folder: Path, name: str, size: int) -> bytes:
    """Load `size` random bytes from a folder, or make them there (mode 0600)."""
    path = folder / f"{name}.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_once(path, os.urandom(size))
    return path.read_bytes()


@dataclass
class TokenProfile:
    """What a token must be to be taken: issuer, audience, type, longest life, keys by id."""

    issuer: str
    audience: str
    typ: str
    longest_seconds: int
    key: Callable[[str], PublicKey | None]
    required: tuple[str, ...] = ("sub", "jti", "client_id", "scope", "audience_class", "roles", "institution_id")
    _seen: "OrderedDict[bytes, tuple[int, dict[str, Any]]]" = field(default_factory=OrderedDict)

    def claims(self, token: str) -> dict[str, Any]:
        """Verify a token and give its claims; every defect raises the one Unauthorized."""
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        known = self._seen.get(digest)
        if known is not None:
            if known[0] <= time.time():
                del self._seen[digest]
                raise Unauthorized
            self._seen.move_to_end(digest)
            return known[1]
        try:
            verified = self._verified(token)
        except Exception:  # noqa: BLE001 - RecursionError and AttributeError escape from the library; all are one 401
            raise Unauthorized from None
        self._seen[digest] = (verified["exp"], verified)
        if len(self._seen) > 4_096:
            self._seen.popitem(last=False)
        return verified

    def forget(self) -> None:
        """Know no token any longer: a key may be gone."""
        self._seen.clear()

    def _verified(self, token: str) -> dict[str, Any]:
        header, _claims = opened(token)
        if set(header) != {"alg", "typ", "kid"} or header["alg"] != "ES256" or header["typ"] != self.typ:
            raise ValueError("header")
        public = self.key(header["kid"]) if isinstance(header["kid"], str) else None
        if public is None:
            raise ValueError("key")
        options = {
            "leeway": LEEWAY_SECONDS,
            **{f"require_{name}": True for name in ("aud", "iat", "exp", "iss", "sub", "jti")},
        }
        verified: dict[str, Any] = jwt.decode(
            token, public.verifier, algorithms=["ES256"], audience=self.audience, issuer=self.issuer, options=options
        )
        self._check(verified)
        return verified

    def _check(self, claims: Mapping[str, Any]) -> None:
        now = time.time()
        issued, ends = claims["iat"], claims["exp"]
        if any(type(claims[name]) is not int for name in ("iat", "exp", "nbf", "auth_time") if name in claims):
            raise ValueError("times are integers")
        if not 0 < ends - issued <= self.longest_seconds or issued > now + LEEWAY_SECONDS or ends <= now:
            raise ValueError("life")
        if claims["aud"] != self.audience or claims["iss"] != self.issuer:
            raise ValueError("audience")
        if any(not claims.get(name) and claims.get(name) != "" for name in self.required):
            raise ValueError("claims")
        if claims["audience_class"] not in AUDIENCE_CLASSES or not isinstance(claims["scope"], str):
            raise ValueError("class")
        if any(not isinstance(claims[name], str) or not claims[name] for name in ("sub", "jti", "client_id")):
            raise ValueError("names")
        if not isinstance(claims["roles"], list) or not all(isinstance(role, str) for role in claims["roles"]):
            raise ValueError("roles")


_THREE_SEGMENTS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def opened(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read header and claims of a token; nothing of them is believed yet.

    Raises ValueError for more than 8 kB, anything but three segments of base64url and two JSON objects, a member that
    stands twice (RFC 7515 §4, RFC 7519 §4), NaN and Infinity.
    """
    if len(token) > LONGEST_TOKEN or not _THREE_SEGMENTS.fullmatch(token):
        raise ValueError("shape")
    header, claims = (strict_json(_unpadded(segment)) for segment in token.split(".")[:2])
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise ValueError("no object")
    return header, claims


def strict_json(text: bytes) -> Any:
    """Read JSON in which no member stands twice and every number is one; ValueError for anything else."""
    return json.loads(text.decode("utf-8"), object_pairs_hook=_no_twins, parse_constant=_no_constant)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a member stands twice")
    return made


def stamped(claims: Mapping[str, Any], *, issuer: str, audience: str, seconds: int) -> dict[str, Any]:
    """Add issuer, audience, times (host clock, seconds) and a fresh token id."""
    now = int(time.time())
    return {"iss": issuer, "aud": audience, "iat": now, "exp": now + seconds, "jti": str(uuid4()), **claims}
