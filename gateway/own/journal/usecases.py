"""Merges the journals of all services into one page, each read on the caller's behalf; and notes who reads it, before."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.composition import Part
from gateway.own.work import OwnWork
from shared.access import Operation
from shared.audit.schemas import JournalFilters
from shared.errors import Unavailable, Unprocessable
from shared.journal import Event
from shared.settings import DATABASES

READ = "gateway.journal.read"


@dataclass(frozen=True)
class Listed:
    """One page, and where the next begins."""

    items: list[dict[str, Any]]
    next_cursor: str | None
    count: int | None


async def matching(work: OwnWork, operation: Operation, filters: JournalFilters) -> Listed:
    """Give one page of all journals, the newest first; Unavailable while one of them is away: none is shown with holes.

    Rows never move: whatever stood there when the first page was read comes exactly once, whatever is added meanwhile.
    """
    asked = filters.model_dump(mode="json", exclude_none=True, exclude={"cursor", "service"})
    services = filters.service or DATABASES
    bound = json.dumps([work.caller.subject, operation.key, sorted(services), asked], sort_keys=True).encode()
    position = {}
    if filters.cursor:
        position["before"], position["before_id"] = work.state.cursors.read(bound, filters.cursor)
    await _note(work, operation, filters)
    parts = await asyncio.gather(*(_asked(work, f"list_{name}_journal", **asked, **position) for name in services))
    if any(part.status == 422 for part in parts):
        raise Unprocessable("a value is not acceptable")
    if any(part.status != 200 for part in parts):
        raise Unavailable
    items = [item for part in parts for item in part.content["items"]]
    items.sort(key=lambda item: (datetime.fromisoformat(item["recorded_at"]), item["id"]), reverse=True)
    shown = items[: filters.limit]
    is_more = len(items) > len(shown) or any(part.content["next_cursor"] for part in parts)
    next_cursor = work.state.cursors.write(bound, shown[-1]["recorded_at"], shown[-1]["id"]) if is_more else None
    count = sum(part.content["count"] for part in parts) if filters.count else None
    return Listed(shown, next_cursor, count)


async def _note(work: OwnWork, operation: Operation, filters: JournalFilters) -> None:
    """Leave the row of this very read, committed before anything is asked for: by which filters, and no value of them."""
    named = sorted(filters.model_dump(exclude_none=True, exclude={"limit", "cursor", "count"}))
    async with work.state.database.work(work.caller, operation) as noting:
        noting.record(Event(READ, "-", {"filters": named}, leaves=False))


async def _asked(work: OwnWork, operation: str, **more: Any) -> Part:
    try:
        return await work.composer.ask(work.caller, operation, request_id=work.request_id, **more)
    except Unavailable:
        return Part(503, None)
