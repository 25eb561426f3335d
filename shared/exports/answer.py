"""An export as an answer: a reading transaction of its own that lives as long as somebody reads.

The request's own transaction has judged, journaled and committed before; what breaks off never looks complete.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any, ParamSpec, TypeVar

from fastapi import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shared.answers import answered, traced
from shared.db import Work
from shared.exports.columns import Column, columns_of
from shared.exports.formats import Workbook, streamed
from shared.exports.leaving import while_there
from shared.exports.media import Form, Format
from shared.journal import Event
from shared.paging import Page, Statement

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("a22.exports")

ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 65_536


def export(work: Work, request: Request, shown: Page) -> Response:
    """Journal an export, and give the answer that carries it out once this transaction is committed."""
    if shown.whole is None or work.form is None or work.operation is None:
        raise ValueError("this is no export")
    if work.caller.audience_class != "public":
        told = {"format": work.form.format.value, "filters": sorted(shown.filtered_by)}
        name = f"{work.state.database.service}.list.exported"
        work.record(Event(name, work.operation.key, told, leaves=False))
    return ExportAnswer(work, shown.whole, columns_of(request.scope["a22.route"].response_model), work.form)


class ExportAnswer(Response):
    """Reads the rows as they are sent; the first are read before the answer begins, so that errors are still problems."""

    def __init__(self, work: Work, statement: Statement, columns: tuple[Column, ...], form: Form) -> None:
        """Keep who asks and what for; the transaction of `work` is over when this is called."""
        super().__init__()
        assert work.operation is not None
        self._caller, self._operation, self._state = work.caller, work.operation, work.state
        self._statement, self._columns, self._form = statement, columns, form
        self._has_begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; without the last chunk when something breaks on the way, so that the server closes the connection."""
        try:
            with self._state.exports.one(self._caller):
                async with asyncio.timeout(self._state.settings.limits.export_seconds):
                    await while_there(receive, self._sent(send))
        except Exception as error:  # noqa: BLE001 - before the first byte every error is a problem document
            if self._has_begun:
                log.error("request %s: an export broke off: %s", scope.get("a22.request_id"), traced(error))
            else:
                await answered(Request(scope), error)(scope, receive, send)

    async def _sent(self, send: Send) -> None:
        seconds = self._state.settings.limits.export_statement_seconds
        async with self._state.database.snapshot(self._caller, self._operation, seconds=seconds) as work:
            cursor = await work.connection.cursor(self._statement.sql, *self._statement.values)
            today, rows = await work.today(), _rows(cursor)
            await (self._send_workbook if self._form.format is Format.XLSX else self._send_stream)(send, today, rows)

    async def _send_stream(self, send: Send, today: date, rows: AsyncIterator[list[str]]) -> None:
        writer = streamed(self._form, self._columns)
        first: list[str] = await anext(rows, [])
        await self._begin(send, today)
        await _chunk(send, writer.begins() + writer.rows(first))
        async for some in rows:
            await _chunk(send, await _aside(writer.rows, some))
        await send({"type": "http.response.body", "body": b""})

    async def _send_workbook(self, send: Send, today: date, rows: AsyncIterator[list[str]]) -> None:
        book = Workbook(self._columns)
        try:
            async for some in rows:
                await _aside(book.add, some)
            file = await _aside(book.finished)
            size = file.seek(0, 2)
            file.seek(0)
            await self._begin(send, today, size)
            while some_bytes := file.read(BYTES_AT_ONCE):
                await _chunk(send, some_bytes)
            await send({"type": "http.response.body", "body": b""})
        finally:
            book.discard()

    async def _begin(self, send: Send, today: date, size: int | None = None) -> None:
        name = self._operation.operation.removeprefix("list_").replace("_", "-")
        headers = {
            "content-type": self._form.content_type,
            "content-disposition": f'attachment; filename="{name}-{today.isoformat()}.{self._form.format.value}"',
            "cache-control": "no-store",
            "vary": "Accept",
            **({} if size is None else {"content-length": str(size)}),
        }
        told = [(key.encode(), value.encode()) for key, value in headers.items()]
        self._has_begun = True
        await send({"type": "http.response.start", "status": 200, "headers": told})


async def _rows(cursor: Any) -> AsyncIterator[list[str]]:
    """Give the rows some hundred at a time; the cursor holds the rest in the database."""
    while rows := await cursor.fetch(ROWS_AT_ONCE):
        yield [row[0] for row in rows]


async def _aside(call: Callable[P, T], *arguments: P.args, **keywords: P.kwargs) -> T:
    """Run something that takes long in a thread; who is cancelled meanwhile waits for its end, so that nothing is torn."""
    running = asyncio.ensure_future(asyncio.to_thread(call, *arguments, **keywords))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        raise


async def _chunk(send: Send, some: bytes) -> None:
    if some:
        await send({"type": "http.response.body", "body": some, "more_body": True})
