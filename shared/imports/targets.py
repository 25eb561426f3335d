"""Holds a mapping against the fields of ours that it fills, once and before any row is read.

What stands in the mapping itself can be judged without a file: names of fields, codes that it gives, fields that nothing fills.
"""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.imports.mapping import Mapping as MappingFile
from shared.imports.mapping import Value

#: Said of every row by the reading itself.
_OF_THE_ROW = frozenset({"row", "line"})
_MOST = 20


def shapes(mapping: MappingFile) -> dict[str, Any]:
    """Give what a mapping says of each field by itself: the values it gives, and the members of what it puts together."""
    return {name: _shape(value) for name, value in mapping.fields.items()}


def _shape(value: Value) -> dict[str, Any]:
    given = [value.constant, value.default, value.otherwise, *(value.lookup or {}).values()]
    given += [each.gives for each in value.patterns or ()]
    inner = [_shape(each) for each in (*(value.first or ()), *(value.gather or ()))]
    given += [each for shape in inner for each in shape["given"]]
    members = [each for shape in inner for each in shape["members"]]
    if value.object is not None:
        members.append({name: _shape(each) for name, each in value.object.items()})
    return {"given": [each for each in given if each is not None], "members": members}


def problems(row: type[BaseModel], told: Mapping[str, Any]) -> list[str]:
    """Say what in a mapping can fit no row of a kind, one sentence for each field; nothing when all may fit."""
    return list(_problems(row, told, ""))[:_MOST]


def _problems(model: type[BaseModel], told: Mapping[str, Any], above: str) -> Iterator[str]:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for name, shape in told.items():
        if name in fields:
            yield from _misfits(fields[name], shape, above + name)
        else:
            yield f"{above}{name} is no field; {_meant(name, [each for each in fields if each not in _OF_THE_ROW])}"
    for name, field in fields.items():
        if field.is_required() and name not in told and not (not above and name in _OF_THE_ROW):
            yield f"{above}{name} is needed, and nothing fills it"


def _misfits(field: Any, shape: Mapping[str, Any], name: str) -> Iterator[str]:
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[field.annotation, field])
    inside = _model_of(field.annotation)
    for given in shape["given"]:
        expected = None if isinstance(given, dict | list) and inside else _refusal(adapter, given)
        if expected is not None:
            yield f"{name} cannot be {json.dumps(given, ensure_ascii=False)[:100]}; {expected}"
    for members in shape["members"]:
        if inside is not None:
            yield from _problems(inside, members, f"{name}.")


def _refusal(adapter: TypeAdapter[Any], given: Any) -> str | None:
    """Say what was expected in the place of a value, where neither it nor a list of it will do."""
    told = ""
    for tried in (given, [given]):
        try:
            adapter.validate_json(json.dumps(tried))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            told = told or _meant(given, _words(first)) or f"expected: {first['msg']}"
            told = _meant(given, _words(first)) or told
        else:
            return None
    return told


def _words(error: Mapping[str, Any]) -> list[str]:
    """Give the codes that would have done, where the field is one of a vocabulary."""
    listed = str(error.get("ctx", {}).get("expected", "")) if error["type"] in ("enum", "literal_error") else ""
    return [each.strip(" '") for each in listed.replace(" or ", ", ").split(",") if each.strip(" '")]


def _meant(name: Any, known: list[str]) -> str:
    # a slip of the pen has one answer; a word of somebody's own needs to see them all
    near = get_close_matches(str(name), known, n=1, cutoff=0.8)
    return f"{near[0]} is one" if near else f"there are {', '.join(known)}" if known else ""


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """Give the model of a field, or of what is in its list; None where there is not exactly one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = get_args(annotation)[:1] if get_origin(annotation) is Annotated else get_args(annotation)
    found = [model for each in inner if (model := _model_of(each)) is not None]
    return found[0] if len(found) == 1 else None
