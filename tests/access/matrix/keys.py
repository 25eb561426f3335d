"""The exact keys of an answer: what its schema requires, and nothing beside it."""

from collections.abc import Iterator
from typing import Any

from shared.access import Operation
from tests.access.matrix.bodies import schemas_of


def differences(row: Operation, answer: Any) -> list[str]:
    """Say where an answer has a key too many or too few; the schema is the one that the row names."""
    if row.response is None:
        return ["an answer where the row names none"]
    components = schemas_of(row)
    return list(_differences(answer, {"$ref": f"#/components/schemas/{row.response}"}, components, ""))


def _differences(value: Any, schema: dict[str, Any], components: dict[str, Any], at: str) -> Iterator[str]:
    schema = _resolved(schema, components)
    if "anyOf" in schema or "oneOf" in schema:
        found = [list(_differences(value, each, components, at)) for each in schema.get("anyOf") or schema["oneOf"]]
        yield from min(found, key=len)
    elif isinstance(value, dict) and "properties" in schema:
        missing, more = set(schema.get("required", ())) - value.keys(), value.keys() - schema["properties"].keys()
        yield from (f"{at}/{name} is missing" for name in sorted(missing))
        yield from (f"{at}/{name} is too many" for name in sorted(more))
        for name in value.keys() & schema["properties"].keys():
            yield from _differences(value[name], schema["properties"][name], components, f"{at}/{name}")
    elif isinstance(value, dict) and isinstance(schema.get("additionalProperties"), dict):
        for name, each in value.items():
            yield from _differences(each, schema["additionalProperties"], components, f"{at}/{name}")
    elif isinstance(value, list) and "items" in schema:
        for each in value:
            yield from _differences(each, schema["items"], components, f"{at}/*")
    elif not _fits(value, schema):
        yield f"{at} is of another kind"


def _resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    kinds = schema.get("type")
    named: dict[str, Any] = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool,
             "null": type(None)}  # fmt: skip
    if kinds is None:
        return True
    return any(isinstance(value, named[kind]) for kind in ([kinds] if isinstance(kinds, str) else kinds))
