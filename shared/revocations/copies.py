"""A component's own copy of the list of revocations: asked on every request, without a look at any database.

A copy that could not be confirmed lately lets nobody through: who cannot tell whether access has ended says 503.
"""

import asyncio
import time
from collections.abc import Callable, Iterable

from shared.caller import Caller
from shared.errors import AppError, Unauthorized, Unavailable
from shared.revocations.rules import NEVER_JUDGED, Entry, RevocationKind, hits, named

#: After five seconds nothing ended may be accepted: a copy is good for this long after the question that confirmed it
#: was asked, and what runs on is looked at every `LOOK_SECONDS`.
GOOD_FOR_SECONDS = 4.5
LOOK_SECONDS = 0.4
#: A process that was busy for long asks anew before it says 503: so long a request waits for the answer.
PATIENCE_SECONDS = 1.5


class Revocations:
    """The entries in force, by what they name."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Hold nothing, unconfirmed; `clock` gives seconds that only go forward."""
        self.clock = clock
        self._by_name: dict[tuple[RevocationKind, str], dict[str, Entry]] = {}
        self._by_id: dict[str, Entry] = {}
        self._confirmed_at: float | None = None

    def apply(self, entries: Iterable[Entry], *, is_whole: bool) -> None:
        """Take changes in, the oldest first; `is_whole` when they are the whole list and what is held counts no more."""
        if is_whole:
            self._by_name, self._by_id = {}, {}
        for entry in entries:
            self._forget(entry.id)
            if not entry.is_lifted:
                self._by_id[entry.id] = entry
                self._by_name.setdefault((entry.kind, entry.value), {})[entry.id] = entry

    def _forget(self, entry_id: str) -> None:
        known = self._by_id.pop(entry_id, None)
        if known is not None:
            same = self._by_name[(known.kind, known.value)]
            del same[entry_id]
            if not same:
                del self._by_name[(known.kind, known.value)]

    def confirm(self, asked_at: float) -> None:
        """Note that the copy holds everything that was in the list at `asked_at`, by this copy's clock."""
        self._confirmed_at = asked_at

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the copy can be relied on now."""
        return self._confirmed_at is not None and self.clock() - self._confirmed_at <= GOOD_FOR_SECONDS

    @property
    def lets_everybody_in(self) -> bool:
        """Tell whether nobody's access has ended and the copy can be relied on now: then there is nothing to judge."""
        return not self._by_name and self.is_confirmed

    def refuses(self, caller: Caller) -> bool:
        """Tell whether an entry in force hits this caller; says nothing about whether the copy can be relied on."""
        if not self._by_name:
            return False
        for name in named(caller):
            entries = self._by_name.get(name)
            if entries and any(hits(entry, caller) for entry in entries.values()):
                return True
        return False

    def refusal(self, caller: Caller) -> AppError | None:
        """Give why this caller is not let through now: Unauthorized when access has ended, Unavailable when unknown."""
        if caller.audience_class in NEVER_JUDGED:
            return None
        if self.refuses(caller):
            return Unauthorized()
        return None if self.is_confirmed else Unavailable()

    async def renewed(self, caller: Caller) -> None:
        """Give a copy that could not be confirmed in time a moment to be, before this caller is judged by it."""
        if caller.audience_class in NEVER_JUDGED:
            return
        until = time.monotonic() + PATIENCE_SECONDS
        # an event of asyncio belongs to one loop, and a copy may outlive it
        while not self.is_confirmed and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def judge_soon(self, caller: Caller) -> None:
        """Judge a caller by a copy that can be relied on."""
        if self.lets_everybody_in:
            return
        await self.renewed(caller)
        self.judge(caller)

    def judge(self, caller: Caller) -> None:
        """Let a caller through, or raise what `refusal` gives."""
        refusal = self.refusal(caller)
        if refusal is not None:
            raise refusal
