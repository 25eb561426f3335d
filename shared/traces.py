"""W3C Trace Context: which trace a request belongs to, taken from `traceparent` where that is exactly as it should be.

https://www.w3.org/TR/trace-context/ . `tracestate` is neither read nor handed on: it may carry anything.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

HEADER = b"traceparent"
_FORM = re.compile(rb"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_NO_TRACE, _NO_SPAN = b"0" * 32, b"0" * 16


@dataclass(frozen=True, slots=True)
class Trace:
    """One span of a trace: lower-case hex ids, and the flags byte, of which bit 0 says that it is recorded."""

    trace_id: str
    span_id: str
    flags: str = "01"
    parent_id: str = ""
    """The caller's span; empty where the trace begins here."""

    def header(self) -> str:
        """Write it as `traceparent`."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def begun(headers: Iterable[tuple[bytes, bytes]]) -> Trace:
    """Go on with the caller's trace; begin a new one where there is none, two, or one that is malformed."""
    found = [value for name, value in headers if name == HEADER]
    form = _FORM.fullmatch(found[0]) if len(found) == 1 else None
    if form is None or form[1] == _NO_TRACE or form[2] == _NO_SPAN:
        both = secrets.token_hex(24)
        return Trace(both[:32], both[32:])
    # only the first flag is known in version 00: the others are not handed on
    flags = "01" if int(form[3], 16) & 1 else "00"
    return Trace(form[1].decode(), secrets.token_hex(8), flags, form[2].decode())
