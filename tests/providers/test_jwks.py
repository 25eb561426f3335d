"""Which keys of a JWKS count: of the right kind, long enough, for signatures, one for each id."""

import json
from typing import Any

import pytest

from shared.provider_tokens import ProviderKey, keys_of
from tests.gateway.signing import elliptic, public_jwk, rivest

OLD, NEW = elliptic(), elliptic()


def document(*keys: Any) -> bytes:
    """Write a JWKS."""
    return json.dumps({"keys": keys}).encode()


IGNORED: dict[str, Any] = {
    "no object": "key",
    "nothing": {},
    "without an id": {name: value for name, value in public_jwk(OLD, "k").items() if name != "kid"},
    "an id that is a number": {**public_jwk(OLD, "k"), "kid": 1},
    "an empty id": public_jwk(OLD, ""),
    "to encrypt": public_jwk(OLD, "k", use="enc"),
    "to sign alone": public_jwk(OLD, "k", key_ops=["sign"]),
    "symmetric": {"kty": "oct", "k": "AAAA", "kid": "k", "alg": "HS256", "use": "sig"},
    "of another curve": public_jwk(OLD, "k", crv="P-384"),
    "beside the curve": public_jwk(OLD, "k", x="AAAA"),
    "of another algorithm": public_jwk(OLD, "k", alg="ES384"),
    "RSA called ES256": public_jwk(rivest(), "k", alg="ES256"),
    "EC called RS256": public_jwk(OLD, "k", alg="RS256"),
    "a short RSA key": public_jwk(rivest(1024), "k"),
    "an RSA key with an even exponent": public_jwk(rivest(), "k", e="Ag"),
    "an RSA key without a modulus": public_jwk(rivest(), "k", n=None),
    "a number with other letters": public_jwk(OLD, "k", x="!!!!"),
    "an endless number": public_jwk(rivest(), "k", n="A" * 5000),
}


@pytest.mark.parametrize("kind", IGNORED)
def test_keys_of_another_kind_are_ignored(kind: str) -> None:
    found = keys_of(document(IGNORED[kind], public_jwk(OLD, "good")), ["ES256", "RS256"])

    assert set(found) == {"good"}


def test_a_key_counts_for_an_algorithm_of_the_entry_alone() -> None:
    both = document(public_jwk(OLD, "elliptic"), public_jwk(rivest(), "rivest"))

    assert set(keys_of(both, ["ES256"])) == {"elliptic"}
    assert set(keys_of(both, ["RS256"])) == {"rivest"}


def test_an_id_that_two_keys_carry_names_neither() -> None:
    two = document(public_jwk(OLD, "k"), public_jwk(NEW, "k"), public_jwk(NEW, "good"), public_jwk(NEW, "good"))

    assert set(keys_of(two, ["ES256"])) == {"good"}


def test_a_key_is_equal_to_itself_read_again() -> None:
    first, again = (ProviderKey.from_jwk(public_jwk(OLD, "k")) for _ in range(2))

    assert first == again
    assert first != ProviderKey.from_jwk(public_jwk(NEW, "k"))
