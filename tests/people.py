"""The cast of the tests: clients that carry a persona's real token from the development issuer."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from gateway.development import PERSONAS, DevelopmentIssuer
from shared.identity import TOKEN_TYPE, SigningKey
from shared.settings import Settings


@dataclass
class Actor:
    """One person or machine at the API."""

    client: httpx.AsyncClient
    token: str | None
    is_machine: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    async def send(
        self, method: str, path: str, *, json: Any = None, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """Send one request under /v1."""
        sent = {**self.headers, **(headers or {})}
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        if method == "POST" and self.is_machine:
            sent.setdefault("Idempotency-Key", uuid4().hex)
        if method == "PATCH":
            sent.setdefault("Content-Type", "application/merge-patch+json")
        return await self.client.request(method, f"/v1{path}", json=json, headers=sent, **more)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """Read."""
        return await self.send("GET", path, **more)

    async def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """Create or act."""
        return await self.send("POST", path, json=json, **more)

    async def patch(self, path: str, json: Any, **more: Any) -> httpx.Response:
        """Change with the ETag of the present version, unless another is given."""
        headers = dict(more.pop("headers", {}))
        if "If-Match" not in headers:
            headers["If-Match"] = (await self.get(path)).headers["ETag"]
        return await self.send("PATCH", path, json=json, headers=headers, **more)

    async def act(self, path: str, action: str, **fields: Any) -> httpx.Response:
        """Take an action on a thing, with the ETag of its present version."""
        tag = (await self.get(path)).headers.get("ETag", '"none"')
        return await self.send(
            "POST", f"{path}/transitions", json={"action": action, **fields}, headers={"If-Match": tag}
        )

    async def made(self, path: str, json: Any, **more: Any) -> dict[str, Any]:
        """Create, insist on 201, give what was made."""
        answer = await self.post(path, json, **more)
        assert answer.status_code == 201, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def read(self, path: str, **more: Any) -> dict[str, Any]:
        """Read, insist on 200, give what is shown."""
        answer = await self.get(path, **more)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def done(self, path: str, action: str, **fields: Any) -> dict[str, Any]:
        """Act, insist on success, give what is shown."""
        answer = await self.act(path, action, **fields)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown


class People:
    """Gives actors by the name of their persona."""

    def __init__(self, client: httpx.AsyncClient, app: Any) -> None:
        """Talk to the system through `client`; `app` is the gateway where it runs in this process."""
        self.client = client
        self.app = app

    async def as_(self, persona: str, *, step_up: bool = False) -> Actor:
        """Give a persona with a fresh token."""
        answer = await self.client.post("/development/tokens", json={"persona": persona, "step_up": step_up})
        assert answer.status_code == 200, answer.text
        return Actor(self.client, answer.json()["token"], is_machine=persona in ("partner", "partner-two", "cso"))

    def other_account(self, settings: Settings, persona: str, person_id: str) -> Actor:
        """Give somebody's other account: another login with a persona's roles, and the person behind both."""
        issuer = DevelopmentIssuer(settings, SigningKey.kept_in(settings.secrets / "gateway", "development"))
        claims = {**issuer.claims(PERSONAS[persona], step_up=True), "sub": str(uuid4()), "person_id": person_id}
        return Actor(self.client, issuer.key.sign(claims, typ=TOKEN_TYPE))

    def stranger(self) -> Actor:
        """Give somebody without a token."""
        return Actor(self.client, None)
