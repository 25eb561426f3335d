"""The access table: which operation needs which audience, scopes and conditions, and the walls made from it.

The only place where a scope is checked. Nothing here depends on an object or reads a body.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from shared.caller import AUDIENCE_CLASSES, Caller
from shared.errors import AppError, BadRequest, Forbidden, NotFound, StepUpRequired
from shared.exports import media
from shared.exports.media import Form
from shared.purposes import purpose_of
from shared.roles import vocabulary

__all__ = [
    "CONDITIONS", "EXPORT_SCOPE", "Action", "Operation", "OperationIndex", "actions_open_to", "decided_by", "handed_on", "is_named_for", "judge",
    "judge_action", "read_operation", "read_table", "refuse_path", "vocabulary",
]  # fmt: skip

#: The closed list of object conditions; each is one row policy and one clause of `queries.py`.
CONDITIONS = frozenset(
    "institution team begun_or_team author assigned vault spt expert_on_visit addressed place_run own_entry own_submission "
    "package_recipient sharing_record own_account published none".split()
)
#: What a person of the NPM needs to export a list that he or she may read; a seconded official never exports.
EXPORT_SCOPE = "gateway:exports.create"
UUID_PATTERN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action of a transitions route with the scopes it needs and the states it is open in."""

    action: str
    scopes: tuple[str, ...]
    states: tuple[str, ...] = ("any",)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One row of the access table, with the route it stands for once that is known."""

    operation: str
    audience: str
    scopes: tuple[str, ...]
    object: str
    states: tuple[str, ...] = ("any",)
    actions: tuple[Action, ...] = ()
    step_up: bool = False
    step_up_unless: tuple[str, ...] = ()
    """Roles that do without: who handles the case reads it daily, who only supervises logs in anew."""
    purpose: bool = False
    journal_read: bool = False
    two_persons: bool = False
    export: bool = False
    bulk: bool = False
    development: bool = False
    inside: bool = False
    """Whether only the gateway itself asks it, on the caller's behalf: it is in no document and at no door."""
    request: str | None = None
    response: str | None = None
    method: str = ""
    path: str = ""
    service: str = ""
    query: tuple[str, ...] = field(default=())
    repeatable: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        """Give the name of the operation in tokens and tables: `<audience>.<operation id>`."""
        return f"{self.audience}.{self.operation}"

    @cached_property
    def decisions(self) -> frozenset[str]:
        """Give the decision scopes that it or one of its actions asks for."""
        named = {*self.scopes, *(scope for action in self.actions for scope in action.scopes)}
        return frozenset(named & vocabulary().decisions)

    @property
    def is_list(self) -> bool:
        """Tell whether it gives a page with limit and cursor, as every operation does whose name begins so."""
        return self.method == "GET" and self.operation.startswith("list_")

    def shown(self) -> dict[str, Any]:
        """Give the row as it stands in a document under `x-access`."""
        kept = asdict(self)
        for name in ("method", "path", "service", "query", "repeatable"):
            kept.pop(name)
        for action in kept["actions"]:
            action["scopes"], action["states"] = list(action["scopes"]), list(action["states"])
        return {
            name: value for name, value in kept.items() if name == "scopes" or value not in (False, None, (), ("any",))
        }


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    read = dict(row)
    for name in ("scopes", "states", "step_up_unless"):
        if name in read:
            read[name] = (read[name],) if isinstance(read[name], str) else tuple(read[name])
    return read


def read_operation(row: Mapping[str, Any]) -> Operation:
    """Read one row, from YAML or from a document's `x-access`; ValueError says what is wrong with it."""
    read = _tuples(row)
    read["actions"] = tuple(Action(**_tuples(each)) for each in read.get("actions", ()))
    operation = Operation(**read)
    if operation.audience not in AUDIENCE_CLASSES:
        raise ValueError(f"{operation.key}: no audience of that name")
    if operation.object not in CONDITIONS:
        raise ValueError(f"{operation.key}: no object condition `{operation.object}`")
    if not operation.scopes and operation.audience != "public" and not operation.actions:
        raise ValueError(f"{operation.key}: only a public operation goes without a scope")
    known = vocabulary().scopes
    named = {*operation.scopes, *(scope for action in operation.actions for scope in action.scopes)}
    for scope in named:
        if scope not in known or operation.audience not in known[scope].classes:
            raise ValueError(f"{operation.key}: scope {scope} is not one of class {operation.audience}")
    return operation


