"""A bulk body as it comes in: JSON Lines cut, checked and handed on in batches, so that memory stays flat however long it is.

Never holds more than one batch, and never writes what was sent anywhere.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from functools import cache
from typing import Any, Generic, TypeVar

from fastapi import Request
from pydantic import TypeAdapter
from starlette.requests import ClientDisconnect

from shared.errors import AppError, BadRequest, Unprocessable
from shared.schemas import BadLine, bulk_limits, read_line

T = TypeVar("T")

BATCH_ROWS = 1_000
#: After so many lines others get a turn: checking them takes the processor, not the disk.
LINES_PER_TURN = 25


class Lines(Generic[T]):
    """The lines of one body, each with its number: what was sent, or a `BadLine` that says what is wrong in it."""

    def __init__(self, chunks: AsyncIterator[bytes], read: Callable[[bytes], Any]) -> None:
        """Read lines out of chunks."""
        self._chunks = chunks
        self._read = read

    async def batches(self, size: int = BATCH_ROWS) -> AsyncIterator[list[tuple[int, T | BadLine]]]:
        """Give the lines in their order, so many at once; Unprocessable after the last one that one body may have."""
        batch: list[tuple[int, T | BadLine]] = []
        number, most = 0, bulk_limits().bulk_rows
        async for line in self._cut():
            number += 1
            if number > most:
                yield batch
                raise Unprocessable(f"at most {most} rows at once; those before are in", code="too_many_rows")
            batch.append((number, read_line(line, self._read)))
            if number % LINES_PER_TURN == 0:
                await asyncio.sleep(0)
            if len(batch) == size:
                yield batch
                batch = []
        if batch:
            yield batch

    async def _cut(self) -> AsyncIterator[bytes]:
        """Cut at line ends and pass over empty lines; of a line that is too long only so much is kept that it shows."""
        kept, rest = bulk_limits().bulk_line_bytes + 1, b""
        try:
            async for chunk in self._chunks:
                first, *others = chunk.split(b"\n")
                rest = (rest + first)[:kept]
                for part in others:
                    if rest.strip():
                        yield rest
                    rest = part[:kept]
        except ClientDisconnect:
            raise BadRequest("the body ended early; send it again, what is in stays in", code="body_cut_off") from None
        if rest.strip():
            yield rest


@cache
def _reader(row: Any) -> Callable[[bytes], Any]:
    return TypeAdapter(row).validate_json


def lines_of(request: Request, row: Any) -> Lines[Any]:
    """Give the lines of a request's body, each to be a `row`."""
    return Lines(request.stream(), _reader(row))


async def ahead(coming: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    """Give each thing that comes, and have the next one made while the first is worked on; never more than one."""
    following = asyncio.create_task(_next(coming))
    try:
        while (given := await following) is not None:
            following = asyncio.create_task(_next(coming))
            yield given
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError, AppError):
            await following


async def _next(coming: AsyncIterator[T]) -> T | None:
    return await anext(coming, None)
