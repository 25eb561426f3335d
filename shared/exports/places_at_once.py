"""How many exports of one service run at once: each holds a connection for as long as somebody reads."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from shared.caller import Caller
from shared.errors import Unavailable

PUBLIC = "public"


class PlacesAtOnce:
    """At most a third of the pool exports, and at most half of that for those who come without a token."""

    def __init__(self, pool_size: int) -> None:
        """Take the size of the service's pool of connections."""
        self._most = max(1, pool_size // 3)
        self._most_public = max(1, self._most // 2)
        self._taken: Counter[str] = Counter()

    @contextmanager
    def one(self, caller: Caller) -> Iterator[None]:
        """Hold a place; Unavailable when none is free."""
        kind = PUBLIC if caller.audience_class == PUBLIC else "token"
        most = self._most_public if kind == PUBLIC else self._most
        if self._taken[kind] >= most or self._taken.total() >= self._most:
            raise Unavailable("as many exports run as can run at once; try again", retry_after=10)
        self._taken[kind] += 1
        try:
            yield
        finally:
            self._taken[kind] -= 1
