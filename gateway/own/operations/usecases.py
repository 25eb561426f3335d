"""Finds a person's operations in the services, on that person's behalf: each service shows its caller's own alone."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from gateway.composition import Part
from gateway.own.work import OwnWork
from shared.errors import BadRequest, Conflict, Forbidden, NotFound, PreconditionFailed, Unavailable, Unprocessable
from shared.operations.schemas import OperationFilters
from shared.settings import SERVICES

_REFUSALS = {
    400: BadRequest("the request cannot be read"),
    403: Forbidden(),
    404: NotFound(),
    412: PreconditionFailed(),
}


@dataclass(frozen=True)
class Found:
    """One operation: the service that carries it out, and the bytes in which it is shown."""

    service: str
    body: bytes


@dataclass(frozen=True)
class Listed:
    """One page, and where the next begins."""

    items: list[dict[str, Any]]
    next_cursor: str | None
    count: int | None


async def find(work: OwnWork, operation_id: str) -> Found:
    """Find an own operation; NotFound when no service shows it, Unavailable when one that might cannot be asked."""
    path = {"operation_id": operation_id}
    parts = await asyncio.gather(
        *(_asked(work, f"get_{service}_operation", path=path) for service in SERVICES)
    )  # fmt: skip
    for service, part in zip(SERVICES, parts, strict=True):
        if part.status == 200:
            return Found(service, part.body)
    if any(part.status != 404 for part in parts):
        raise Unavailable
    raise NotFound


async def cancel(work: OwnWork, operation_id: str, if_match: str, order: dict[str, Any]) -> bytes:
    """Cancel an own operation in the service that carries it out; gives how it stands then."""
    found = await find(work, operation_id)
    part = await _asked(
        work, f"transition_{found.service}_operation", path={"operation_id": operation_id}, body=order,
        # machines must send a key inside too; the request is one of its own
        headers={"If-Match": if_match, "Idempotency-Key": work.request_id},
    )  # fmt: skip
    if part.status == 200:
        return part.body
    if part.status == 409:
        raise Conflict(str(part.content["detail"]), code=str(part.content["code"]))
    raise _REFUSALS.get(part.status, Unavailable())


async def matching(work: OwnWork, filters: OperationFilters) -> Listed:
    """Give one page of the operations of all services, the latest first; a page with a service missing is none."""
    asked = filters.model_dump(mode="json", exclude_none=True, exclude={"cursor"})
    bound = json.dumps([work.caller.subject, work.caller.audience_class, asked], sort_keys=True).encode()
    position = {}
    if filters.cursor:
        position["before"], position["before_id"] = work.state.cursors.read(bound, filters.cursor)
    parts = await asyncio.gather(
        *(_asked(work, f"list_{service}_operations", **asked, **position) for service in SERVICES)
    )
    if any(part.status == 422 for part in parts):
        raise Unprocessable("a value is not acceptable")
    if any(part.status != 200 for part in parts):
        raise Unavailable
    items = [item for part in parts for item in part.content["items"]]
    items.sort(key=lambda item: (item["created_at"], item["id"]), reverse=True)
    shown = items[: filters.limit]
    is_more = len(items) > len(shown) or any(part.content["next_cursor"] for part in parts)
    next_cursor = work.state.cursors.write(bound, shown[-1]["created_at"], shown[-1]["id"]) if is_more else None
    count = sum(part.content["count"] for part in parts) if filters.count else None
    return Listed(shown, next_cursor, count)


async def _asked(work: OwnWork, operation: str, **more: Any) -> Part:
    try:
        return await work.composer.ask(work.caller, operation, request_id=work.request_id, **more)
    except Unavailable:
        return Part(503, None)
