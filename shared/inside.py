"""The routes that every service has for the others and for the gateway: its event feed and its clock.

Reached with a token of class `service` only; no person and no outsider ever sees a sequence number.
"""

import asyncio
import json
import threading
from contextlib import suppress
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from shared import clock
from shared.app import ServiceState, audience_router
from shared.http import JSON, ServiceWork
from shared.journal import FEED
from shared.schemas import Json, Sent, Shown

#: Set when this process is told to stop: a long poll then ends, so that stopping does not wait for it.
STOPPING = threading.Event()


class FeedPosition(BaseModel):
    """Where to read on."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    after: Annotated[int, Field(ge=0, le=2**62)] = 0
    """The sequence number of the last event that was applied."""
    wait: Annotated[int, Field(ge=0, le=30)] = 0
    """Seconds to wait for something new."""
    action: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=100)] = []
    """The names of the events wanted."""


class CloudEvent(Shown):
    """One event as a CloudEvents 1.0 object."""

    specversion: str
    id: str
    type: str
    source: str
    subject: str
    time: str
    sequence: str
    data: dict[str, Any]


class EventBatch(Shown):
    """The events after a position, oldest first."""

    items: list[CloudEvent]


class ClockAdvance(Sent):
    """How far to move the clock."""

    advance: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(days=3660))]
    """An ISO 8601 duration such as P30D."""


class ClockReading(Shown):
    """What the clock shows now."""

    now: str


def inside_router(service: str) -> APIRouter:
    """Make the routes of one service for the inside."""
    router = audience_router("service", f"{service}-events")

    async def list_events(request: Request, position: Annotated[FeedPosition, Query()]) -> Response:
        """Read the feed after a position, waiting for something new if asked to."""
        state: ServiceState = request.app.state.a22
        until = asyncio.get_running_loop().time() + position.wait
        while True:
            items = await _after(request, state, position)
            left = until - asyncio.get_running_loop().time()
            if items or left <= 0 or STOPPING.is_set() or state.sealer.is_stopping:
                return Response(f'{{"items":[{",".join(items)}]}}', media_type=JSON)
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, 1)):
                    await state.sealer.leaving.wait()

    router.add_api_route("", list_events, methods=["GET"], response_model=EventBatch, name=f"read_{service}_events")
    return router


async def _after(request: Request, state: ServiceState, position: FeedPosition) -> list[str]:
    async with state.database.work(request.scope["a22.caller"], request.scope["a22.operation"], writing=False) as work:
        rows = await work.connection.fetch(FEED, position.after, position.action, 500)
    return [_cloud_event(state.database.service, row) for row in rows]


def _cloud_event(service: str, row: Any) -> str:
    """Write a row as a `CloudEvent`; what it tells is JSON already and is handed on as it is."""
    # what comes out of complaints carries a date and never a time
    at = (
        f"{row['occurred_on']}T00:00:00Z"
        if service == "complaints"
        else row["queued_at"].isoformat().replace("+00:00", "Z")
    )
    return (
        f'{{"specversion":"1.0","id":"{row["id"]}","type":"org.npm.{row["action"]}.v1","source":"/{service}",'
        f'"subject":{json.dumps(row["subject_id"])},"time":"{at}","sequence":"{row["seq"]}","data":{row["payload"]}}}'
    )


def clock_router(service: str) -> APIRouter:
    """Make the route that moves the clock of one service; absent in production."""
    router = audience_router("service", f"{service}-clock")

    async def advance_clock(work: ServiceWork, order: Json[ClockAdvance]) -> Response:
        """Move this service's clock forward."""
        await work.connection.execute(clock.ADVANCE, order.advance)
        return Response(ClockReading(now=(await work.now()).isoformat()).model_dump_json(), media_type=JSON)

    router.add_api_route(
        "", advance_clock, methods=["POST"], response_model=ClockReading, name=f"advance_{service}_clock"
    )
    return router
