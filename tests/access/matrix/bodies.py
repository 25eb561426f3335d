"""The least that an operation takes, written from the schema of its document: required fields alone, each at its shortest.

Ids are those of things of the made-up country where the field's name says of what kind they are.
"""

import copy
from functools import cache
from typing import Any
from uuid import uuid4

from deploy.demo.country import ids
from deploy.demo.country.places import PATTERN_PLACE
from gateway import documents
from gateway.development import PERSONAS
from shared.access import Operation
from tests.complaints.cast import submission
from tests.machines.machine import jwk_of, new_key

#: What fields of these names name.
KNOWN = {
    "place_id": PATTERN_PLACE,
    "place_ids": PATTERN_PLACE,
    "authority_id": ids.PRISON_SERVICE,
    "counterpart_ids": ids.PRISON_SERVICE,
    "partner_id": ids.OMBUDSPERSON,
    "stakeholder_id": ids.PRISON_SERVICE,
    "target_id": PATTERN_PLACE,
    "person_id": PERSONAS["staff"].subject,
    "participant_ids": PERSONAS["staff"].subject,
}
#: A point on the curve: the public half of a key that nobody keeps.
_POINT = jwk_of(new_key(), "nobody's")
KNOWN |= {name: _POINT[name] for name in ("x", "y")}
#: What rules ask for beyond the schema, by the field's name.
RULES_ASK_FOR = {"reason": "For a reason.", "result": "It was put right.", "position": "accepted", "ground": "other", "account": "A talk.",
                 "has_no_successor": True}  # fmt: skip
DAY = "2026-11-02"
_TEXTS = {
    "date": DAY,
    "date-time": f"{DAY}T00:00:00Z",
    "uuid": "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa",
    "uri": "https://a.example",
}


@cache
def _document(service: str) -> dict[str, Any]:
    return documents.committed(f"services/{service}")


@cache
def told_of(row: Operation) -> dict[str, Any]:
    """Give what its service's document says of an operation."""
    found: dict[str, Any] = _document(row.service)["paths"][row.path][row.method.lower()]
    return found


def schemas_of(row: Operation) -> dict[str, Any]:
    """Give the schemas of its service's document."""
    found: dict[str, Any] = _document(row.service)["components"]["schemas"]
    return found


def media_of(row: Operation) -> str | None:
    """Give the media type that an operation takes, or None where it takes no body."""
    return next(iter(told_of(row).get("requestBody", {}).get("content", {})), None)


def body_of(row: Operation, path: str, action: str | None) -> Any:
    """Write the least that an operation takes at a path; for a transition, the fields of one action."""
    media = media_of(row)
    if row.request == "ReferralSubmission":
        return submission(path.rpartition("/")[2] if row.method == "PUT" else uuid4().hex)
    if row.request == "ClockOrder":
        return {"advance": "PT1S"}
    if media is None:
        return None
    return _least(row, media, action)


@cache
def _least(row: Operation, media: str, action: str | None) -> Any:
    schema = told_of(row)["requestBody"]["content"][media]["schema"]
    components = schemas_of(row)
    return _made(_chosen(_resolved(schema, components), action, components), components, "")


def fuller_body_of(row: Operation, path: str, action: str | None) -> Any:
    """Write more than the least: with the reasons and results that a rule may ask for beyond the schema."""
    body = body_of(row, path, action)
    if not isinstance(body, dict) or row.request == "ReferralSubmission":
        return body
    schema = told_of(row)["requestBody"]["content"][str(media_of(row))]["schema"]
    components = schemas_of(row)
    fields = _chosen(_resolved(schema, components), action, components).get("properties", {})
    more = {name: _said(fields[name], components, text) for name, text in RULES_ASK_FOR.items() if name in fields}
    return {**more, **body}


def _said(schema: dict[str, Any], components: dict[str, Any], text: Any) -> Any:
    """Give what a rule asks for: the text, or the first of the words where the field takes words alone."""
    schema = _resolved(schema, components)
    schema = _resolved(schema["anyOf"][0], components) if "anyOf" in schema else schema
    return schema["enum"][0] if "enum" in schema else text


def _resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _chosen(schema: dict[str, Any], action: str | None, components: dict[str, Any]) -> dict[str, Any]:
    """Choose the variant of a transition's body that takes the action; one schema takes all actions but for the word."""
    if action is None:
        return schema
    for each in schema.get("oneOf", schema.get("anyOf", ())):
        variant = _resolved(each, components)
        told = _resolved(variant["properties"]["action"], components)
        if told.get("const") == action or action in told.get("enum", ()):
            return _with_action(variant, action)
    return _with_action(schema, action)


def _with_action(schema: dict[str, Any], action: str) -> dict[str, Any]:
    chosen = copy.deepcopy(schema)
    chosen.setdefault("properties", {})["action"] = {"const": action}
    chosen["required"] = sorted({*chosen.get("required", ()), "action"})
    return chosen


def _made(schema: dict[str, Any], components: dict[str, Any], name: str) -> Any:
    schema = _resolved(schema, components)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("oneOf", "anyOf"):
        if several in schema:
            return _made(schema[several][0], components, name)
    kind = schema.get("type")
    if kind == "object":
        return {
            each: _made(schema["properties"][each], components, each)
            for each in schema.get("required", ())
            if each in schema.get("properties", {})
        } or ({"en": "Something."} if "additionalProperties" in schema and schema.get("minProperties") else {})
    if kind == "array":
        return [_made(schema["items"], components, name) for _ in range(schema.get("minItems", 0))]
    if kind == "string":
        return KNOWN.get(name) or _TEXTS.get(schema.get("format", "")) or _text(schema)
    if kind in ("integer", "number"):
        return schema.get("minimum", 0)
    return False if kind == "boolean" else None


def _text(schema: dict[str, Any]) -> str:
    if "pattern" in schema and "T" in schema["pattern"]:
        return f"{DAY}T00:00:00Z"
    return "x" * max(int(schema.get("minLength", 0)), 1)
