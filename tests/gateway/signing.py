"""Signs tokens as no library of ours would: any header, any text, with a key of either kind."""

import base64
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def encoded(raw: bytes) -> str:
    """Encode one segment."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signature(private: Private, text: str) -> bytes:
    """Sign text as ES256 or RS256."""
    if isinstance(private, rsa.RSAPrivateKey):
        return private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    r, s = decode_dss_signature(private.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def private_key(path: Path) -> Private:
    """Load a key that a system under test has made."""
    loaded = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(loaded, ec.EllipticCurvePrivateKey)
    return loaded


def elliptic() -> ec.EllipticCurvePrivateKey:
    """Make a P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def rivest(bits: int = 2048) -> rsa.RSAPrivateKey:
    """Make an RSA key."""
    return rsa.generate_private_key(65537, bits)


def _number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8))


def public_jwk(private: Private, kid: str, **more: Any) -> dict[str, Any]:
    """Give the public half as a JWK."""
    if isinstance(private, rsa.RSAPrivateKey):
        numbers = private.public_key().public_numbers()
        shown = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e), "alg": "RS256"}
    else:
        point = private.public_key().public_numbers()
        shown = {"kty": "EC", "crv": "P-256", "x": encoded(point.x.to_bytes(32)), "y": encoded(point.y.to_bytes(32))}
        shown["alg"] = "ES256"
    return {**shown, "use": "sig", "kid": kid, **more}


def public_pem(private: Private) -> bytes:
    """Give the public half as PEM."""
    return private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@dataclass(frozen=True)
class Ground:
    """A good token before it is written: header, claims, and the key that may sign it."""

    header: dict[str, Any]
    claims: dict[str, Any]
    private: Private

    def token(self, *, header: dict[str, Any] | None = None, claims: dict[str, Any] | None = None) -> str:
        """Write it and sign it rightly, with another header or other claims where given."""
        return self.written(json.dumps(header or self.header), json.dumps(claims or self.claims))

    def written(self, header: str | bytes, claims: str | bytes) -> str:
        """Sign a text rightly, whatever it says."""
        parts = (part.encode() if isinstance(part, str) else part for part in (header, claims))
        signed = ".".join(encoded(part) for part in parts)
        return f"{signed}.{encoded(signature(self.private, signed))}"


def stamps(seconds: int) -> dict[str, int]:
    """Give the times of a token that is made now."""
    now = int(time.time())
    return {"iat": now, "exp": now + seconds}
