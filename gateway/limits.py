"""Rate limits by caller class, in memory of this process; what they say tells nothing of hidden things."""

import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from shared.access import Operation
from shared.caller import Caller
from shared.errors import TooManyRequests
from shared.settings import Limits

_MOST_BUCKETS = 20_000


@dataclass
class _Bucket:
    left: float
    at: float


def _name(caller: Caller, address: str) -> str:
    """Name whom a limit is counted for: the caller, or, without a token, the address."""
    return f"{caller.audience_class} {caller.issuer} {caller.subject or address}"


class RateLimits:
    """One token bucket for each caller (or, without a token, each address)."""

    def __init__(self, limits: Limits) -> None:
        """Take the limits from the settings."""
        self._limits = limits
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._under_way: Counter[str] = Counter()

    def quota(self, caller: Caller) -> int:
        """Give the requests a second that this class of caller may make."""
        if caller.audience_class == "service":
            return 100_000
        if caller.is_machine:
            return self._limits.machine_requests_per_second
        if caller.audience_class == "expert":
            return self._limits.expert_requests_per_second
        if caller.audience_class == "public":
            return self._limits.public_requests_per_second
        return self._limits.person_requests_per_second

    def take(self, caller: Caller, address: str) -> tuple[bytes, bytes]:
        """Count one request; gives the values of RateLimit and RateLimit-Policy, or raises TooManyRequests."""
        quota = self.quota(caller)
        left = self._take(_name(caller, address), quota, per_seconds=1)
        if left < 0:
            raise TooManyRequests("slow down", headers={"Retry-After": "1"})
        return (
            f'"{caller.audience_class}";r={int(left)};t=1'.encode(),
            f'"{caller.audience_class}";q={quota};w=1'.encode(),
        )

    @contextmanager
    def at_once(self, operation: Operation, caller: Caller, address: str, *, is_export: bool) -> Iterator[None]:
        """Count an export while it is read and a machine's bulk body while it is sent; one too many raises TooManyRequests."""
        if is_export:
            kind, most = "exports", self._limits.exports_at_once
        elif operation.bulk and caller.is_machine and caller.audience_class != "service":
            kind, most = "bulk bodies", self._limits.bulk_at_once
        else:
            yield
            return
        name = f"{kind} {_name(caller, address)}"
        if self._under_way[name] >= most:
            raise TooManyRequests(f"{most} {kind} at a time; wait for one to end", headers={"Retry-After": "10"})
        self._under_way[name] += 1
        try:
            yield
        finally:
            self._under_way[name] -= 1
            if not self._under_way[name]:
                del self._under_way[name]

    def failed(self, address: str) -> None:
        """Count a failed authentication of an address; too many in a minute answer 429 instead of 401."""
        if self._take(f"failed {address}", self._limits.failed_authentications_per_minute, per_seconds=60) < 0:
            raise TooManyRequests("too many failed logins from this address", headers={"Retry-After": "60"})

    def ending(self, client_id: str) -> None:
        """Count a token that a machine ends by itself; one too many in an hour raises TooManyRequests."""
        most = self._limits.ended_tokens_per_hour
        if self._take(f"ending {client_id}", most, per_seconds=3600) < 0:
            raise TooManyRequests(f"{most} tokens an hour", headers={"Retry-After": "60"})

    def _take(self, key: str, quota: int, *, per_seconds: int) -> float:
        now = time.monotonic()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(quota, now)
            if len(self._buckets) > _MOST_BUCKETS:
                self._buckets.popitem(last=False)
        bucket.left = min(quota, bucket.left + (now - bucket.at) * quota / per_seconds)
        bucket.at = now
        bucket.left = max(bucket.left - 1, -1)
        self._buckets.move_to_end(key)
        return bucket.left
