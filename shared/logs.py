"""What a log line may hold: an allow-list of fields, and sentences of our own loggers only.

What a library writes becomes its name and level; its words may repeat what somebody told us.
"""

import errno
import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, NamedTuple

from shared.traces import Trace

OURS = ("a22", "deploy.postgres")
LONGEST_EVENT = 500
#: What a record may bring along as `extra={"told": {...}}`.
FIELDS = ("operation", "status", "duration_ms", "service", "audience")


class Concerned(NamedTuple):
    """The request that is being answered, and the span of its trace in this process."""

    request_id: str
    trace: Trace


#: Set where a request comes in, so that every line about it can be found by it.
REQUEST: ContextVar[Concerned | None] = ContextVar("a22_request", default=None)


class AllowedFields(logging.Formatter):
    """Writes a record as one JSON object of known fields; never an exception's text, never an argument by itself."""

    def __init__(self, part: str) -> None:
        """Name the part of the system that writes: `all`, `gateway` or a service."""
        super().__init__()
        self._part = part

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "timestamp": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "part": self._part,
        }
        line["event"] = record.getMessage()[:LONGEST_EVENT] if is_ours(record.name) else "foreign"
        if error := _error_of(record):
            line["error"] = error
        concerned = REQUEST.get()
        if concerned is not None:
            line |= {"request_id": concerned.request_id, "trace_id": concerned.trace.trace_id}
        told = getattr(record, "told", None)
        if is_ours(record.name) and isinstance(told, dict):
            line |= {name: told[name] for name in FIELDS if name in told}
        return json.dumps(line)


def _error_of(record: logging.LogRecord) -> str:
    """Name the kind of an error that a record brings along, and the system's own code for it; never its text."""
    brought = record.msg if isinstance(record.msg, BaseException) else (record.exc_info or (None, None))[1]
    if brought is None:
        return ""
    number = brought.errno if isinstance(brought, OSError) else None
    return f"{type(brought).__name__} {errno.errorcode.get(number or 0, '')}".strip()


def is_ours(logger: str) -> bool:
    """Tell whether a logger is one of ours, whose sentences hold ids of requests and kinds of errors only."""
    return any(logger == each or logger.startswith(f"{each}.") for each in OURS)
