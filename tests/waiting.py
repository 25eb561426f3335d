"""Waiting for what another part of the system does in its own time: bounded, and never a fixed pause."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(ask: Callable[[], Awaitable[T]], *, seconds: float = 10) -> T:
    """Ask again until the answer is truthy; AssertionError when time is up."""
    until = asyncio.get_running_loop().time() + seconds
    while True:
        answer = await ask()
        if answer:
            return answer
        assert asyncio.get_running_loop().time() < until, "what was waited for did not come"
        await asyncio.sleep(0.05)
