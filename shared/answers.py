"""Every error becomes a problem document; the log gets its kind and place, never what somebody told us."""

import logging
from pathlib import Path

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from shared.errors import (
    PROBLEM_MEDIA_TYPE,
    AppError,
    BadRequest,
    Conflict,
    FieldError,
    Internal,
    MethodNotAllowed,
    NotFound,
    PreconditionRequired,
    TooLarge,
    Unavailable,
    Unprocessable,
    problem_body,
)
from shared.schemas import field_errors
from shared.workflow import IllegalTransition

log = logging.getLogger("a22")


def answered(request: Request, error: Exception) -> Response:
    """Answer any error with its problem document; what broke on our side is logged under the request id."""
    problem = _as_problem(request, error)
    if problem.status >= 500 and not isinstance(problem, Unavailable):
        log.error("request %s failed: %s", request.scope.get("a22.request_id"), traced(error))
    body = problem_body(problem, request.scope["a22.request_id"])
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(body, problem.status, headers=headers, media_type=PROBLEM_MEDIA_TYPE)


def answer_errors(app: FastAPI) -> None:
    """Answer every error of the routes that stay the framework's."""

    async def answer(request: Request, error: Exception) -> Response:
        return answered(request, error)

    kinds = (
        AppError,
        IllegalTransition,
        RequestValidationError,
        HTTPException,
        asyncpg.PostgresError,
        DBAPIError,
        TimeoutError,
        Exception,
    )
    for kind in kinds:
        app.add_exception_handler(kind, answer)


def traced(error: BaseException) -> str:
    """Name the kind of an error and where it arose; its message may hold what somebody told us."""
    frames, trace = [], error.__traceback__
    while trace is not None:
        frames.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' < '.join(reversed(frames[-8:]))}"


def _as_problem(request: Request, error: Exception) -> AppError:
    if isinstance(error, RequestValidationError):
        return _invalid(request, error)
    return as_problem(error)


def as_problem(error: Exception) -> AppError:
    """Give the refusal that an error is for whoever asked; what is not ours to explain is Internal."""
    if isinstance(error, AppError):
        return error
    if isinstance(error, IllegalTransition):
        return Conflict(str(error), code="illegal_transition")
    if isinstance(error, ClientDisconnect):
        return BadRequest("the request ended before it was whole; nothing was changed")
    if isinstance(error, HTTPException):
        known = {404: NotFound(), 405: MethodNotAllowed(), 413: TooLarge("the body is too large")}
        return known.get(error.status_code, BadRequest("the request cannot be read"))
    cause = error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig else error
    if isinstance(cause, asyncpg.UniqueViolationError):
        return Conflict("something with this name or number exists already", code="already_exists")
    if isinstance(
        cause, asyncpg.ForeignKeyViolationError | asyncpg.ExclusionViolationError | asyncpg.CheckViolationError
    ):
        return Conflict("the record does not allow this", code="constraint")
    if isinstance(cause, asyncpg.SerializationError | asyncpg.DeadlockDetectedError | asyncpg.LockNotAvailableError):
        return Unavailable("somebody else is changing the same thing; try again")
    if isinstance(cause, asyncpg.QueryCanceledError | TimeoutError):
        return Unavailable("this took too long; nothing was changed")
    if isinstance(
        cause,
        asyncpg.OperatorInterventionError
        | asyncpg.PostgresConnectionError
        | asyncpg.InsufficientResourcesError
        | ConnectionError
        | PoolTimeoutError,
    ):
        return Unavailable()
    return Internal()


def _invalid(request: Request, error: RequestValidationError) -> AppError:
    found = error.errors()
    if any(each["loc"][:2] == ("header", "If-Match") and each["type"] == "missing" for each in found):
        return PreconditionRequired()
    if any(each["type"] == "json_invalid" for each in found):
        return BadRequest("the body is not JSON", code="malformed_json")
    body = request.scope.get("a22.body", b"")
    in_body = [each for each in found if each["loc"][0] == "body"]
    elsewhere = [
        FieldError(f"/{each['loc'][-1]}", each["type"], "this parameter is not acceptable")
        for each in found
        if each["loc"][0] != "body"
    ]
    return Unprocessable("a value is not acceptable", errors=[*elsewhere, *field_errors(in_body, body)][:100])
