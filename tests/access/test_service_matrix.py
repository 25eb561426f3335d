"""The second wall by itself: each service, reached without the gateway, refuses what the access table refuses.

Real internal tokens of the gateway's key; every operation of every service, and no object is ever looked up.
"""

import time
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from deploy.assembly import internal_key, service_alone
from deploy.postgres.server import Server
from shared.access import Operation
from shared.db import Database
from shared.identity import INTERNAL_TOKEN_TYPE, SigningKey
from shared.settings import SERVICES, Settings
from tests.revocations import nobody_revoked

#: A class that an operation of another class must never take, and what binds it.
OTHERS = {
    "npm": {"audience_class": "authority", "roles": ["authority_validator"], "authority_id": str(uuid4())},
    "authority": {"audience_class": "expert", "roles": ["expert"], "expert_id": str(uuid4())},
    "expert": {"audience_class": "partner", "roles": ["partner_system"], "partner_id": str(uuid4())},
    "partner": {"audience_class": "npm", "roles": ["head"]},
    "service": {"audience_class": "npm", "roles": ["head"]},
}
OWN = {
    "npm": {"audience_class": "npm", "roles": ["staff"]},
    "authority": OTHERS["npm"],
    "expert": OTHERS["authority"],
    "partner": OTHERS["expert"],
    "service": {"audience_class": "service", "roles": ["system"]},
}


class Doors:
    """One service without the gateway before it."""

    def __init__(self, service: str, app: FastAPI, settings: Settings, client: httpx.AsyncClient) -> None:
        """Knock at `app`."""
        self.service = service
        self.database: Database = app.state.a22.database
        self.operations: list[Operation] = sorted(app.state.a22.table.values(), key=lambda row: row.key)
        self._settings = settings
        self._key: SigningKey = internal_key(settings)
        self._client = client

    async def knock(
        self, row: Operation, claims: dict[str, Any] | None, *, scopes: frozenset[str], accept: str = "*/*"
    ) -> int:
        """Send an empty request to an operation and give the status."""
        path = row.path
        for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
            path = path.replace("{" + name + "}", str(uuid4()))
        headers = {"Accept": accept}
        if claims is not None:
            headers["Authorization"] = f"Bearer {self._token(row, claims, scopes)}"
        return (await self._client.request(row.method, path, headers=headers)).status_code

    def _token(self, row: Operation, claims: dict[str, Any], scopes: frozenset[str]) -> str:
        now = int(time.time())
        made = {
            "iss": self._settings.internal_issuer, "aud": self.service, "iat": now, "exp": now + 60, "jti": str(uuid4()),
            "sub": str(uuid4()), "client_id": "tests", "institution_id": str(self._settings.institution_id),
            "scope": " ".join(sorted(scopes)), "op": row.key, "acr": "strong", "auth_time": now, **claims,
        }  # fmt: skip
        return self._key.sign(made, typ=INTERNAL_TOKEN_TYPE)


@pytest.fixture(params=SERVICES)
def doors(request: pytest.FixtureRequest, cluster: Server, settings: Settings) -> Doors:
    """Give each service alone, on its own database."""
    service: str = request.param
    alone = settings.model_copy(update={"service_database_url": cluster.url(f"{service}_app", service)})
    app = service_alone(service, alone, nobody_revoked())
    transport = httpx.ASGITransport(app=app)
    return Doors(service, app, settings, httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1"))


def every_scope(row: Operation) -> frozenset[str]:
    """Give all scopes that an operation or one of its actions asks for."""
    return frozenset((*row.scopes, *(scope for action in row.actions for scope in action.scopes)))


def outward(doors: Doors) -> list[Operation]:
    """Give the operations that need a token."""
    return [row for row in doors.operations if row.audience != "public"]


async def test_without_a_token_every_operation_is_401(doors: Doors) -> None:
    statuses = {row.key: await doors.knock(row, None, scopes=frozenset()) for row in outward(doors)}

    assert statuses
    assert set(statuses.values()) == {401}


async def test_another_class_is_403_even_with_every_scope(doors: Doors) -> None:
    statuses = {
        row.key: await doors.knock(row, OTHERS[row.audience], scopes=every_scope(row)) for row in outward(doors)
    }

    assert {key for key, status in statuses.items() if status != 403} == set()


async def test_the_own_class_without_the_scopes_is_403(doors: Doors) -> None:
    statuses = {row.key: await doors.knock(row, OWN[row.audience], scopes=frozenset()) for row in outward(doors)}

    assert {key for key, status in statuses.items() if status != 403} == set()


async def test_each_scope_is_needed(doors: Doors) -> None:
    needed = [(row, scope) for row in outward(doors) for scope in row.scopes]

    statuses = {
        f"{row.key} without {scope}": await doors.knock(row, OWN[row.audience], scopes=every_scope(row) - {scope})
        for row, scope in needed
    }

    assert {key for key, status in statuses.items() if status != 403} == set()
