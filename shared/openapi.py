"""The conventions of a document, derived from the shape of an operation; nothing is declared twice.

Never adds an operation, a path or a field that the code does not have.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from shared.access import EXPORT_SCOPE, Operation, vocabulary
from shared.errors import PROBLEM_MEDIA_TYPE
from shared.exports.described import EXPORTED

API_VERSION = "1.0.0"
METHODS = ("get", "put", "post", "patch", "delete")

_PROBLEMS = {
    "400": "The request cannot be read.",
    "401": "A valid access token is needed.",
    "403": "This token does not allow this operation.",
    "404": "There is nothing here that this caller may see.",
    "406": "This is not given in a form that the Accept header takes.",
    "409": "The state of the thing does not allow this.",
    "412": "It has changed since it was read.",
    "413": "More than a limit allows.",
    "415": "The media type is not taken here.",
    "422": "The content makes no sense; `errors` says where.",
    "428": "Send If-Match with the ETag that you read.",
    "429": "Too many requests; Retry-After says when to go on.",
    "500": "Something broke on our side.",
    "503": "A part of the system is out of reach; Retry-After says when to try again.",
}

_HEADERS: dict[str, Any] = {
    "API-Version": {
        "description": "The full version of the API.",
        "schema": {"type": "string", "examples": [API_VERSION]},
    },
    "RateLimit": {
        "description": "What is left of the caller's limit (draft RateLimit fields).",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {"description": "The caller's limit.", "schema": {"type": "string"}},
    "Link": {"description": 'The next page, as `rel="next"`.', "schema": {"type": "string"}},
    "Location": {"description": "Where the new thing is.", "schema": {"type": "string", "format": "uri-reference"}},
    "ETag": {"description": "The version of this audience's view.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}},
    "Vary": {"description": "The answer depends on the Accept header.", "schema": {"type": "string"}},
    "Content-Disposition": {
        "description": "Of an export: a name for the file, made of the list and the day.",
        "schema": {"type": "string"},
    },
}

_PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "instance"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Where this kind of problem is explained.",
        },
        "title": {"type": "string", "description": "The kind of problem in words."},
        "status": {
            "type": "integer",
            "format": "int32",
            "minimum": 400,
            "maximum": 599,
            "description": "The HTTP status.",
        },
        "code": {"type": "string", "description": "A stable code for programs."},
        "detail": {"type": "string", "description": "What happened and what to do."},
        "instance": {"type": "string", "format": "uri", "description": "The id of this request; it finds the log."},
        "errors": {
            "type": "array",
            "maxItems": 1000,
            "items": {"$ref": "#/components/schemas/FieldProblem"},
            "description": "Which members.",
        },
    },
}
_FIELD_PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What is wrong with one member.",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer to the member."},
        "code": {"type": "string", "description": "A stable code."},
        "detail": {"type": "string", "description": "What was expected."},
    },
}

_IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A key of your own; the same key with the same body has one effect and the same answer for 24 hours. "
    "Machine clients must send it.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 255, "pattern": "^[A-Za-z0-9_-]{8,255}$"},
}
_PURPOSE: dict[str, Any] = {
    "name": "X-Access-Purpose",
    "in": "header",
    "required": True,
    "description": "Why you read this: a code of the vocabulary access_purpose. It is kept in the journal; name nobody.",
    "schema": {"type": "string", "maxLength": 240},
}


def with_conventions(document: dict[str, Any], operations: Mapping[str, Operation]) -> dict[str, Any]:
    """Finish FastAPI's document: access, problems, headers, parameters; `operations` by `<audience>_<operation id>`."""
    document["openapi"] = "3.1.0"
    known = document.setdefault("components", {}).setdefault("schemas", {})
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                # of a body that is read line by line the framework knows no schema
                known |= {
                    name: schema for name, schema in item[method].pop("x-schemas", {}).items() if name not in known
                }
                _finish(item[method], operations[item[method]["operationId"]], path, method)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas |= {"Problem": _PROBLEM_SCHEMA, "FieldProblem": _FIELD_PROBLEM_SCHEMA}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["headers"] = {name: dict(header) for name, header in _HEADERS.items()}
    components["responses"] = {f"Problem{status}": _problem(status, text) for status, text in _PROBLEMS.items()}
    components["parameters"] = {"IdempotencyKey": _IDEMPOTENCY_KEY, "AccessPurpose": _PURPOSE}
    components["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A JWT access token (RFC 9068, RFC8725).",
        }
    }
    _tidy(document)
    _bound(document)
    for schema in schemas.values():
        _plain_nullables(schema, schemas)
    return document


def _finish(told: dict[str, Any], operation: Operation, path: str, method: str) -> None:
    lines = (told.get("description") or told.get("summary") or operation.operation).strip().split("\n")
    told["summary"] = lines[0].rstrip(".")
    told["description"] = _description(told.get("description", lines[0]), operation)
    told["x-audience"] = operation.audience
    told["x-access"] = operation.shown()
    told["security"] = [] if operation.audience == "public" else [{"token": []}]
    if operation.scopes:
        told["x-scopes"] = list(operation.scopes)
    parameters = told.setdefault("parameters", [])
    for each in parameters:
        each.setdefault("description", f"Which {each['name'].removesuffix('_id').replace('_', ' ')}.")
    needs_match = any(each["name"] == "If-Match" for each in parameters)
    if method == "post":
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if operation.purpose:
        parameters.append({"$ref": "#/components/parameters/AccessPurpose"})
    _answers(told, operation, path, method, needs_match=needs_match)


