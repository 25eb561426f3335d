"""What the gateway was told a moment ago, kept so briefly that what ends or begins counts within five seconds."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from shared.errors import Unavailable

#: How long an answer counts, from the moment it was asked for; with the longest question still under five seconds.
KEPT_SECONDS = 2.0
LONGEST_QUESTION_SECONDS = 2.5
_MOST_KEPT = 4_096

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


class Recent(Generic[Key, Answer]):
    """Answers of the last two seconds by what was asked; so many are kept, and the oldest leaves first."""

    def __init__(self, ask: Callable[[Key], Awaitable[Answer]], *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the question; `clock` gives seconds that never go back."""
        self._ask, self._clock = ask, clock
        self._kept: OrderedDict[Key, tuple[float, Answer]] = OrderedDict()

    async def of(self, key: Key) -> Answer:
        """Give the answer about `key`, asked for at most two seconds ago; Unavailable when none comes in time.

        What the question raises is passed on and not kept.
        """
        asked_at = self._clock()
        kept = self._kept.get(key)
        if kept is not None and asked_at - kept[0] < KEPT_SECONDS:
            return kept[1]
        try:
            async with asyncio.timeout(LONGEST_QUESTION_SECONDS):
                found = await self._ask(key)
        except TimeoutError:
            raise Unavailable from None
        self._kept[key] = (asked_at, found)
        self._kept.move_to_end(key)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return found
