"""The HTTP edge: uvicorn's protocol made to refuse what it would let through, with problem answers only.

A client that is slow, half-open or does not read costs its own connection and nothing else.
"""

import asyncio
from uuid import uuid4

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.errors import PROBLEM_MEDIA_TYPE, AppError, BadRequest, TooSlow, problem_body
from shared.settings import Limits

LIMITS = Limits()
LOOK_EVERY_SECONDS = 1.0
#: A body is judged by what came in each stretch of so many seconds.
STRETCH_SECONDS = 5.0
#: Lines and names around the headers that the limits count.
HEAD_BYTES = LIMITS.header_bytes + LIMITS.path_bytes + 4 * LIMITS.header_fields + 1_024


class ProblemProtocol(HttpToolsProtocol):
    """Refuses absolute-form targets, fragments and oversized heads, ends slow connections, and answers as problem+json."""

    _watch: asyncio.TimerHandle | None = None
    #: Since when the head of a request is waited for; None while none is due.
    _head_since: float | None = None
    _head_bytes = 0
    #: Since when this stretch of a body is counted; None while no body is due.
    _body_since: float | None = None
    _body_bytes = 0
    #: Since when nothing was taken of what waits to be sent.
    _unread_since: float | None = None
    _unread_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look after the connection."""
        super().connection_made(transport)
        self._head_since = self.loop.time()
        self._watch = self.loop.call_later(LOOK_EVERY_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop looking after it."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count the bytes of a head that is not whole, and refuse one that never ends."""
        if self._head_since is None and self._body_since is None and not self._is_answering():
            self._head_since, self._head_bytes = self.loop.time(), 0
        if self._head_since is not None:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head_since is not None and self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("")

    def on_headers_complete(self) -> None:
        """Judge target and headers before any app code runs."""
        self._head_since = None
        self._body_since, self._body_bytes = self.loop.time(), 0
        size = sum(len(name) + len(value) for name, value in self.headers)
        hosts = sum(name == b"host" for name, _value in self.headers)
        too_many = len(self.headers) > LIMITS.header_fields or size > LIMITS.header_bytes or hosts > 1
        if not self.url.startswith(b"/") or b"#" in self.url or too_many:
            raise ValueError("refused")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count what comes of a body."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is whole."""
        self._body_since = None
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the message may repeat the input
        """Answer 400 and close."""
        self._refuse(BadRequest("the request cannot be read"), "400 Bad Request")

    def _look(self) -> None:
        """Look once a second whether the client does its part."""
        now = self.loop.time()
        self._watch = self.loop.call_later(LOOK_EVERY_SECONDS, self._look)
        if self._is_left_unread(now):
            self.transport.abort()
        elif self.transport.is_closing():
            return
        elif self._head_since is not None and now - self._head_since > LIMITS.head_seconds:
            self._too_slow(has_begun=self._head_bytes > 0)
        elif self._is_body_slow(now):
            self._too_slow(has_begun=not self.cycle.response_started)

    def _is_left_unread(self, now: float) -> bool:
        """Tell whether an answer has been waiting, with nothing of it taken, for too long."""
        left, before = self.transport.get_write_buffer_size(), self._unread_bytes
        self._unread_bytes = left
        if not left or left < before or self._unread_since is None:
            self._unread_since = now if left else None
            return False
        return now - self._unread_since > LIMITS.unread_seconds

    def _is_body_slow(self, now: float) -> bool:
        """Tell whether too little of a body came in this stretch; waiting for us is not the client's fault."""
        if self._body_since is None:
            return False
        stretch = now - self._body_since
        if stretch < STRETCH_SECONDS and not self.flow.read_paused:
            return False
        is_slow = not self.flow.read_paused and self._body_bytes < LIMITS.body_bytes_per_second * stretch
        self._body_since, self._body_bytes = now, 0
        return is_slow

    def _too_slow(self, *, has_begun: bool) -> None:
        """End the connection; who has begun to ask is told why."""
        if has_begun:
            self._refuse(TooSlow("the request came too slowly; nothing was changed"), "408 Request Timeout")
        else:
            self._cut_off()
            self.transport.close()

    def _refuse(self, problem: AppError, status: str) -> None:
        self._cut_off()
        body = problem_body(problem, str(uuid4()))
        head = (
            f"HTTP/1.1 {status}\r\ncontent-type: {PROBLEM_MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
            "cache-control: no-store\r\nx-content-type-options: nosniff\r\nreferrer-policy: no-referrer\r\n"
            "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _cut_off(self) -> None:
        """Let the app, if it waits for the rest of a body, learn that none comes."""
        self._head_since = self._body_since = None
        if self._is_answering():
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def _is_answering(self) -> bool:
        """Tell whether a request is being worked on; there is no cycle before the first, whatever its type says."""
        return bool(getattr(self.cycle, "response_complete", True)) is False
