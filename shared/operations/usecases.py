"""Ordering an operation, and taking the order back."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from starlette.responses import Response

from shared.caller import EXCLUSIONS, Caller
from shared.db import Work
from shared.errors import Conflict, PreconditionFailed
from shared.journal import Event
from shared.operations import queries
from shared.operations.rules import OPERATION, OperationAction, OperationState

ANY_VERSION = "*"


async def begin(work: Work, kind: str, *, arguments: Mapping[str, Any], total: int | None = None) -> UUID:
    """Order an operation in this transaction: its row and its job are kept with it, or not at all.

    `arguments` are JSON and never what a person told us. With `work.once` a repetition gives the first one's id.
    """
    if kind not in work.state.operations:
        raise LookupError(f"nobody carries out {kind}")
    operation_id = uuid4()
    days = work.state.settings.operation_days
    await queries.insert(
        work, operation_id, kind, arguments=arguments, caller=written(work.caller), total=total, days=days
    )
    ordered = OPERATION.create[OperationAction.ORDER]
    work.record(Event(ordered.event, operation_id, {"kind": kind}, leaves=False))
    return operation_id


async def shown(work: Work, operation_id: UUID) -> bytes:
    """Give an operation as its orderer sees it; NotFound when it is somebody else's."""
    return await queries.shown(work, operation_id)


def accepted(work: Work, body: bytes) -> Response:
    """Answer 202 with the operation, where to ask for it, and when."""
    operation_id = json.loads(body)["id"]
    location = f"{work.state.settings.base_url}/v1/{work.caller.audience_class}/operations/{operation_id}"
    headers = {"Location": location, "Retry-After": "1", "Cache-Control": "no-store"}
    if work.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Response(body, 202, headers=headers, media_type="application/json")


async def cancel(work: Work, operation_id: UUID, if_match: str, tag: str) -> UUID:
    """Take an order back; what was written before stays.

    `if_match` is `*` where the caller does not mind how far it has come, which moves all the time.
    """
    seen = json.loads(await queries.shown(work, operation_id))
    if if_match != ANY_VERSION and tag not in [each.strip() for each in if_match.split(",")]:
        raise PreconditionFailed
    taken = OPERATION.step(OperationState(seen["state"]), OperationAction.CANCEL)
    if not await queries.cancel(work, operation_id):
        raise Conflict("the operation has just ended", code="illegal_transition")
    told = {"kind": seen["kind"], "state": taken.to.value}
    work.record(Event(taken.event, operation_id, told, leaves=False))
    return operation_id


def written(caller: Caller) -> str:
    """Write a caller down, so that the work is done under the same rights later."""
    return json.dumps(asdict(caller), default=sorted)


def read(text: str) -> Caller:
    """Read a caller that was written down."""
    kept = json.loads(text)
    sets = {name: frozenset(kept[name]) for name in ("roles", "scopes")}
    lists = {name: tuple(kept[name]) for name in EXCLUSIONS}
    return Caller(**{**kept, **sets, **lists})
