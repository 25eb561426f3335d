"""The state machines as they are declared in `workflows.yaml`, in the shape that tests compare with.

Reads that file alone; it never looks at the code it is compared with.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shared.workflow import IllegalTransition, Workflow

Line = tuple[str, frozenset[str], str]


@cache
def document() -> dict[str, Any]:
    """Give the whole file."""
    text = Path(__file__).with_name("workflows.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def machines() -> dict[str, dict[str, Any]]:
    """Give the machines by name."""
    return {machine["name"]: machine for machine in document()["workflows"]}


def roles(line: Mapping[str, Any]) -> frozenset[str]:
    """Give the roles of a line, groups spelled out, without secondees where the action is not for them."""
    groups = document()["roles"]["groups"]
    spelled_out = {role for name in line["roles"] for role in groups.get(name, [name])}
    closed = {"secondee"} if line["action"] in document()["roles"]["not_for_secondees"] else set()
    return frozenset(spelled_out - closed)


def creations(name: str) -> dict[str, Line]:
    """Give `action -> (state, roles, event)` of the ways into being."""
    return {line["action"]: (line["to"], roles(line), line["event"]) for line in machines()[name]["create"]}


def transitions(name: str) -> dict[tuple[str, str], Line]:
    """Give `(state, action) -> (state, roles, event)`, one line for each state it may come from."""
    found: dict[tuple[str, str], Line] = {}
    for line in machines()[name]["transitions"]:
        sources = line["from"] if isinstance(line["from"], list) else [line["from"]]
        for source in sources:
            assert (source, line["action"]) not in found, f"{name}: two targets of {source}, {line['action']}"
            found[source, line["action"]] = (line["to"], roles(line), line["event"])
    return found


def target(name: str, state: str, action: str) -> str | None:
    """Give where an action leads by the declaration; None where it is not possible."""
    line = transitions(name).get((state, action))
    return line[0] if line else None


def reached(workflow: Workflow[Any, Any], state: StrEnum, action: StrEnum) -> str | None:
    """Give where an action leads by the code; None where it is refused."""
    try:
        return str(workflow.after(state, action).value)
    except IllegalTransition:
        return None
