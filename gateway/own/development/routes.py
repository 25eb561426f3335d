"""The development clock: moves the SQL clock of every database; the only way in which time passes in demo and tests."""

import asyncio
from datetime import timedelta
from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from gateway.own.work import Own
from shared.app import audience_router
from shared.caller import Caller
from shared.errors import Unavailable
from shared.http import JSON
from shared.schemas import Json, Sent, Shown
from shared.settings import DATABASES

npm = audience_router("npm", "development")
ROUTERS = (npm,)

_SELF = Caller(
    subject="gateway",
    client_id="gateway",
    audience_class="service",
    roles=frozenset({"system"}),
    scopes=frozenset({"gateway:clock.move"}),
)


class ClockOrder(Sent):
    """How far to move the clock of the domain."""

    advance: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(days=3660))]
    """An ISO 8601 duration such as P30D."""


class ClockShown(Shown):
    """What the clock of each database shows now."""

    now: dict[str, str]


@npm.post("/clock", response_model=ClockShown)
async def advance_clock(work: Own, order: Json[ClockOrder]) -> Response:
    """Let time pass, in development only: every database's clock has moved when this answers."""
    sent = order.model_dump(mode="json")
    asked = (
        work.composer.ask(_SELF, f"advance_{service}_clock", request_id=work.request_id, body=sent)
        for service in DATABASES
    )
    parts = await asyncio.gather(*asked)
    if any(part.status != 200 for part in parts):
        raise Unavailable("not every service has moved its clock")
    now = {service: part.content["now"] for service, part in zip(DATABASES, parts, strict=True)}
    return Response(ClockShown(now=now).model_dump_json(), media_type=JSON)