def _description(text: str, operation: Operation) -> str:
    if operation.scopes:
        text = f"{text.strip()}\n\nNeeds the scope {', '.join(f'`{scope}`' for scope in operation.scopes)}."
    for action in operation.actions:
        text += f"\n\nThe action `{action.action}` needs {', '.join(f'`{scope}`' for scope in action.scopes)}."
    if operation.export:
        text += "\n\nWith `Accept` it is given whole as CSV, XLSX or JSON Lines, without `limit`, `cursor` and `count`."
    if operation.export and operation.audience == "npm":
        text += f" That needs `{EXPORT_SCOPE}` too, and a strong login at most ten minutes ago; it is journaled."
    if operation.step_up:
        without = ", ".join(f"`{role}`" for role in operation.step_up_unless)
        text += "\n\nNeeds a strong login at most ten minutes ago" + (f", but for {without}." if without else ".")
    return text


def _answers(told: dict[str, Any], operation: Operation, path: str, method: str, *, needs_match: bool) -> None:
    wanted = ["400", "422", "429", "500", "503"]
    wanted += [] if operation.audience == "public" else ["401", "403"]
    # a body or a caller may name what is not there; a list is empty then
    is_list = any(each.get("name") == "cursor" for each in told["parameters"])
    wanted += ["404"] if "{" in path or not is_list else []
    wanted += ["406"] if operation.is_list else []
    wanted += ["413", "415"] if "requestBody" in told else []
    wanted += ["409"] if method in ("post", "put", "patch", "delete") else []
    wanted += ["412", "428"] if needs_match or method in ("patch", "delete") else []
    responses = told["responses"]
    for status in [code for code in responses if code[0] in "45"]:
        del responses[status]
    for code, answer in responses.items():
        names = ["API-Version", "RateLimit", "RateLimit-Policy"]
        names += ["Link"] if any(each.get("name") == "cursor" for each in told["parameters"]) else []
        names += ["Location"] if code in ("201", "202") else []
        names += ["Retry-After"] if code == "202" else []
        one = path.endswith("}") and method == "get"
        names += ["ETag"] if (one or needs_match or code == "201") and code in ("200", "201") else []
        names += ["Vary", "Content-Disposition"] if operation.export else []
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
        if operation.export:
            answer["content"] |= deepcopy(EXPORTED)
    responses |= {code: {"$ref": f"#/components/responses/Problem{code}"} for code in sorted(wanted)}


def _problem(status: str, text: str) -> dict[str, Any]:
    names = ["API-Version", "RateLimit", "RateLimit-Policy"] + (["Retry-After"] if status in ("429", "503") else [])
    content = {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "description": text,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": content,
    }


def _tidy(node: Any, *, within_properties: bool = False) -> None:
    """Drop what FastAPI generates and nobody asked for: titles, null defaults, null in parameters."""
    if isinstance(node, list):
        for each in node:
            _tidy(each)
        return
    if not isinstance(node, dict):
        return
    if not within_properties:
        if isinstance(node.get("title"), str) and "version" not in node:
            del node["title"]
        if "default" in node and node["default"] is None:
            del node["default"]
        if node.get("type") == "integer":
            node.setdefault("format", "int32" if abs(node.get("maximum", 2**62)) < 2**31 else "int64")
        if "in" in node and "anyOf" in node.get("schema", {}):
            _without_null(node)
        if "patternProperties" in node:
            # the models take no name that fits no pattern
            node.setdefault("additionalProperties", False)
    for name, value in node.items():
        _tidy(value, within_properties=name in ("properties", "paths", "schemas") and not within_properties)


def _without_null(parameter: dict[str, Any]) -> None:
    kinds = [kind for kind in parameter["schema"]["anyOf"] if kind.get("type") != "null"]
    if len(kinds) == 1:
        rest = {name: value for name, value in parameter["schema"].items() if name != "anyOf"}
        parameter["schema"] = {**kinds[0], **rest}


def _bound(node: Any) -> None:
    """Say the bound of every array: a page holds 100 things, and no answer or body more than 10,000 values."""
    if isinstance(node, list):
        for each in node:
            _bound(each)
    elif isinstance(node, dict):
        if node.get("type") == "array" and "items" in node:
            node.setdefault("maxItems", 10_000)
        for each in node.values():
            _bound(each)


def _plain_nullables(node: Any, schemas: Mapping[str, Any]) -> None:
    """Write an object that may be null as one schema of two types: no client takes it for a union of kinds."""
    if isinstance(node, list):
        for each in node:
            _plain_nullables(each, schemas)
        return
    if not isinstance(node, dict):
        return
    kinds = [kind for kind in node.get("anyOf", ()) if kind.get("type") != "null"]
    if len(kinds) == 1 and len(node["anyOf"]) == 2:
        name = str(kinds[0].get("$ref", "")).rpartition("/")[2]
        shown = schemas.get(name, kinds[0])
        if shown.get("type") == "object":
            del node["anyOf"]
            node |= {**deepcopy(shown), **node, "type": ["object", "null"]}
    for value in list(node.values()):
        _plain_nullables(value, schemas)


def base_document(title: str, description: str) -> dict[str, Any]:
    """Give what every document begins with."""
    return {
        "title": title,
        "version": API_VERSION,
        "description": description,
        "contact": {
            "name": "Article 22",
            "url": "https://article22.example.org",
            "email": "contact@article22.example.org",
        },
        "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
    }


def scope_names(document: Mapping[str, Any]) -> set[str]:
    """Give every scope a document names, for the check that each one exists."""
    found = set(re.findall(r"[a-z]+:[a-z-]+\.[a-z]+", str(document)))
    return found & set(vocabulary().scopes)
