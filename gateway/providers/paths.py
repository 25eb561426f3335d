"""Claims by path: member names with dots between them, a name with a dot in quotes, and nothing cleverer."""

import re
from collections.abc import Mapping
from typing import Any

_NAME = re.compile(r'"([^"]+)"|([^".\s]+)')
_MOST_NAMES = 10

#: Stands for a claim that is not there; no claim can have it as its value.
MISSING = object()


def names(path: str) -> tuple[str, ...]:
    """Give the member names of a path such as `resource_access."my.api".roles`; ValueError for what is no path."""
    found: list[str] = []
    at = 0
    while True:
        name = _NAME.match(path, at)
        if name is None:
            raise ValueError("member names with dots between them; a name with a dot stands in quotes")
        found.append(name[1] or name[2])
        at = name.end()
        if at == len(path):
            break
        if path[at] != "." or len(found) == _MOST_NAMES:
            raise ValueError(f"at most {_MOST_NAMES} member names with dots between them")
        at += 1
    return tuple(found)


def claim(claims: Mapping[str, Any], path: str) -> Any:
    """Give what stands at a path, or MISSING."""
    inner: Any = claims
    for name in names(path):
        if not isinstance(inner, Mapping) or name not in inner:
            return MISSING
        inner = inner[name]
    return inner


def words(claims: Mapping[str, Any], path: str) -> frozenset[str]:
    """Give the strings at a path: a string or an array of strings; empty for anything else."""
    found = claim(claims, path)
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        return frozenset()
    return frozenset(listed)
