"""Work for somebody who may leave: it ends when the client does, and not only when it has something to send."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from starlette.types import Receive


async def while_there(receive: Receive, answering: Coroutine[Any, Any, None]) -> None:
    """Run the answer of a request without a body until it is given or the client is gone; its errors are raised here."""
    task = asyncio.create_task(answering)
    gone = asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
    finally:
        # also when we are cancelled ourselves: a cursor must not outlive its reader
        for each in (task, gone):
            each.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
