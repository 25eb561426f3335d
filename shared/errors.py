"""Errors as facts, and problem details (RFC 9457) as the only way they leave.

Never puts the input, the text of an exception that is not ours, SQL, a path or a class name into an answer.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar, NoReturn

Send = Callable[[Any], Awaitable[None]]

PROBLEM_MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one member of what was sent: a JSON pointer, a stable code, a sentence without the value."""

    pointer: str
    code: str
    detail: str

    def shown(self) -> dict[str, str]:
        """Give the member of `errors[]`."""
        return {"pointer": self.pointer, "code": self.code, "detail": self.detail}


class AppError(Exception):
    """A refusal that the caller may know of. Subclasses carry their status."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Make an error from a fact (`detail`), a stable code, and what is wrong with which member."""
        super().__init__(detail)
        self.detail = detail
        self.problem_code = code or self.code
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


class BadRequest(AppError):
    """The request cannot be read."""

    status, code = 400, "malformed_request"


class Unauthorized(AppError):
    """No acceptable token. Every cause answers alike."""

    status, code = 401, "unauthorized"

    def __init__(self) -> None:
        """Make the one 401 of the API."""
        super().__init__("a valid access token is needed", headers={"WWW-Authenticate": "Bearer"})


class StepUpRequired(AppError):
    """The login is too weak or too old for this act (RFC 9470)."""

    status, code = 401, "insufficient_user_authentication"

    def __init__(self) -> None:
        """Make the one step-up answer of the API."""
        challenge = 'Bearer error="insufficient_user_authentication", acr_values="strong", max_age="600"'
        super().__init__(
            "log in again with a second factor, at most ten minutes ago", headers={"WWW-Authenticate": challenge}
        )


class Forbidden(AppError):
    """The audience or a scope is missing: the one 403, the same bytes for every cause."""

    status, code = 403, "forbidden"

    def __init__(self) -> None:
        """Make the one 403 of the API."""
        super().__init__("this token does not allow this operation")


class NotFound(AppError):
    """Hidden, absent and malformed look the same."""

    status, code = 404, "not_found"

    def __init__(self) -> None:
        """Make the one 404 of the API."""
        super().__init__("there is nothing here that this caller may see")


class MethodNotAllowed(AppError):
    """The path exists, the method does not."""

    status, code = 405, "method_not_allowed"

    def __init__(self, methods: Iterable[str] = ()) -> None:
        """Say which methods there are."""
        super().__init__("this path does not take this method", headers={"Allow": ", ".join(sorted(methods))})


class NotAcceptable(AppError):
    """This list is not given in a form that the caller accepts; the same answer whatever stands behind it."""

    status, code = 406, "not_acceptable"

    def __init__(self) -> None:
        """Make the one 406 of the API."""
        super().__init__("this is not given in any form that the Accept header takes")


class TooSlow(AppError):
    """The request did not come in time."""

    status, code = 408, "request_timeout"


class Conflict(AppError):
    """The state of the thing does not allow the act."""

    status, code = 409, "conflict"


class PreconditionFailed(AppError):
    """The thing has changed since the caller read it."""

    status, code = 412, "precondition_failed"

    def __init__(self) -> None:
        """Make the one 412 of the API."""
        super().__init__("it has changed since it was read; read it again and repeat with the new ETag")


class PreconditionRequired(AppError):
    """A change without saying which version it is meant for."""

    status, code = 428, "precondition_required"

    def __init__(self) -> None:
        """Make the one 428 of the API."""
        super().__init__("send If-Match with the ETag of the version that you read")


class TooLarge(AppError):
    """More than a limit allows."""

    status, code = 413, "too_large"


class UnsupportedMediaType(AppError):
    """The body is of a kind that this operation does not take."""

    status, code = 415, "unsupported_media_type"


class Unprocessable(AppError):
    """The body can be read and makes no sense."""

    status, code = 422, "invalid_request"


class TooManyRequests(AppError):
    """A rate limit was reached."""

    status, code = 429, "too_many_requests"


class Unavailable(AppError):
    """A part of the system is out of reach; nothing was done."""

    status, code = 503, "unavailable"

    def __init__(
        self, detail: str = "a part of the system is out of reach; nothing was changed", *, retry_after: int = 2
    ) -> None:
        """Make a 503 that says when to try again, in seconds."""
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class OutcomeUnknown(Unavailable):
    """The answer of the database or of a service was lost: the act may have been kept or not."""

    code = "outcome_unknown"

    def __init__(self) -> None:
        """Make a 503 that does not promise that nothing was changed."""
        super().__init__(
            "the answer was lost, and this may have been kept or not: repeat it with the same Idempotency-Key, or look"
        )


class Internal(AppError):
    """Something broke. The cause is in the log under the request id."""

    def __init__(self) -> None:
        """Make the one 500 of the API."""
        super().__init__("something broke on our side; the request id finds it in the log")


def invalid(pointer: str, code: str, detail: str) -> NoReturn:
    """Refuse one member of the body with 422."""
    raise Unprocessable("a value is not acceptable", errors=[FieldError(pointer, code, detail)])


def problem_body(error: AppError, request_id: str) -> bytes:
    """Render a problem document; `type` resolves under /problems/."""
    problem: dict[str, Any] = {
        "type": f"/problems/{error.problem_code.replace('_', '-')}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": error.problem_code,
        "detail": error.detail,
        "instance": f"urn:uuid:{request_id}",
    }
    if error.errors:
        problem["errors"] = [each.shown() for each in error.errors]
    return json.dumps(problem, separators=(",", ":")).encode()


async def send_problem(send: Send, error: AppError, request_id: str) -> None:
    """Answer an ASGI request with a problem document."""
    body = problem_body(error, request_id)
    headers = [
        (b"content-type", PROBLEM_MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *((name.lower().encode(), value.encode()) for name, value in error.headers.items()),
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
