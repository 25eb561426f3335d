"""The gateway's operation table, read from the services' committed documents; there is no catch-all.

An upstream path is rebuilt from matched, validated parameters; a query has known names only.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qsl, urlencode

from gateway import documents
from shared.access import Operation, OperationIndex, read_operation
from shared.errors import FieldError, Unprocessable
from shared.openapi import METHODS

#: As every parameter of ours is written; a name like this may be repeated in an answer.
_PLAIN_NAME = re.compile(r"[a-z_.-]{1,40}")


def table(
    services: Iterable[str] = documents.SOURCES, *, with_development: bool, with_inside: bool = False
) -> OperationIndex:
    """Read the operation table of the named services; what is asked inside alone is left out unless it is wanted."""
    found: list[Operation] = []
    for service in services:
        document = documents.committed(f"services/{service}")
        for path, item in document["paths"].items():
            for method in METHODS:
                if method in item:
                    operation = _read(item[method], document, method=method, path=path, service=service)
                    if (with_development or not operation.development) and (with_inside or not operation.inside):
                        found.append(operation)
    return OperationIndex(found)


def _read(told: Mapping[str, Any], document: Mapping[str, Any], *, method: str, path: str, service: str) -> Operation:
    query = [
        each for each in (_resolved(each, document) for each in told.get("parameters", ())) if each["in"] == "query"
    ]
    return replace(
        read_operation(told["x-access"]),
        method=method.upper(),
        path=path,
        service=service,
        query=tuple(each["name"] for each in query),
        repeatable=tuple(each["name"] for each in query if each["schema"].get("type") == "array"),
    )


def _resolved(parameter: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = parameter.get("$ref")
    if reference is None:
        return parameter
    found: Mapping[str, Any] = document["components"]["parameters"][reference.rsplit("/", 1)[1]]
    return found


def _not_taken(name: str, operation: Operation) -> str:
    """Name the parameter, where what was sent is a plain name; other than that nothing that was sent comes back."""
    if name in operation.query:
        return f"{name} is given twice"
    if not _PLAIN_NAME.fullmatch(name):
        return "a parameter is unknown here"
    near = get_close_matches(name, operation.query, n=1)
    meant = f"; {near[0]} is one" if near else f"; there are {', '.join(operation.query)}" if operation.query else ""
    return f"{name} is no parameter here{meant}"


def checked_query(operation: Operation, query: bytes) -> bytes:
    """Read a query strictly and write it anew: unknown names and repeated single values are 422 alike."""
    if not query:
        return b""
    try:
        pairs = parse_qsl(
            query.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=200, errors="strict"
        )
    except (ValueError, UnicodeDecodeError):
        raise Unprocessable("the query cannot be read", code="invalid_query") from None
    seen: set[str] = set()
    if any(letter < " " or letter == "\x7f" for _name, value in pairs for letter in value):
        raise Unprocessable("the query has control characters", code="invalid_query")
    for name, _value in pairs:
        if name not in operation.query or (name in seen and name not in operation.repeatable):
            wrong = FieldError("", "unknown_parameter", _not_taken(name, operation))
            raise Unprocessable("the query has a parameter that is not taken", errors=[wrong], code="invalid_query")
        seen.add(name)
    return urlencode(pairs).encode()
