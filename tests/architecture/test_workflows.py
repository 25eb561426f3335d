"""Every state machine in the code is the one that is declared in `workflows.yaml`: no more, no less."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.workflow import Step, Workflow
from tests.architecture import declared

ROOT = Path(__file__).parents[2]


def built() -> dict[str, tuple[str, Workflow[Any, Any]]]:
    found: dict[str, tuple[str, Workflow[Any, Any]]] = {}
    for path in sorted([*ROOT.glob("services/*/*/rules.py"), *ROOT.glob("services/*/*/rules/[!_]*.py")]):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for value in vars(importlib.import_module(module)).values():
            if isinstance(value, Workflow):
                first, same = found.setdefault(value.name, (module, value))
                assert same is value, f"two machines are called {value.name}: {first} and {module}"
    return found


BUILT = built()
NOT_BUILT_YET = sorted(set(declared.machines()) - set(BUILT))
each_machine = pytest.mark.parametrize("name", sorted(BUILT))


def line(step: Step) -> declared.Line:
    return (step.to.value, step.by, step.event)


def without_secondees(found: declared.Line) -> declared.Line:
    return (found[0], found[1] - {"secondee"}, found[2])


def test_every_machine_in_the_code_is_declared() -> None:
    assert set(BUILT) <= set(declared.machines())


def test_what_is_not_built_yet_is_told(record_property: Callable[[str, object], None]) -> None:
    record_property("not_built_yet", ", ".join(NOT_BUILT_YET))

    assert len(BUILT) + len(NOT_BUILT_YET) == len(declared.machines())


@each_machine
def test_a_machine_lives_in_the_service_that_owns_it(name: str) -> None:
    module, _ = BUILT[name]

    assert module.split(".")[1] == declared.machines()[name]["service"]


@each_machine
def test_states_are_the_declared_ones_in_their_order(name: str) -> None:
    _, workflow = BUILT[name]

    assert [state.value for state in type(workflow.initial)] == list(declared.machines()[name]["states"])


@each_machine
def test_a_machine_begins_and_ends_where_declared(name: str) -> None:
    _, workflow = BUILT[name]
    machine = declared.machines()[name]

    assert workflow.initial.value == machine["initial"]
    assert {state.value for state in workflow.final} == set(machine["final"])


@each_machine
def test_records_come_into_being_as_declared(name: str) -> None:
    _, workflow = BUILT[name]
    expected = declared.creations(name)

    found = {action.value: without_secondees(line(step)) for action, step in workflow.create.items()}

    assert found == {action: without_secondees(each) for action, each in expected.items()}


@each_machine
def test_transitions_are_the_declared_ones(name: str) -> None:
    _, workflow = BUILT[name]
    expected = declared.transitions(name)

    found = {
        (source.value, action.value): without_secondees(line(step))
        for (source, action), step in workflow.transitions.items()
    }

    assert found == {pair: without_secondees(each) for pair, each in expected.items()}


@each_machine
def test_secondees_stand_where_staff_stands_and_never_decide(name: str) -> None:
    """A declared group lets them in; elsewhere they may stand with staff, and nowhere in what is not for them."""
    _, workflow = BUILT[name]
    closed = set(declared.document()["roles"]["not_for_secondees"])
    expected = declared.transitions(name)

    for (source, action), step in workflow.transitions.items():
        is_let_in = "secondee" in step.by
        assert is_let_in or "secondee" not in expected[source.value, action.value][1], (source, action)
        assert not is_let_in or ("staff" in step.by and action.value not in closed), (source, action)


@each_machine
def test_actions_are_those_that_are_used(name: str) -> None:
    _, workflow = BUILT[name]
    used = {action for _, action in workflow.transitions} | set(workflow.create)

    vocabulary = type(next(iter(used)))
    assert {type(action) for action in used} == {vocabulary}
    assert used == set(vocabulary.__members__.values())


@each_machine
def test_nothing_leads_out_of_a_final_state(name: str) -> None:
    _, workflow = BUILT[name]

    assert not {source for source, _ in workflow.transitions} & workflow.final
    assert {source for source, _ in workflow.transitions} | workflow.final == set(
        type(workflow.initial).__members__.values()
    )


@each_machine
def test_only_named_roles_appear(name: str) -> None:
    _, workflow = BUILT[name]
    roles = declared.document()["roles"]
    known = set(roles["account"]) | set(roles["function"])

    used = {role for step in [*workflow.transitions.values(), *workflow.create.values()] for role in step.by}

    assert used <= known
