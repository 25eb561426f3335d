"""The HTTP edge: uvicorn's protocol made to refuse what it would let through, with problem answers only."""

from uuid import uuid4

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.errors import PROBLEM_MEDIA_TYPE, BadRequest, problem_body
from shared.settings import Limits

LIMITS = Limits()


class ProblemProtocol(HttpToolsProtocol):
    """Refuses absolute-form targets, fragments and oversized headers, and answers 400 as problem+json."""

    def on_headers_complete(self) -> None:
        """Judge target and headers before any app code runs."""
        size = sum(len(name) + len(value) for name, value in self.headers)
        hosts = sum(name == b"host" for name, _value in self.headers)
        too_many = len(self.headers) > LIMITS.header_fields or size > LIMITS.header_bytes or hosts > 1
        if not self.url.startswith(b"/") or b"#" in self.url or too_many:
            raise ValueError("refused")
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the message may repeat the input
        """Answer 400 and close."""
        body = problem_body(BadRequest("the request cannot be read"), str(uuid4()))
        head = (
            f"HTTP/1.1 400 Bad Request\r\ncontent-type: {PROBLEM_MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
            "cache-control: no-store\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
