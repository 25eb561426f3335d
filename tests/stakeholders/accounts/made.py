"""What the tests of accounts begin with: invitations, people of the NPM, and what the inside is told."""

from typing import Any
from uuid import uuid4

from gateway.development import PERSONAS
from shared.inbox import Door
from tests.people import People

ISSUER = "https://id.example.org/realms/npm"
SYSADMIN = PERSONAS["sysadmin"].subject


def invitation(*roles: str, **bound: Any) -> dict[str, Any]:
    """Write an invitation of a login that nobody has yet."""
    login = {"issuer": ISSUER, "subject": f"login-{uuid4().hex[:8]}"}
    return {**login, "audience_class": "npm", "roles": list(roles), **bound}


async def person(people: People, kind: str, **more: Any) -> str:
    """Enter somebody of the NPM, and give the id."""
    made = await (await people.as_("head")).made("/npm/persons", {"kind": kind, "name": f"A {kind}", **more})
    return str(made["id"])


async def behind(door: Door, account: dict[str, Any]) -> Any:
    """Ask as the gateway does what the account behind a login gives today."""
    answer = await door.get(
        "/v1/service/account", scope="stakeholders:standing.read", issuer=account["issuer"], subject=account["subject"]
    )
    return answer["account"]
