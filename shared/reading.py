"""Reads without FastAPI's dependency solver: the same signature, the same checks, less than half the time.

Takes only GET routes of the plain kind (work, request, path ids, one query model); every other route stays FastAPI's.
"""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def reading_handler(dependant: Dependant, methods: set[str]) -> Handler | None:
    """Make the handler of a plain read, or None when the route is of another kind."""
    plain = methods == {"GET"} and len(dependant.dependencies) == 1
    if not plain or dependant.header_params or dependant.body_params or len(dependant.query_params) > 1:
        return None
    opening, endpoint = dependant.dependencies[0], dependant.call
    model = _model_of(dependant)
    if endpoint is None or opening.call is None or opening.name is None or (dependant.query_params and model is None):
        return None
    if opening.dependencies or opening.query_params or opening.path_params or opening.header_params:
        return None
    opened = asynccontextmanager(opening.call)
    ids = {field.name: field.field_info.annotation is UUID for field in dependant.path_params}
    query_name = dependant.query_params[0].name if model else ""
    lists = _list_fields(model) if model else frozenset()

    async def read(request: Request) -> Response:
        values: dict[str, Any] = _path_values(request.scope["path_params"], ids)
        if model is not None:
            values[query_name] = _query(model, lists, request.scope["query_string"])
        if dependant.request_param_name:
            values[dependant.request_param_name] = request
        async with opened(request) as work:
            values[str(opening.name)] = work
            answer: Response = await endpoint(**values)
        return answer

    return read


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
