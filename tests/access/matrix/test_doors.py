"""The access matrix at each service by itself, without the gateway: real internal tokens, every persona.

What would make something is asked through the gateway alone: here everything is read, and every refusal is seen again.
"""

import sys
from collections import Counter
from dataclasses import replace

import httpx
import pytest

from deploy.assembly import internal_key, service_alone
from deploy.postgres.server import Server
from gateway.development import PERSONAS, DevelopmentIssuer
from gateway.upstreams import Remote
from shared.access import Operation
from shared.claims import caller_from
from shared.settings import SERVICES, Settings
from tests.access.matrix.asking import asked
from tests.access.matrix.cells import Cell, cells
from tests.access.matrix.planted import Planted
from tests.people import People
from tests.revocations import nobody_revoked

pytestmark = [pytest.mark.parametrize("people", ["one"], indirect=True), pytest.mark.timeout(600)]


class Tokens:
    """The internal tokens that the gateway mints for the personas."""

    def __init__(self, service: str, settings: Settings, origin: tuple[str, ...]) -> None:
        """Sign with the gateway's key, for one service; the gateway tells of a secondee what the origin is."""
        self._remote = Remote("http://127.0.0.1", service, settings=settings, key=internal_key(settings))
        issuer = DevelopmentIssuer(settings, internal_key(settings))
        self._callers = {name: caller_from(issuer.claims(persona, step_up=True)) for name, persona in PERSONAS.items()}
        self._callers["secondee"] = replace(self._callers["secondee"], excluded_authorities=origin)

    def headers(self, row: Operation, persona: str) -> dict[str, str]:
        """Give what carries the persona to one operation; nothing for nobody."""
        if not persona:
            return {}
        sent = {"Authorization": f"Bearer {self._remote.token(row, self._callers[persona])}"}
        return {**sent, "Idempotency-Key": "0123456789abcdef"} if PERSONAS[persona].is_machine else sent


def makes(cell: Cell) -> bool:
    """Tell whether a cell would make something."""
    return cell.row.method != "GET" and 200 <= cell.status < 300


@pytest.mark.parametrize("service", SERVICES)
async def test_every_operation_of_a_service_answers_every_persona_as_the_access_page_says(
    people: People,
    planted: Planted,
    cluster: Server,
    settings: Settings,
    service: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    alone = settings.model_copy(update={"service_database_url": cluster.url(f"{service}_app", service)})
    app, tokens = service_alone(service, alone, nobody_revoked()), Tokens(service, alone, planted.origin)
    rows: list[Operation] = list(app.state.a22.table.values())
    wrong, counted = [], Counter[str]()
    transport = httpx.ASGITransport(app=app)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            for cell in cells(rows, planted):
                if makes(cell):
                    continue
                sent = asked(cell)
                sent["headers"] |= tokens.headers(cell.row, cell.persona)
                answer = await client.request(cell.row.method, cell.path, **sent)
                counted[cell.whose] += 1
                if answer.status_code != cell.status:
                    wrong.append(f"{cell.name}: {answer.status_code} instead of {cell.status}")
    finally:
        await app.state.a22.database.close()

    with capsys.disabled():
        sys.stdout.write(f"\naccess matrix at {service}: {len(rows)} operations, {sum(counted.values())} cells\n")
    assert not wrong, "\n".join(wrong)
    assert counted["own"]
    assert counted["other's"]
