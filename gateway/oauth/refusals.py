"""What is answered under /oauth when a request is refused: the error bodies of RFC 6749 §5.2 with fixed sentences.

Nothing of what was sent stands in an answer, and a client that does not exist answers as one that failed.
"""

import json
from collections.abc import Mapping
from typing import ClassVar

from starlette.responses import Response

from shared.errors import AppError, TooManyRequests, Unavailable

#: RFC 6749 §5.1: nothing here is ever kept.
NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthRefused(Exception):
    """A refusal under /oauth. Subclasses carry the code and the status."""

    code: ClassVar[str] = "server_error"
    status: ClassVar[int] = 500

    def __init__(self, description: str, *, headers: Mapping[str, str] | None = None) -> None:
        """Make a refusal from a fixed sentence without quotes and backslashes (RFC 6749 §5.2)."""
        super().__init__(description)
        self.description = description
        self.headers = dict(headers or {})

    def answer(self) -> Response:
        """Render the body."""
        body = json.dumps({"error": self.code, "error_description": self.description}, separators=(",", ":"))
        return Response(body, self.status, headers={**NOT_KEPT, **self.headers}, media_type="application/json")


class InvalidRequest(OAuthRefused):
    """The request cannot be read, or a parameter is missing or stands twice."""

    code, status = "invalid_request", 400


class InvalidClient(OAuthRefused):
    """The client did not prove itself. Every cause answers alike."""

    code, status = "invalid_client", 401

    def __init__(self) -> None:
        """Make the one refusal of an unproven client."""
        super().__init__(
            "authenticate with private_key_jwt: an ES256 assertion of a registered key, for this issuer alone, at most "
            "60 seconds long and used once"
        )


class UnauthorizedClient(OAuthRefused):
    """The client proved itself and may not do this now."""

    code, status = "unauthorized_client", 400


class UnsupportedGrantType(OAuthRefused):
    """Another grant than client_credentials."""

    code, status = "unsupported_grant_type", 400

    def __init__(self) -> None:
        """Make the one refusal of another grant."""
        super().__init__("the only grant is client_credentials")


class InvalidScope(OAuthRefused):
    """More was asked for than the client was registered for."""

    code, status = "invalid_scope", 400

    def __init__(self) -> None:
        """Make the one refusal of a scope."""
        super().__init__("a scope is malformed, or beyond what this client was registered for")


class TemporarilyUnavailable(OAuthRefused):
    """A part of the system is out of reach; nothing was done."""

    code, status = "temporarily_unavailable", 503

    def __init__(self) -> None:
        """Make a 503 that says when to try again."""
        super().__init__("a part of the system is out of reach; try again", headers={"Retry-After": "2"})


class SlowDown(OAuthRefused):
    """A rate limit was reached."""

    code, status = "temporarily_unavailable", 429

    def __init__(self, error: TooManyRequests) -> None:
        """Take over when to try again."""
        super().__init__("too many requests from this address", headers=error.headers)


class ServerError(OAuthRefused):
    """Something broke. The cause is in the log under the request id."""

    def __init__(self) -> None:
        """Make the one 500."""
        super().__init__("something broke on our side")


def as_refusal(error: AppError) -> OAuthRefused:
    """Turn a refusal of the API into the one that is answered here."""
    if isinstance(error, TooManyRequests):
        return SlowDown(error)
    if isinstance(error, Unavailable):
        return TemporarilyUnavailable()
    return InvalidRequest("the request cannot be read") if error.status < 500 else ServerError()
