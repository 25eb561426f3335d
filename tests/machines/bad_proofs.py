"""Proofs of a machine client that are wrong in one way each: by name, what writes them."""

import json
import time
from collections.abc import Callable
from typing import Any

from tests.machines.machine import ISSUER, Machine, encoded, new_key

Proof = Callable[[Machine], str]


def with_header(**changes: Any) -> Proof:
    """Sign rightly under another header."""
    return lambda machine: machine.signed(f"{encoded(machine.header(**changes))}.{encoded(machine.claims())}")


def with_claims(**changes: Any) -> Proof:
    """Sign other claims rightly."""
    return lambda machine: machine.proof(**changes)


def with_times(iat: Any = 0, exp: Any = 60, **more: Any) -> Proof:
    """Sign times that lie so many seconds after now."""

    def proof(machine: Machine) -> str:
        now = int(time.time())
        later = {name: now + after for name, after in {"iat": iat, "exp": exp, **more}.items()}
        return machine.proof(**later)

    return proof


def twins(machine: Machine) -> str:
    """Write a claim twice."""
    body = json.dumps(machine.claims())[:-1] + f', "sub": "{machine.client_id}"}}'
    return machine.signed(f"{encoded(machine.header())}.{encoded(body.encode())}")


def twins_in_header(machine: Machine) -> str:
    """Name the key twice."""
    body = json.dumps(machine.header())[:-1] + f', "kid": "{machine.kid}"}}'
    return machine.signed(f"{encoded(body.encode())}.{encoded(machine.claims())}")


def altered(machine: Machine) -> str:
    """Change a claim after signing."""
    head, _middle, tail = machine.proof().split(".")
    return f"{head}.{encoded(machine.claims())}.{tail}"


def by_another_key(machine: Machine) -> str:
    """Sign with a key nobody registered, under the id of one that is."""
    return Machine(machine.client_id, machine.kid, new_key()).proof()


def spelled_otherwise(machine: Machine) -> str:
    """Spell the last byte of the signature in another way: other letters, the same bytes."""
    proof = machine.proof()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return proof[:-1] + alphabet[alphabet.index(proof[-1]) ^ 1]


BAD_PROOFS: dict[str, Proof] = {
    "empty but for a letter": lambda _machine: "x",
    "two segments": lambda machine: machine.proof().rsplit(".", 1)[0],
    "four segments": lambda machine: machine.proof() + ".x",
    "not base64url": lambda machine: machine.proof().replace(".", ".=", 1),
    "another spelling": spelled_otherwise,
    "beyond 8 kB": with_claims(pad="x" * 9_000),
    "deep": lambda machine: machine.signed(f"{encoded(machine.header())}.{encoded(b'[' * 3_000)}"),
    "claims a list": lambda machine: machine.signed(f"{encoded(machine.header())}.{encoded([1])}"),
    "no signature": lambda machine: machine.proof().rsplit(".", 1)[0] + ".",
    "altered": altered,
    "alg none": with_header(alg="none"),
    "alg HS256": with_header(alg="HS256"),
    "alg RS256": with_header(alg="RS256"),
    "alg a list": with_header(alg=["ES256"]),
    "alg missing": with_header(alg=None),
    "jwk in the header": lambda machine: with_header(jwk=machine.registration()["keys"][0])(machine),
    "jku in the header": with_header(jku="https://keys.example.org"),
    "x5c in the header": with_header(x5c=["MIIB"]),
    "crit": with_header(crit=["exp"]),
    "typ of an access token": with_header(typ="at+jwt"),
    "typ a list": with_header(typ=["JWT"]),
    "kid unknown": with_header(kid="another"),
    "kid missing": with_header(kid=None),
    "kid a number": with_header(kid=1),
    "a key of nobody": by_another_key,
    "aud an array": with_claims(aud=[ISSUER]),
    "two audiences": with_claims(aud=[ISSUER, "https://other.example.org"]),
    "aud the token endpoint": with_claims(aud=f"{ISSUER}/oauth/token"),
    "aud with a slash": with_claims(aud=f"{ISSUER}/"),
    "aud the API": with_claims(aud="article22"),
    "aud missing": with_claims(aud=None),
    "iss another": with_claims(iss="f0dece0d-4155-4788-b3d2-16ecddc75317"),
    "iss missing": with_claims(iss=None),
    "sub missing": with_claims(sub=None),
    "client unknown": with_claims(
        iss="f0dece0d-4155-4788-b3d2-16ecddc75317", sub="f0dece0d-4155-4788-b3d2-16ecddc75317"
    ),
    "client no uuid": with_claims(iss="partner", sub="partner"),
    "client in capitals": lambda machine: machine.proof(iss=machine.client_id.upper(), sub=machine.client_id.upper()),
    "jti missing": with_claims(jti=None),
    "jti empty": with_claims(jti=""),
    "jti a number": with_claims(jti=7),
    "jti too long": with_claims(jti="j" * 256),
    "exp missing": with_claims(exp=None),
    "iat missing": with_claims(iat=None),
    "expired": with_times(iat=-70, exp=-10),
    "lives 61 seconds": with_times(exp=61),
    "lives an hour": with_times(exp=3_600),
    "ends before it begins": with_times(iat=20, exp=10),
    "issued in the future": with_times(iat=120, exp=150),
    "not yet": with_times(nbf=120),
    "exp a text": lambda machine: machine.proof(exp=str(int(time.time()) + 30)),
    "exp a fraction": lambda machine: machine.proof(exp=time.time() + 30.5),
    "iat true": with_claims(iat=True),
    "a claim twice": twins,
    "kid twice": twins_in_header,
    "NaN": with_claims(pad=float("nan")),
}
