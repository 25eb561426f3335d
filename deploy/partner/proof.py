"""The partner's side of a login: proves who the machine is with its own key, and gets a token (RFC 7523).

What any OAuth library does that knows private_key_jwt with ES256; nothing of the system's side is needed for it.
"""

from pathlib import Path

import httpx

from shared.identity import SigningKey, stamped

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SERVER = "/.well-known/oauth-authorization-server"
SECONDS = 60


class NotGiven(Exception):
    """No token was given; the message says why."""


def new_key(path: Path) -> SigningKey:
    """Make a private key in a file (mode 0600) that is not there yet; FileExistsError when it is."""
    if path.exists():
        raise FileExistsError(path)
    return SigningKey.kept_in(path.parent, path.stem)


def proof(key: SigningKey, client_id: str, issuer: str) -> str:
    """Sign a proof for one request: for this issuer alone, 60 seconds long, with an id of its own."""
    claims = {"iss": client_id, "sub": client_id}
    return key.sign({**stamped({}, issuer=client_id, audience=issuer, seconds=SECONDS), **claims}, typ="JWT")


def token(client: httpx.Client, key: SigningKey, client_id: str, *, scope: str | None = None) -> str:
    """Find out who the issuer is and get a token from it; NotGiven when there is none."""
    described = client.get(SERVER)
    if described.status_code != 200:
        raise NotGiven(f"{client.base_url} does not say who gives tokens ({described.status_code})")
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": proof(key, client_id, described.json()["issuer"]),
        **({"scope": scope} if scope else {}),
    }
    answer = client.post("/oauth/token", data=form)
    told = answer.json()
    if answer.status_code != 200:
        raise NotGiven(f"{told.get('error')}: {told.get('error_description')}")
    given: str = told["access_token"]
    return given
