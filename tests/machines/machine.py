"""A machine of somebody else: its own key, proofs signed without any code of ours, and its way into the registry."""

import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.people import Actor, People

INSTITUTION = "0a8d0d5d-23b8-42ec-af59-2333f37157fd"
ISSUER = "http://127.0.0.1:8000"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
REFERRALS, OPERATIONS = "complaints:complaint-referrals.submit", "gateway:operations.read"


def encoded(part: Any) -> str:
    """Encode one segment of a token."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def jwk_of(private: ec.EllipticCurvePrivateKey, kid: str) -> dict[str, str]:
    """Give the public half as a JWK."""
    numbers = private.public_key().public_numbers()
    x, y = (encoded(number.to_bytes(32)) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid, "x": x, "y": y}


def new_key() -> ec.EllipticCurvePrivateKey:
    """Make a key."""
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Machine:
    """A system with a key."""

    client_id: str = field(default_factory=lambda: str(uuid4()))
    kid: str = "key-1"
    private: ec.EllipticCurvePrivateKey = field(default_factory=new_key)

    def registration(self, **changes: Any) -> dict[str, Any]:
        """Give what would be registered of it; None takes a member away."""
        whole = {
            "client_id": self.client_id, "name": "Case system", "audience_class": "partner", "roles": ["cso_partner"],
            "institution_id": INSTITUTION, "partner_id": "ec0eb035-5ee6-49c5-bbf5-c7819187c81f",
            "scopes": ["visits:information.submit", OPERATIONS, "stakeholders:own-entry.read"],
            "keys": [jwk_of(self.private, self.kid)], "valid_until": "2099-12-31", **changes,
        }  # fmt: skip
        return {name: value for name, value in whole.items() if value is not None}

    def signed(self, text: str) -> str:
        """Sign two segments; gives three."""
        r, s = decode_dss_signature(self.private.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{text}.{encoded(r.to_bytes(32) + s.to_bytes(32))}"

    def header(self, **changes: Any) -> dict[str, Any]:
        """Give the header of a proof; None takes a member away."""
        return _kept({"alg": "ES256", "kid": self.kid, "typ": "JWT", **changes})

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Give the claims of a proof; None takes one away."""
        now = int(time.time())
        return _kept(
            {
                "iss": self.client_id,
                "sub": self.client_id,
                "aud": ISSUER,
                "iat": now,
                "exp": now + 60,
                "jti": uuid4().hex,
            }
            | changes
        )

    def proof(self, **claims: Any) -> str:
        """Sign a proof."""
        return self.signed(f"{encoded(self.header())}.{encoded(self.claims(**claims))}")

    def form(self, proof: str | None = None, **changes: Any) -> dict[str, str]:
        """Give the form of a request for a token; None takes a parameter away."""
        return _kept(
            {
                "grant_type": "client_credentials",
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": proof or self.proof(),
            }
            | changes
        )

    async def asks(self, client: httpx.AsyncClient, proof: str | None = None, **changes: Any) -> httpx.Response:
        """Ask for a token."""
        return await client.post("/oauth/token", data=self.form(proof, **changes))

    async def ends(self, client: httpx.AsyncClient, token: str | None, **changes: Any) -> httpx.Response:
        """End a token before its time."""
        form = {**self.form(grant_type=None), **_kept({"token": token, **changes})}
        return await client.post("/oauth/revoke", data=form)

    async def enters(self, client: httpx.AsyncClient, **changes: Any) -> Actor:
        """Ask for a token and insist on one; gives the machine at the API."""
        answer = await self.asks(client, **changes)
        assert answer.status_code == 200, answer.text
        return Actor(client, answer.json()["access_token"], is_machine=True)


def _kept(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


async def proposed(people: People, machine: Machine, **changes: Any) -> str:
    """Propose a machine as the one who runs the system; gives its path."""
    sysadmin = await people.as_("sysadmin", step_up=True)
    await sysadmin.made("/npm/clients", machine.registration(**changes))
    return f"/npm/clients/{machine.client_id}"


async def registered(people: People, machine: Machine | None = None, **changes: Any) -> Machine:
    """Propose a machine and let it in as the head."""
    machine = machine or Machine()
    path = await proposed(people, machine, **changes)
    await (await people.as_("head", step_up=True)).done(path, "approve")
    return machine


def error_of(answer: httpx.Response) -> tuple[int, str]:
    """Give status and code of a refusal, and insist on its form."""
    told = answer.json()
    assert set(told) == {"error", "error_description"}, told
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, told["error"]
