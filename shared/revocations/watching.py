"""Ending what runs on after access has ended: slow bodies, downloads and polls that were begun before.

An answer that is cut off never gets its last chunk, so that it cannot look complete.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.types import Message, Receive, Scope, Send

from shared.access import Operation
from shared.caller import Caller
from shared.errors import AppError
from shared.revocations.copies import LOOK_SECONDS, Revocations

Call = Callable[[Receive, Send], Awaitable[None]]
#: Asks whether the caller may see less than when the request began; gives what it is refused with then.
Narrowed = Callable[[], Awaitable[AppError | None]]


def is_long(scope: Scope) -> bool:
    """Tell whether a judged request may go on for long without a word: an export, or a body of many rows."""
    operation: Operation = scope["a22.operation"]
    return scope["a22.form"] is not None or operation.bulk


class Watch:
    """Looks at the list again with each part of one request's body, and of its answer where the request only reads."""

    def __init__(
        self,
        revocations: Revocations,
        caller: Caller,
        receive: Receive,
        send: Send,
        *,
        is_reading: bool,
        narrowed: Narrowed | None = None,
    ) -> None:
        """Stand between a request of `caller` and who answers it; `narrowed` says why one that takes long must end."""
        self._revocations, self._caller, self._narrowed = revocations, caller, narrowed
        self._receive, self._send = receive, send
        # who has changed something is told so: what was kept before the access ended stays
        self._is_reading = is_reading
        self._refusal: AppError | None = None
        self._has_begun = False

    async def run(self, call: Call, *, is_long: bool) -> None:
        """Let the request be answered; `is_long` looks at the list by itself too, for who takes or sends nothing.

        Raises Unauthorized or Unavailable when it is ended before its answer has begun.
        """
        try:
            await (self._looking(call) if is_long else call(self._taking, self._giving))
        except Exception:
            # what breaks because we ended it is no error of its own
            if self._refusal is None:
                raise
        if self._refusal is not None and not self._has_begun:
            raise self._refusal

    async def _looking(self, call: Call) -> None:
        task = asyncio.ensure_future(call(self._taking, self._giving))
        try:
            while not (await asyncio.wait({task}, timeout=LOOK_SECONDS))[0]:
                await self._insist()
                await self._insist_on_the_same_rights()
            await task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(task, return_exceptions=True)

    async def _insist(self) -> None:
        if self._refusal is None and self._revocations.lets_everybody_in:
            return
        await self._revocations.renewed(self._caller)
        self._refusal = self._refusal or self._revocations.refusal(self._caller)
        if self._refusal is not None:
            raise self._refusal

    async def _insist_on_the_same_rights(self) -> None:
        self._refusal = await self._narrowed() if self._narrowed is not None else None
        if self._refusal is not None:
            raise self._refusal

    async def _taking(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            await self._insist()
        return message

    async def _giving(self, message: Message) -> None:
        if self._is_reading or self._refusal is not None:
            await self._insist()
        self._has_begun = True
        await self._send(message)
