"""State machines and vocabularies as tables. Pure: no database, no HTTP, no clock.

A feature's `rules.py` may import this module and the standard library, and nothing else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, NamedTuple, Self, TypeVar


class Vocabulary(StrEnum):
    """A closed list of codes; each member is written as `CODE = "code", "English label"`.

    The label is the message id of the translations and is shown in the API documents.
    """

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        """Make a member whose value is the code and that carries its label."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """Add the labels to the enumeration in a document."""
        shown: dict[str, Any] = handler(schema)
        handler.resolve_ref_schema(shown)["x-enum-descriptions"] = {member.value: member.label for member in cls}
        return shown


State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)

#: Everybody who works inside the NPM on visits, reports, recommendations and dialogue.
NPM = frozenset({"head", "member", "staff", "secondee"})
#: Everybody who acts for an authority.
AUTHORITY = frozenset({"authority_official", "authority_focal_point", "authority_validator"})
#: A reaction to an event, or the service itself inside somebody's act.
SYSTEM = frozenset({"system"})


class IllegalTransition(ValueError):
    """Raised when an action is not possible in a state; the API answers 409."""


class Step(NamedTuple):
    """Where an action leads, who may take it, and the name of the fact that it leaves behind."""

    to: StrEnum
    by: frozenset[str]
    event: str


def step(to: StrEnum, *, by: Collection[str], event: str = "") -> Step:
    """Write one line of a transition table."""
    return Step(to, frozenset(by), event)


@dataclass(frozen=True, kw_only=True, eq=False)
class Workflow(Generic[State, Action]):
    """One state machine: ways into being, and `(state, action) -> step`.

    Roles are those of the access page; a function that is a row on the record (lead, approver, handler)
    is judged by the use case, which knows the row.
    """

    name: str
    initial: State
    create: Mapping[Action, Step]
    transitions: Mapping[tuple[State, Action], Step]
    final: frozenset[State] = field(default_factory=frozenset)

    def step(self, state: State, action: Action) -> Step:
        """Give the step from `state` by `action`, or raise IllegalTransition."""
        found = self.transitions.get((state, action))
        if found is None:
            raise IllegalTransition(f"cannot {action.value} while {state.value}")
        return found

    def after(self, state: State, action: Action) -> State:
        """Give the state that `action` leads to, or raise IllegalTransition."""
        return type(self.initial)(self.step(state, action).to.value)

    def allowed(self, state: State, roles: Collection[str]) -> tuple[Action, ...]:
        """Give the actions that somebody with one of `roles` can take in `state`, in the order of the table."""
        held = frozenset(roles)
        return tuple(
            action for (source, action), found in self.transitions.items() if source is state and found.by & held
        )
