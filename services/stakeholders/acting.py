"""Which actions of a machine the caller may take: roles, functions, and the decision scopes of the access table.

Knows no record; whether the state allows an action is the machine's own word.
"""

from typing import Any

from shared.access import Operation, actions_open_to, is_decision
from shared.db import FUNCTIONS, Work
from shared.errors import Forbidden
from shared.workflow import Workflow


def allowed_actions(work: Work, workflow: Workflow[Any, Any], operation: str) -> dict[str, list[str]]:
    """Give, for each state, the actions the caller could take through the transitions operation of that name."""
    row = work.table.get(f"{work.caller.audience_class}.{operation}")
    if row is None:
        return {}
    open_to = actions_open_to(row, work.caller)
    return {
        state.value: [
            action.value
            for (source, action), step in workflow.transitions.items()
            if source is state and action.value in open_to and step.by & _held(work, row, action.value)
        ]
        for state in type(workflow.initial)
    }


def require(work: Work, workflow: Workflow[Any, Any], action: Any) -> None:
    """Refuse an action whose scopes or roles the caller lacks, before any look-up."""
    work.require_action(action.value)
    held = _held(work, work.operation, action.value) if work.operation else frozenset()
    if not any(step.by & held for (_, each), step in workflow.transitions.items() if each is action):
        raise Forbidden


def require_creation(work: Work, workflow: Workflow[Any, Any], action: Any) -> None:
    """Refuse somebody whose role never brings such a record into being."""
    if not workflow.create[action].by & (work.caller.roles | FUNCTIONS):
        raise Forbidden


def _held(work: Work, row: Operation, action: str) -> frozenset[str]:
    """Whoever holds the decision scope of an action stands where the head stands."""
    functions = {"npm": FUNCTIONS, "expert": frozenset({"concerned"})}.get(work.caller.audience_class, frozenset())
    return work.caller.roles | functions | (frozenset({"head"}) if is_decision(row, action) else frozenset())


def person_of(work: Work) -> str:
    """Give the person behind the caller: an expert's record, else the account's subject."""
    return work.caller.expert_id or work.caller.person
