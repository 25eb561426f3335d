"""Waiting for what another service does with an event, at most a given time. Never waits for a fixed time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T]], seconds: float = 10) -> T:
    """Look again and again until there is something to see; AssertionError when the time is over."""
    until = asyncio.get_running_loop().time() + seconds
    while True:
        seen = await look()
        if seen:
            return seen
        assert asyncio.get_running_loop().time() < until, f"nothing was seen in {seconds} seconds"
        await asyncio.sleep(0.05)