def read_table(path: Path) -> dict[str, Operation]:
    """Read an `access.yaml`; two rows of one key raise ValueError."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    table: dict[str, Operation] = {}
    for row in rows:
        operation = read_operation(row)
        if operation.key in table:
            raise ValueError(f"{operation.key} stands twice")
        table[operation.key] = operation
    return table


class OperationIndex:
    """Finds the operation of a method and a path: a trie over segments, fixed words before ids."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        """Index operations that know their method and path (`/v1/npm/places/{place_id}`)."""
        self._root: dict[str, Any] = {}
        self.operations: dict[str, Operation] = {}
        for operation in operations:
            if self.operations.setdefault(operation.key, operation) is not operation:
                raise ValueError(f"{operation.key} stands for two routes")
        for operation in self.operations.values():
            node = self._root
            for segment in operation.path.strip("/").split("/"):
                node = node.setdefault("{}" if segment.startswith("{") else segment, {})
            methods = node.setdefault("", {})
            if operation.method in methods:
                raise ValueError(f"{operation.method} {operation.path} stands for two operations")
            methods[operation.method] = (operation, _id_patterns(operation.path))

    def find(self, method: str, path: str) -> tuple[Operation | None, dict[str, str], tuple[str, ...]]:
        """Give the operation, its path parameters, and the methods of the path (empty when there is no such path).

        A malformed id finds nothing: it answers as an absent one.
        """
        node: dict[str, Any] | None = self._root
        values: list[str] = []
        for segment in path.strip("/").split("/"):
            following = node.get(segment) if node and segment else None
            if following is None and node is not None:
                following = node.get("{}")
                values.append(segment)
            node = following
            if node is None:
                return None, {}, ()
        methods: dict[str, Any] = (node or {}).get("", {})
        if method not in methods:
            return None, {}, tuple(methods)
        operation, patterns = methods[method]
        parameters = {}
        for value, (name, pattern) in zip(values, patterns, strict=True):
            if not pattern.fullmatch(value):
                return None, {}, ()
            parameters[name] = value
        return operation, parameters, tuple(methods)


def _id_patterns(path: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    names = re.findall(r"\{([a-z_]+)\}", path)
    return tuple(
        (name, UUID_PATTERN if name.endswith("_id") and name != "external_id" else NAME_PATTERN) for name in names
    )


def judge(operation: Operation, caller: Caller, headers: Mapping[bytes, bytes]) -> Form | None:
    """Refuse what audience, scopes, step-up, purpose and the form asked for refuse; knows nothing of any object.

    Gives the form of an export, or None. Raises Forbidden, StepUpRequired, BadRequest or NotAcceptable.
    """
    if operation.audience != "public":
        _judge_caller(operation, caller, headers)
    if not operation.is_list:
        return None
    form = media.asked(headers.get(b"accept"), is_exported=operation.export)
    if form is not None and operation.audience == "npm":
        if EXPORT_SCOPE not in caller.scopes or "secondee" in caller.roles:
            raise Forbidden
        if not caller.is_stepped_up(time.time()):
            raise StepUpRequired
    return form


def is_open_to(operation: Operation, caller: Caller) -> bool:
    """Tell whether class and scopes let the caller in; step-up, purpose, states and rows are judged at each call."""
    if caller.audience_class != operation.audience or not caller.scopes.issuperset(operation.scopes):
        return False
    return not operation.actions or any(caller.scopes.issuperset(action.scopes) for action in operation.actions)


def _judge_caller(operation: Operation, caller: Caller, headers: Mapping[bytes, bytes]) -> None:
    if not is_open_to(operation, caller):
        raise Forbidden
    does_without = caller.roles & frozenset(operation.step_up_unless)
    # tokens live by the host's clock, never by the domain's
    if operation.step_up and not does_without and not caller.is_stepped_up(time.time()):
        raise StepUpRequired
    if operation.purpose:
        _judge_purpose(headers.get(b"x-access-purpose", b"").decode("latin-1"))


def _judge_purpose(told: str) -> None:
    if not told:
        raise BadRequest(
            "say why in X-Access-Purpose, with a code of the vocabulary access_purpose", code="purpose_required"
        )
    if purpose_of(told) is None:
        raise BadRequest("X-Access-Purpose takes a code of the vocabulary access_purpose", code="purpose_unknown")


def judge_action(operation: Operation, caller: Caller, action: str) -> None:
    """Refuse an action of a transitions route whose own scopes the caller lacks, before any look-up."""
    for each in operation.actions:
        if each.action == action and caller.scopes.issuperset(each.scopes):
            return
    raise Forbidden


def actions_open_to(operation: Operation, caller: Caller) -> frozenset[str]:
    """Give the actions of a transitions route for which the caller holds the scopes."""
    return frozenset(each.action for each in operation.actions if caller.scopes.issuperset(each.scopes))


def is_decision(operation: Operation, action: str) -> bool:
    """Tell whether an action is a decision: then whoever holds its scope stands where the head stands (R-S100)."""
    decisions = vocabulary().decisions
    return any(scope in decisions for each in operation.actions if each.action == action for scope in each.scopes)


def decided_by(caller: Caller, operation: Operation) -> frozenset[str]:
    """Give the decision scopes that the operation asks for and the caller holds."""
    return caller.scopes & operation.decisions


def is_named_for(caller: Caller, decision: str) -> bool:
    """Tell whether the caller holds a decision scope: whom the decision matrix names stands where the head stands."""
    return decision in caller.scopes and decision in vocabulary().decisions


def handed_on(caller: Caller, operation: Operation) -> frozenset[str]:
    """Give the scopes that a service is told of: its own, and what the operation needs beside them.

    Every scope of the service and not only the operation's: `allowed_actions` tells what the caller could do next.
    """
    own = frozenset(scope for scope in caller.scopes if scope.startswith(f"{operation.service}:"))
    return own | caller.scopes & frozenset((*operation.scopes, *((EXPORT_SCOPE,) if operation.export else ())))


def refuse_path(caller_class: str, segments: Sequence[str]) -> AppError:
    """Tell 403 from 404 for a path that leads nowhere: another audience's prefix is 403 whatever stands behind it."""
    if (
        len(segments) > 1
        and segments[0] == "v1"
        and segments[1] in AUDIENCE_CLASSES
        and segments[1] not in (caller_class, "public")
    ):
        return Forbidden()
    return NotFound()
