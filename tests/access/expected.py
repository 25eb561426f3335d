"""What the access page expects: a pure function of a row of the access table and a persona.

Reads `page.yaml` alone; it never asks the code under test who may do what.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shared.access import Operation


@cache
def page() -> dict[str, Any]:
    """Give the access page."""
    read: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("page.yaml").read_text(encoding="utf-8"))
    return read


PERSONAS: Mapping[str, Mapping[str, Any]] = page()["personas"]


@cache
def scopes_of_role(role: str) -> frozenset[str]:
    """Give what a role's token carries."""
    written = page()["roles"][role]
    if isinstance(written, list):
        return frozenset(written)
    held = scopes_of_role(written["as"]) - set(written.get("without", ())) | set(written.get("with", ()))
    return held | set(page()["decisions"]) if written.get("decides") else held


@cache
def scopes_of(persona: str) -> frozenset[str]:
    """Give what a persona's token carries: the roles' scopes and the decisions, as far as they count in the class."""
    told = PERSONAS[persona]
    held = frozenset[str]().union(*(scopes_of_role(role) for role in told["roles"]))
    held |= set(page()["decisions"]) if told.get("decides") else set()
    return frozenset(scope for scope in held if told["class"] in page()["classes"].get(scope, ["npm"]))


def refusal(row: Operation, persona: str, *, is_stepped_up: bool, names_purpose: bool) -> int | None:
    """Give the status with which the outer walls refuse, or None: class and scopes, then step-up, then purpose."""
    if row.audience == "public":
        return None
    held, told = scopes_of(persona), PERSONAS[persona]
    if told["class"] != row.audience or not set(row.scopes) <= held:
        return 403
    if row.actions and not any(set(action.scopes) <= held for action in row.actions):
        return 403
    if row.step_up and not is_stepped_up and not set(told["roles"]) & set(row.step_up_unless):
        return 401
    return 400 if row.purpose and not names_purpose else None


def may_enter(row: Operation, persona: str) -> bool:
    """Tell whether a persona who logged in anew and says why comes through the outer walls."""
    return refusal(row, persona, is_stepped_up=True, names_purpose=True) is None


def may_take(row: Operation, persona: str, action: str) -> bool:
    """Tell whether a persona holds the scopes of an action of a transitions route."""
    held = scopes_of(persona)
    return any(each.action == action and set(each.scopes) <= held for each in row.actions)
