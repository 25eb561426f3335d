"""The columns of a list, read from its declared answer: one for each field, objects with declared fields opened with a dot.

Lists, and maps such as a text in several languages, stay one column of JSON; its header says so by `[]` or `{}`.
Never looks at the rows: an empty list has the same header as a full one.
"""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

from shared.exports.cells import LIST, OBJECT

_SCALARS = (str, int, float, bool, date, UUID, Enum)


@dataclass(frozen=True)
class Column:
    """A column: its header, the way to its value in an item, and whether that is a day."""

    header: str
    path: tuple[str, ...]
    is_day: bool = False

    def value_of(self, item: dict[str, Any]) -> Any:
        """Give the value in one item of the list; None where an object on the way is missing."""
        here: Any = item
        for name in self.path:
            here = here.get(name) if isinstance(here, dict) else None
        return here


@cache
def columns_of(page: type[BaseModel]) -> tuple[Column, ...]:
    """Give the columns of a list by the model of its page."""
    [item] = get_args(_bare(page.model_fields["items"].annotation))
    return tuple(_columns(item, ()))


def _columns(model: type[BaseModel], above: tuple[str, ...]) -> Iterator[Column]:
    for name, field in model.model_fields.items():
        path = (*above, field.alias or name)
        kind = _bare(field.annotation)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _columns(kind, path)
        else:
            yield Column(".".join(path) + _ending(kind), path, is_day=kind is date)


def _ending(kind: Any) -> str:
    if get_origin(kind) in (list, tuple, set, frozenset):
        return LIST
    return "" if _is_scalar(kind) else OBJECT


def _is_scalar(kind: Any) -> bool:
    if get_origin(kind) in (Union, types.UnionType):
        return all(_is_scalar(_bare(each)) for each in get_args(kind) if each is not types.NoneType)
    return get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, _SCALARS))


def _bare(annotation: Any) -> Any:
    """Take off what a type is annotated with, and that it may be missing."""
    while True:
        arguments = get_args(annotation)
        if get_origin(annotation) is Annotated:
            annotation = arguments[0]
            continue
        present = [each for each in arguments if each is not types.NoneType]
        if get_origin(annotation) in (Union, types.UnionType) and len(present) == 1:
            annotation = present[0]
            continue
        return annotation
