"""Roles and scopes of the access page: what each role's token carries, and in which class a scope counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Scope:
    """A scope: the classes it may count in, and whether the decision matrix grants it."""

    classes: tuple[str, ...]
    decision: bool
    allows: str
    restricted: bool = False
    """Whether it opens what is confidential: a refused attempt at it leaves a row in the journal."""


@dataclass(frozen=True)
class AccessVocabulary:
    """Roles with their scopes, and scopes with their ceilings."""

    roles: Mapping[str, frozenset[str]]
    scopes: Mapping[str, Scope]
    classes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The roles of each audience class."""
    alone: frozenset[str] = frozenset()
    """Roles that combine with nothing."""
    second_person: frozenset[str] = frozenset()
    """Roles that two persons give: an identity provider alone never does."""
    deciding: frozenset[str] = frozenset()
    """Roles whose holders the decision matrix may name."""

    @property
    def decisions(self) -> frozenset[str]:
        """Give every decision scope."""
        return frozenset(name for name, scope in self.scopes.items() if scope.decision)

    def scopes_of(self, roles: Iterable[str], *, audience_class: str, decides: Iterable[str] = ()) -> frozenset[str]:
        """Give the effective scopes of roles of one class, with the decision scopes that a person is named for."""
        given = tuple(roles)
        # a seconded official decides nothing, whatever a matrix says
        named = frozenset() if "secondee" in given else frozenset(decides) & self.decisions
        held = frozenset().union(*(self.roles[role] for role in given)) | named
        return frozenset(name for name in held if audience_class in self.scopes[name].classes)


@cache
def vocabulary() -> AccessVocabulary:
    """Read the roles and scopes that come with the code."""
    read = yaml.safe_load(Path(__file__).with_name("roles.yaml").read_text(encoding="utf-8"))
    scopes = {
        name: Scope(tuple(each["classes"]), each["decision"], each["allows"], each.get("restricted", False))
        for name, each in read["scopes"].items()
    }
    roles: dict[str, frozenset[str]] = {}
    for name, written in read["roles"].items():
        if isinstance(written, list):
            roles[name] = frozenset(written)
            continue
        roles[name] = (roles[written["as"]] | set(written.get("with", ()))) - set(written.get("without", ()))
        if written.get("decides") == "all":
            roles[name] |= {scope for scope, each in scopes.items() if each.decision}
    deciding = (name for name, each in read["roles"].items() if "may_decide" in each or "decides" in each)
    classes = {name: frozenset(each) for name, each in read["classes"].items()}
    return AccessVocabulary(
        roles, scopes, classes, frozenset(read["alone"]), frozenset(read["second_person"]), frozenset(deciding)
    )
