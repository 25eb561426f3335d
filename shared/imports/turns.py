"""Lets everybody else have their turn while many rows are taken: no batch holds the event loop of a process to its end.

It changes nothing in what is taken: what is sent earlier is sent in the same transaction and in the same order.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

from shared.db import Work

R = TypeVar("R")

#: So many rows are taken in one go: some hundredths of a second of a slow machine, where a row becomes a record.
TURN_ROWS = 50


async def by_turns(rows: Iterable[R], work: Work | None = None, *, most: int = TURN_ROWS) -> AsyncIterator[R]:
    """Give rows one by one; after every `most` of them others have their turn.

    With `work`, what its session holds is sent then: sending a thousand records at once would hold up everybody too.
    """
    for number, row in enumerate(rows, start=1):
        yield row
        if number % most == 0:
            if work is not None:
                await work.flush()
            await asyncio.sleep(0)
