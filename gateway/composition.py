"""Asking several services on one person's behalf: each part needs the scopes of that part, and is judged there.

A composition never has rights of its own; what the caller may not read is left out and marked.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.types import Message

from gateway.upstreams import Upstream
from shared import access
from shared.access import Operation, OperationIndex
from shared.caller import Caller
from shared.errors import AppError, Forbidden, NotFound, Unavailable


@dataclass(frozen=True)
class Part:
    """One service's answer: its status and its JSON (None without a body)."""

    status: int
    content: Any
    body: bytes = b""


class Composer:
    """Calls operations of the services for a caller, by their names in the access table."""

    def __init__(self, index: OperationIndex, upstreams: Mapping[str, Upstream]) -> None:
        """Take the operation table and the ways to the services."""
        self._index = index
        self._upstreams = upstreams

    def open_to(self, caller: Caller) -> list[Operation]:
        """Give the operations at the door that the caller's class and scopes open, by path and method."""
        at_the_door = (each for each in self._index.operations.values() if not each.inside)
        opened = [each for each in at_the_door if access.is_open_to(each, caller)]
        return sorted(opened, key=lambda each: (each.path, each.method))

    async def ask(
        self,
        caller: Caller,
        operation: str,
        *,
        request_id: str,
        path: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **query: Any,
    ) -> Part:
        """Call one operation with path parameters, query and headers; Forbidden when the caller lacks its scopes."""
        row = self._index.operations[f"{caller.audience_class}.{operation}"]
        access.judge(row, caller, {})
        sent = json.dumps(body).encode() if body is not None else b""
        told = [(b"accept", b"application/json")] + (
            [(b"content-type", b"application/json")] if body is not None else []
        )
        told += [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": row.method, "headers": told,
            "a22.request_id": request_id,
        }  # fmt: skip
        answer = _Captured()
        await self._upstreams[row.service].call(
            row,
            caller,
            path=row.path.format(**(path or {})),
            query=urlencode(query, doseq=True).encode(),
            scope=scope,
            receive=_once(sent),
            send=answer,
        )
        return Part(answer.status, json.loads(answer.body) if answer.body else None, answer.body)

    async def read(
        self, caller: Caller, operation: str, *, request_id: str, path: Mapping[str, str] | None = None, **query: Any
    ) -> Any:
        """Read what must be there: NotFound when it is hidden or absent, Unavailable when a service fails."""
        part = await self.ask(caller, operation, request_id=request_id, path=path, **query)
        if part.status == 404:
            raise NotFound
        if part.status == 403:
            raise Forbidden
        if part.status != 200:
            raise Unavailable
        return part.content

    async def read_or_mark(
        self, caller: Caller, operation: str, *, request_id: str, path: Mapping[str, str] | None = None, **query: Any
    ) -> Any:
        """Read a part that may be missing: `{"unavailable": code}` when it is not to be had."""
        try:
            return await self.read(caller, operation, request_id=request_id, path=path, **query)
        except AppError as error:
            return {"unavailable": error.problem_code}


class _Captured:
    """Keeps an ASGI answer."""

    def __init__(self) -> None:
        self.status = 0
        self.body = b""

    async def __call__(self, message: Message) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body += message.get("body", b"")


def _once(body: bytes) -> Any:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
