"""Bad tokens: each takes a good one and spoils one thing. Every profile has all of these; some have more of their own."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.gateway.signing import Ground, elliptic, encoded, public_jwk, public_pem, rivest, signature

Spoil = Callable[[Ground], str]


def header(**changes: Any) -> Spoil:
    """Sign rightly under another header; None takes a member away."""
    return lambda ground: ground.token(header=_changed(ground.header, changes))


def claims(**changes: Any) -> Spoil:
    """Change claims and sign rightly; None takes a claim away."""
    return lambda ground: ground.token(claims=_changed(ground.claims, changes))


def times(**seconds: int) -> Spoil:
    """Set times of the token so many seconds after it was issued, and sign rightly."""
    return lambda ground: claims(**{name: ground.claims["iat"] + after for name, after in seconds.items()})(ground)


def raw(name: str, text: str) -> Spoil:
    """Write a claim as JSON that no library would write, and sign rightly."""

    def spoil(ground: Ground) -> str:
        rest = {key: value for key, value in ground.claims.items() if key != name}
        return ground.written(json.dumps(ground.header), f'{json.dumps(rest)[:-1]}, "{name}": {text}}}')

    return spoil


def twice(name: str, value: str, *, in_header: bool = False) -> Spoil:
    """Write a member twice and sign rightly."""

    def spoil(ground: Ground) -> str:
        texts = [json.dumps(ground.header), json.dumps(ground.claims)]
        place = 0 if in_header else 1
        texts[place] = f'{texts[place][:-1]}, "{name}": {json.dumps(value)}}}'
        return ground.written(*texts)

    return spoil


def _changed(members: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**members, **changes}.items() if value is not None}


def confused(secret: Callable[[Ground], bytes]) -> Spoil:
    """Confuse the algorithms: HMAC with something public as the secret."""

    def spoil(ground: Ground) -> str:
        signed = f"{encoded(json.dumps({**ground.header, 'alg': 'HS256'}).encode())}.{encoded(json.dumps(ground.claims).encode())}"
        return f"{signed}.{encoded(hmac.new(secret(ground), signed.encode(), hashlib.sha256).digest())}"

    return spoil


def signed_with(made: Callable[[Ground, str], bytes]) -> Spoil:
    """Put another signature under a good token."""

    def spoil(ground: Ground) -> str:
        signed = ground.token().rpartition(".")[0]
        return f"{signed}.{encoded(made(ground, signed))}"

    return spoil


def altered(ground: Ground) -> str:
    """Change a claim after signing."""
    head, _middle, tail = ground.token().split(".")
    return f"{head}.{encoded(json.dumps({**ground.claims, 'roles': ['head']}).encode())}.{tail}"


def by_stranger(ground: Ground) -> str:
    """Sign with a key nobody knows, under a known id."""
    return Ground(ground.header, ground.claims, _other(ground)).token()


def with_own_key(ground: Ground) -> str:
    """Bring the key along in the header, and sign with it."""
    stranger = _other(ground)
    told = {**ground.header, "jwk": public_jwk(stranger, ground.header["kid"])}
    return Ground(told, ground.claims, stranger).token()


def other_algorithm(ground: Ground) -> str:
    """Sign rightly by a key of the other kind, and say so."""
    if ground.header["alg"] == "ES256":
        return Ground({**ground.header, "alg": "RS256"}, ground.claims, rivest()).token()
    return Ground({**ground.header, "alg": "ES256"}, ground.claims, elliptic()).token()


def _other(ground: Ground) -> Any:
    return elliptic() if isinstance(ground.private, ec.EllipticCurvePrivateKey) else rivest()


def _as_der(ground: Ground, signed: str) -> bytes:
    if isinstance(ground.private, ec.EllipticCurvePrivateKey):
        return ground.private.sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
    return b"0" + signature(ground.private, signed)


def _pieces(number: int) -> Spoil:
    return lambda ground: ".".join([*ground.token().split("."), "x", "x"][:number])


SHAPES: dict[str, Spoil] = {
    "a letter": lambda _ground: "x",
    "dots alone": lambda _ground: "..",
    "one segment": _pieces(1),
    "two segments": _pieces(2),
    "four segments": _pieces(4),
    "five segments": _pieces(5),
    "not base64": lambda _ground: "!.!.!",
    "a blank before it": lambda ground: f" {ground.token()}",
    "padding behind it": lambda ground: f"{ground.token()}=",
    "letters that are none": lambda ground: f"{ground.token()}!!",
    "too long": claims(pad="x" * 9000),
    "deep": lambda ground: ground.written(json.dumps(ground.header), b"[" * 5000),
    "header no JSON": lambda ground: ground.written("{", json.dumps(ground.claims)),
    "header a list": lambda ground: ground.written(json.dumps([ground.header]), json.dumps(ground.claims)),
    "claims a list": lambda ground: ground.written(json.dumps(ground.header), json.dumps([ground.claims])),
    "claims a number": lambda ground: ground.written(json.dumps(ground.header), "1"),
    "claims no UTF-8": lambda ground: ground.written(json.dumps(ground.header), b'{"iss": "\xff"}'),
    "claims nothing": lambda ground: ground.written(json.dumps(ground.header), ""),
}
HEADERS: dict[str, Spoil] = {
    "alg none": header(alg="none"),
    "alg none without signature": lambda g: header(alg="none")(g).rpartition(".")[0] + ".",
    "alg None": header(alg="None"),
    "alg HS256": header(alg="HS256"),
    "alg ES384": header(alg="ES384"),
    "alg PS256": header(alg="PS256"),
    "alg RS512": header(alg="RS512"),
    "alg of the other kind": other_algorithm,
    "alg missing": header(alg=None),
    "alg empty": header(alg=""),
    "alg a list": lambda g: header(alg=[g.header["alg"]])(g),
    "HMAC with the public JWK": confused(lambda g: json.dumps(public_jwk(g.private, g.header["kid"])).encode()),
    "HMAC with the public PEM": confused(lambda g: public_pem(g.private)),
    "HMAC with nothing": confused(lambda _g: b""),
    "typ missing": header(typ=None),
    "typ of an ID token": header(typ="id+jwt"),
    "typ in capitals": lambda g: header(typ=g.header["typ"].swapcase())(g),
    "typ of a logout token": header(typ="logout+jwt"),
    "typ a list": lambda g: header(typ=[g.header["typ"]])(g),
    "kid unknown": header(kid="other"),
    "kid missing": header(kid=None),
    "kid empty": header(kid=""),
    "kid a path": header(kid="../../../../dev/null"),
    "kid a statement": header(kid="x' UNION SELECT 'k"),
    "kid a number": header(kid=1),
    "kid a list": lambda g: header(kid=[g.header["kid"]])(g),
    "kid very long": header(kid="k" * 300),
    "jku": header(jku="https://keys.example.org"),
    "x5u": header(x5u="https://keys.example.org"),
    "x5c": header(x5c=["MIIB"]),
    "jwk": lambda g: header(jwk=public_jwk(g.private, g.header["kid"]))(g),
    "jwk that signed it": with_own_key,
    "crit": header(crit=["exp"]),
    "crit of nothing": header(crit=[]),
    "crit b64": header(crit=["b64"], b64=False),
    "zip": header(zip="DEF"),
    "cty": header(cty="JWT"),
    "a header member twice": twice("alg", "none", in_header=True),
}
SIGNATURES: dict[str, Spoil] = {
    "no signature": lambda g: g.token().rpartition(".")[0] + ".",
    "zeros": signed_with(lambda _g, _text: bytes(64)),
    "cut short": signed_with(lambda g, text: signature(g.private, text)[:-1]),
    "one byte more": signed_with(lambda g, text: signature(g.private, text) + b"0"),
    "in another form": signed_with(_as_der),
    "of another text": signed_with(lambda g, text: signature(g.private, text + "x")),
    "altered": altered,
    "another's key": by_stranger,
}
CLAIMS: dict[str, Spoil] = {
    "sub twice": twice("sub", "somebody"),
    "aud twice": twice("aud", "other"),
    "expired": times(iat=-400, exp=-100),
    "expired a moment ago": times(iat=-30, exp=-1),
    "lives too long": times(exp=4000),
    "ends as it begins": times(exp=0),
    "ends before it begins": times(exp=-10),
    "issued in the future": times(iat=100, exp=130),
    "not yet": times(nbf=100),
    **{f"{name} missing": claims(**{name: None}) for name in ("exp", "iat", "iss", "aud", "sub")},
    **{f"{name} null": raw(name, "null") for name in ("exp", "iat", "nbf", "iss", "aud", "sub")},
    **{f"{name} true": raw(name, "true") for name in ("exp", "iat", "nbf")},
    **{f"{name} NaN": raw(name, "NaN") for name in ("exp", "iat", "nbf")},
    "exp Infinity": raw("exp", "Infinity"),
    "exp beyond every float": raw("exp", "1e400"),
    "exp a huge integer": raw("exp", "9" * 400),
    "iat a huge integer below zero": raw("iat", "-" + "9" * 400),
    "exp with more digits than Python reads": raw("exp", "9" * 5000),
    "exp negative": claims(exp=-1),
    "exp zero": claims(exp=0),
    "iat zero": claims(iat=0),
    "exp a text": lambda g: claims(exp=str(g.claims["exp"]))(g),
    "iat a text": lambda g: claims(iat=str(g.claims["iat"]))(g),
    "nbf a text": lambda g: claims(nbf=str(g.claims["iat"]))(g),
    "exp a fraction": lambda g: claims(exp=g.claims["exp"] - 0.5)(g),
    "iat a fraction": lambda g: claims(iat=g.claims["iat"] - 0.5)(g),
    "nbf a fraction": lambda g: claims(nbf=g.claims["iat"] - 0.5)(g),
    "exp a list": lambda g: claims(exp=[g.claims["exp"]])(g),
    "exp an object": claims(exp={}),
    "aud other": claims(aud="other"),
    "aud empty": claims(aud=""),
    "aud in capitals": lambda g: claims(aud=g.claims["aud"].upper())(g),
    "aud with a blank": lambda g: claims(aud=g.claims["aud"] + " ")(g),
    "aud a number": claims(aud=1),
    "aud a list of others": claims(aud=["other", "another"]),
    "aud a list with a number": lambda g: claims(aud=[g.claims["aud"], 1])(g),
    "aud an object": lambda g: claims(aud={g.claims["aud"]: True})(g),
    "aud an empty list": claims(aud=[]),
    "iss other": claims(iss="https://id.example.org/nobody"),
    "iss longer": lambda g: claims(iss=g.claims["iss"] + "/")(g),
    "iss shorter": lambda g: claims(iss=g.claims["iss"][:-1])(g),
    "iss in capitals": lambda g: claims(iss=g.claims["iss"].upper())(g),
    "iss a list": lambda g: claims(iss=[g.claims["iss"]])(g),
    "sub empty": claims(sub=""),
    "sub a number": claims(sub=7),
    "at_hash of an ID token": claims(at_hash="LDktKdoQak3Pk0cnXxCltA"),
}

#: What every profile refuses.
EVERY = {**SHAPES, **HEADERS, **SIGNATURES, **CLAIMS}

#: What our own profile refuses besides.
OURS: dict[str, Spoil] = {
    "typ JWT": header(typ="JWT"),
    "x5t": header(x5t="abc"),
    "jti missing": claims(jti=None),
    "jti empty": claims(jti=""),
    "jti a number": claims(jti=7),
    "aud a list with ours": lambda g: claims(aud=[g.claims["aud"], "other"])(g),
    "aud a list of ours alone": lambda g: claims(aud=[g.claims["aud"]])(g),
    "lives a second too long": times(exp=301),
    **{
        f"{name} missing": claims(**{name: None})
        for name in ("scope", "roles", "audience_class", "client_id", "institution_id")
    },
    "scope a list": claims(scope=["visits:places.read"]),
    "scope null": raw("scope", "null"),
    "roles a text": claims(roles="staff"),
    "roles a list with a number": claims(roles=[1]),
    "roles an object": claims(roles={"head": True}),
    "class unknown": claims(audience_class="root"),
    "class a list": claims(audience_class=["npm"]),
    "institution no uuid": claims(institution_id="1"),
    "institution a list": claims(institution_id=["0a8d0d5d-23b8-42ec-af59-2333f37157fd"]),
    "an authority without its id": claims(audience_class="authority", roles=["authority_official"]),
    "an expert without its id": claims(audience_class="expert", roles=["expert"]),
    "a partner without its id": claims(audience_class="partner", roles=["partner_system"], partner_id=None),
    "auth_time a text": claims(auth_time="now"),
    "client a number": claims(client_id=7),
}
