"""Made-up people and machines whose access the tests end: nobody else's tests know them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from gateway.development import PERSONAS, DevelopmentIssuer
from shared.identity import TOKEN_TYPE, SigningKey
from shared.settings import Settings
from tests.people import Actor, People

PATH = "/npm/access-revocations"


@dataclass
class Somebody:
    """One caller with the rights of a persona and an identity of its own."""

    people: People
    settings: Settings
    persona: str
    claims: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give it what it is known by."""
        own = {name: str(uuid4()) for name in ("sub", "client_id", "jti")}
        self.claims = {**own, **self.claims}

    @property
    def issuer(self) -> str:
        """Whose token it has."""
        return self.settings.development_issuer

    def actor(self, *, seconds_ago: int = 0, step_up: bool = False, **claims: Any) -> Actor:
        """Sign a token that was issued so long ago, as the development issuer signs."""
        key = SigningKey.kept_in(self.settings.secrets / "gateway", "development")
        issuer, persona = DevelopmentIssuer(self.settings, key), PERSONAS[self.persona]
        made = {**issuer.claims(persona, step_up=step_up), **self.claims, **claims}
        made |= {name: made[name] - seconds_ago for name in ("iat", "exp", "auth_time")}
        return Actor(self.people.client, key.sign(made, typ=TOKEN_TYPE), is_machine=persona.is_machine)


async def keeper(people: People) -> Actor:
    """Give somebody who may end access."""
    return await people.as_("sysadmin", step_up=True)


async def ended(people: People, kind: str, value: str, **more: Any) -> dict[str, Any]:
    """End access, and give the entry."""
    told = {"kind": kind, "value": value, "reason": "precaution", **more}
    return await (await keeper(people)).made(PATH, told)


async def lifted(people: People, entry: dict[str, Any]) -> None:
    """Give access back."""
    await (await keeper(people)).done(f"{PATH}/{entry['id']}", "lift", reason="cleared_up")
