"""Spans of requests for a collector (OpenTelemetry, OTLP over HTTP): off unless A22_OTLP_ENDPOINT is set.

A span says which operation, how it ended and how long it took. It is made of fields of ours alone, and what goes out passes a
processor that knows nothing but those: no path, query, header, body, person or text of an error can be in one.
"""

import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared.access import Operation
from shared.traces import Trace

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor

#: The only attributes there are, each with the form that its value must have.
ALLOWED = {
    "a22.operation": re.compile(r"[a-z]+\.[a-z_]{1,80}"),
    "a22.service": re.compile(r"[a-z]{1,20}"),
    "a22.audience": re.compile(r"[a-z]{1,20}"),
    "http.response.status_code": re.compile(r"[1-5][0-9]{2}"),
}
UNKNOWN = "request"


def is_allowed(name: str, value: Any) -> bool:
    """Tell whether an attribute may leave: its name is known and its value is of the known form."""
    return name in ALLOWED and ALLOWED[name].fullmatch(str(value)) is not None


def redacting(following: "SpanProcessor") -> "SpanProcessor":
    """Put a wall before a processor: whatever span ends, only what is allowed of it goes on."""
    from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor  # noqa: PLC0415 - loaded only where it is wanted
    from opentelemetry.trace.status import Status  # noqa: PLC0415

    class Redacting(SpanProcessor):
        """Hands on a copy with known attributes; without events, links and descriptions."""

        def on_end(self, span: "ReadableSpan") -> None:
            kept = {name: value for name, value in (span.attributes or {}).items() if is_allowed(name, value)}
            copy = ReadableSpan(
                name=str(kept.get("a22.operation", UNKNOWN)), context=span.context, parent=span.parent, resource=span.resource,
                attributes=kept, kind=span.kind, status=Status(span.status.status_code), start_time=span.start_time,
                end_time=span.end_time, instrumentation_scope=span.instrumentation_scope,
            )  # fmt: skip
            following.on_end(copy)

        def shutdown(self) -> None:
            following.shutdown()

        def force_flush(self, timeout_millis: int = 30_000) -> bool:
            return following.force_flush(timeout_millis)

    return Redacting()


class Spans:
    """Makes the spans of one process; they are sent in batches in the background."""

    def __init__(self, processor: "SpanProcessor", part: str) -> None:
        """Send through a processor, in the name of a part of the system."""
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415

        self._processor = redacting(processor)
        # not Resource.create: that would take host, user and command line from the machine
        self._resource = Resource({"service.name": f"article22-{part}"})

    def end(self, trace: Trace, told: Mapping[str, Any], *, seconds: float) -> None:
        """Make the span of a request that has been answered just now."""
        from opentelemetry import trace as otel  # noqa: PLC0415
        from opentelemetry.sdk.trace import ReadableSpan  # noqa: PLC0415

        if trace.flags != "01":
            return
        ended = time.time_ns()
        status = told.get("status") or 0
        code = otel.StatusCode.ERROR if status >= 500 else otel.StatusCode.UNSET
        attributes = {f"a22.{name}": told[name] for name in ("operation", "service", "audience") if name in told}
        span = ReadableSpan(
            name=str(told.get("operation", UNKNOWN)),
            context=_context(trace.trace_id, trace.span_id),
            parent=_context(trace.trace_id, trace.parent_id) if trace.parent_id else None,
            resource=self._resource,
            attributes={**attributes, "http.response.status_code": status},
            kind=otel.SpanKind.SERVER,
            status=otel.Status(code),
            start_time=ended - int(seconds * 1e9),
            end_time=ended,
        )
        self._processor.on_end(span)

    def close(self) -> None:
        """Send what waits, and end."""
        self._processor.shutdown()


def _context(trace_id: str, span_id: str) -> Any:
    from opentelemetry.trace import SpanContext, TraceFlags  # noqa: PLC0415

    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))


class _Telemetry:
    """Where the spans of this process go; nowhere until `begin`."""

    spans: Spans | None = None


def begin(endpoint: str, part: str) -> Spans:
    """Send the spans of this process to a collector's OTLP address (such as http://127.0.0.1:4318/v1/traces)."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    _Telemetry.spans = Spans(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=10)), part)
    return _Telemetry.spans


def end() -> None:
    """Send what waits, and go quiet."""
    if _Telemetry.spans is not None:
        _Telemetry.spans.close()
        _Telemetry.spans = None


def tell(trace: Trace, told: Mapping[str, Any], *, seconds: float) -> None:
    """Make the span of a request, if spans are wanted here."""
    if _Telemetry.spans is not None:
        _Telemetry.spans.end(trace, told, seconds=seconds)


def about(operation: Operation | None, status: int | None) -> dict[str, Any]:
    """Give what a log line and a span may say of a request: what was done and how it ended, never to what or by whom."""
    told: dict[str, Any] = {"status": status}
    if operation is not None:
        told |= {"operation": operation.key, "service": operation.service, "audience": operation.audience}
    return told


def is_on() -> bool:
    """Tell whether spans are wanted here."""
    return _Telemetry.spans is not None
