"""Spans: what leaves the process says what was done and how it ended, and cannot say anything else."""

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import uuid4

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceFlags

from shared import telemetry
from shared.telemetry import is_allowed, redacting
from tests.people import People

SECRET = "told-in-confidence"
CONTEXT = SpanContext(1, 2, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def test_whatever_is_in_a_span_only_what_is_allowed_goes_on() -> None:
    kept = InMemorySpanExporter()
    processor = redacting(SimpleSpanProcessor(kept))
    attributes: dict[str, Any] = {
        "a22.operation": "npm.get_place", "http.response.status_code": 404, "url.query": SECRET, "url.path": f"/v1/npm/places/{SECRET}",
        "a22.service": f"visits {SECRET}", "a22.person": SECRET, "exception.message": SECRET, "a22.audience": SECRET.upper(),
    }  # fmt: skip

    processor.on_end(
        ReadableSpan(
            name=SECRET, context=CONTEXT, attributes=attributes, events=[Event(SECRET, {"exception.message": SECRET})],
            links=[Link(CONTEXT, {"link": SECRET})], status=Status(StatusCode.ERROR, SECRET), resource=Resource({"service.name": "a"}),
            start_time=1, end_time=2,
        )
    )  # fmt: skip

    span = kept.get_finished_spans()[0]
    assert SECRET not in span.to_json()
    assert SECRET.upper() not in span.to_json()
    assert json.loads(span.to_json())["attributes"] == {
        "a22.operation": "npm.get_place",
        "http.response.status_code": 404,
    }
    assert (span.name, span.status.status_code) == ("npm.get_place", StatusCode.ERROR)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("a22.operation", "npm.get_place", True), ("a22.operation", "npm.get_place of Ana", False), ("a22.operation", str(uuid4()), False),
        ("a22.service", "visits", True), ("a22.service", "5", False), ("http.response.status_code", 200, True),
        ("http.response.status_code", 20_000, False), ("url.path", "/v1", False), ("a22.other", "x", False),
    ],
)  # fmt: skip
def test_a_name_and_a_form_are_needed(name: str, value: Any, allowed: bool) -> None:
    assert is_allowed(name, value) is allowed


class Collector(HTTPServer):
    """Keeps what is sent to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiving)
        self.bodies: list[bytes] = []


class Receiving(BaseHTTPRequestHandler):
    """Takes OTLP over HTTP."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, Collector)
        self.server.bodies.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's own name
        """Stay quiet."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    """Run a collector on loopback."""
    made = Collector()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join(5)


async def test_a_collector_gets_spans_of_our_trace_and_nothing_of_what_was_asked(
    people: People, collector: Collector
) -> None:
    if people.app is None:
        pytest.skip("spans of the five processes go where their settings say; it is the same code")
    trace, parent, place = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", str(uuid4())
    staff = await people.as_("staff")
    telemetry.begin(f"http://127.0.0.1:{collector.server_port}/v1/traces", "gateway")
    try:
        headers = {"traceparent": f"00-{trace}-{parent}-01"}
        answers = [
            await staff.get(f"/npm/places/{place}", headers=headers),
            await staff.get(f"/npm/places?name={SECRET}", headers=headers),
            await staff.post("/npm/places", {"name": SECRET}, headers=headers),
            await people.stranger().get(f"/npm/places/{place}", headers=headers),
            await staff.get(f"/npm/places/{place}", headers={"traceparent": f"00-{'a' * 32}-{parent}-00"}),
        ]
    finally:
        telemetry.end()

    spans = [
        span
        for body in collector.bodies
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    sent = b"".join(collector.bodies)
    assert [span.name for span in spans] == ["npm.get_place", "npm.list_places", "npm.register_place", "request"]
    assert {span.trace_id.hex() for span in spans} == {trace}
    assert {span.parent_span_id.hex() for span in spans} == {parent}
    shown = [answer.headers["traceparent"].split("-")[2] for answer in answers[:4]]
    assert [span.span_id.hex() for span in spans] == shown
    assert all(each.encode() not in sent for each in (SECRET, place, str(staff.token), "e7a9502e"))
    assert {pair.key for span in spans for pair in span.attributes} <= set(telemetry.ALLOWED)
    assert not telemetry.is_on()
