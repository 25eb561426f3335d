"""Plain routes without FastAPI's dependency solver: the same signature, the same checks, less than half the time.

Takes routes of the plain kind only (work, request, path ids, one query model, If-Match, one body); every other route
stays FastAPI's. Nothing is decided here.
"""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from inspect import isasyncgenfunction
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from shared.lines import Lines, lines_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def plain_handler(dependant: Dependant) -> Handler | None:
    """Make the handler of a plain route, or None when the route is of another kind."""
    model = _model_of(dependant)
    if not _is_plain(dependant, model):
        return None
    opening, endpoint = dependant.dependencies[0], dependant.call
    opened = asynccontextmanager(opening.call)  # type: ignore[arg-type]
    ids = {field.name: field.field_info.annotation is UUID for field in dependant.path_params}
    query_name = dependant.query_params[0].name if model else ""
    lists = _list_fields(model) if model else frozenset()
    one_by_one = [
        *((field, "header") for field in dependant.header_params),
        *((field, "body") for field in dependant.body_params),
    ]

    async def handle(request: Request) -> Response:
        values: dict[str, Any] = _path_values(request.scope["path_params"], ids)
        if model is not None:
            values[query_name] = _query(model, lists, request.scope["query_string"])
        for field, place in one_by_one:
            values[field.name] = await _value(request, field, place)
        if dependant.request_param_name:
            values[dependant.request_param_name] = request
        # leaving the block commits: the answer goes out after it
        async with opened(request) as work:
            values[str(opening.name)] = work
            answer: Response = await endpoint(**values)  # type: ignore[misc]
        return answer

    return handle


def _is_plain(dependant: Dependant, model: type[BaseModel] | None) -> bool:
    if len(dependant.dependencies) != 1 or dependant.call is None:
        return False
    opening = dependant.dependencies[0]
    # only a dependency that is left again can be opened around the endpoint
    is_simple = (
        isasyncgenfunction(opening.call) and opening.name is not None and opening.request_param_name == "request"
    )
    asks_more = (
        opening.dependencies
        or opening.query_params
        or opening.path_params
        or opening.header_params
        or opening.body_params
    )
    return (
        is_simple
        and not asks_more
        and not dependant.cookie_params
        and len(dependant.query_params) <= 1
        and len(dependant.header_params) <= 1
        and len(dependant.body_params) <= 1
        and bool(model) == bool(dependant.query_params)
    )


async def _value(request: Request, field: Any, place: str) -> Any:
    """Validate a header or the body, with the errors that FastAPI would give."""
    if row := streamed_row(field):
        return lines_of(request, row)
    sent = request.headers.get(field.alias) if place == "header" else await request.body()
    location = (place, field.alias) if place == "header" else ("body",)
    if sent is None and not field.field_info.is_required():
        return field.get_default()
    if sent is None:
        raise RequestValidationError([{"type": "missing", "loc": location, "msg": "Field required"}])
    value, errors = field.validate(sent, {}, loc=location)
    if errors:
        raise RequestValidationError(errors)
    return value


def streamed_row(body: Any) -> Any:
    """Give what each line of a body is that is read as it comes; None for any other body."""
    annotation = body.field_info.annotation
    return get_args(annotation)[0] if get_origin(annotation) is Lines else None


def _model_of(dependant: Dependant) -> type[BaseModel] | None:
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return annotation
    return None


def _list_fields(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, field in model.model_fields.items() if _holds_list(field.annotation))


def _holds_list(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(_holds_list(each) for each in get_args(annotation))


def _path_values(path: Mapping[str, str], ids: Mapping[str, bool]) -> dict[str, Any]:
    return {name: UUID(path[name]) if is_id else path[name] for name, is_id in ids.items()}


def _query(model: type[BaseModel], lists: frozenset[str], query: bytes) -> BaseModel:
    read: dict[str, Any] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        if name in lists:
            read.setdefault(name, []).append(value)
        else:
            read[name] = value
    try:
        return model.model_validate(read)
    except ValidationError as error:
        found = [
            {**each, "loc": ("query", *each["loc"])} for each in error.errors(include_url=False, include_input=False)
        ]
        raise RequestValidationError(found) from None
