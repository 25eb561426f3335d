"""Waiting for what another service does by itself: a bounded poll, never a sleep that hopes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T | None]], *, seconds: float = 10) -> T:
    """Look again and again until there is something to give; fail after `seconds`."""
    until = asyncio.get_running_loop().time() + seconds
    while True:
        found = await look()
        if found:
            return found
        assert asyncio.get_running_loop().time() < until, "it did not happen in time"
        await asyncio.sleep(0.05)
