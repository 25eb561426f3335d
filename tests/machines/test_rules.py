"""The rules of machine clients, over every class, role and scope."""

from datetime import date

import pytest

from gateway.own.clients import rules
from gateway.own.clients.rules import Bindings, ClientStatus, KeyStatus
from gateway.own.clients.usecases import scopes_of
from shared.access import vocabulary

CLASSES = ("npm", "authority", "partner")
ROLES = sorted(vocabulary().roles)
BOUND = {
    "npm": Bindings(),
    "authority": Bindings(authority_id=True),
    "partner": Bindings(partner_id=True, mou_id=True),
}
OF_CLASS = {
    "npm": {"staff"},
    "authority": {"authority_official", "authority_focal_point", "authority_validator"},
    "partner": {"partner_system", "cso_partner"},
}


def codes(
    audience_class: str, roles: list[str], bindings: Bindings, scopes: list[str] | None = None
) -> set[tuple[str, str]]:
    of_roles = scopes_of(audience_class, roles)
    asked = sorted(of_roles) if scopes is None else scopes
    found = rules.faults(audience_class, roles, bindings, asked, of_roles=of_roles, kids=["k"])
    return {(fault.pointer, fault.code) for fault in found}


@pytest.mark.parametrize("audience_class", CLASSES)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_taken_in_its_own_class_and_only_if_a_machine_may_hold_it(audience_class: str, role: str) -> None:
    found = codes(audience_class, [role], BOUND[audience_class])

    assert (found == set()) == (role in OF_CLASS[audience_class])
    assert (("/roles/0", "role_of_another_class") in found) == (role not in OF_CLASS[audience_class])


@pytest.mark.parametrize("audience_class", CLASSES)
@pytest.mark.parametrize("authority", [True, False])
@pytest.mark.parametrize("department", [True, False])
@pytest.mark.parametrize("partner", [True, False])
@pytest.mark.parametrize("mou", [True, False])
def test_each_class_is_bound_to_what_is_its_own(
    audience_class: str, *, authority: bool, department: bool, partner: bool, mou: bool
) -> None:
    role = {"npm": "staff", "authority": "authority_official", "partner": "partner_system"}[audience_class]

    found = codes(audience_class, [role], Bindings(authority, department, partner, mou))

    expected = {
        "npm": not (authority or department or partner or mou),
        "authority": authority and not (partner or mou),
        "partner": partner and mou and not (authority or department),
    }
    assert (found == set()) == expected[audience_class]


def test_civil_society_needs_no_memorandum() -> None:
    assert codes("partner", ["cso_partner"], Bindings(partner_id=True)) == set()
    assert codes("partner", ["cso_partner"], Bindings(partner_id=True, mou_id=True)) == set()
    assert codes("partner", ["cso_partner"], Bindings()) == {("/partner_id", "missing")}


@pytest.mark.parametrize(
    ("audience_class", "role"), [(name, role) for name in CLASSES for role in sorted(OF_CLASS[name])]
)
def test_a_scope_is_taken_when_the_role_gives_it_to_a_machine(audience_class: str, role: str) -> None:
    known = vocabulary()

    taken = {
        scope
        for scope in known.scopes
        if ("/scopes/0", "beyond_role") not in codes(audience_class, [role], BOUND[audience_class], [scope])
    }

    of_persons = {"visits:interviews.read", "stakeholders:conflicts.declare"}
    assert taken == {scope for scope in known.roles[role] if not known.scopes[scope].decision} - of_persons


def test_what_stands_twice_is_told() -> None:
    found = rules.faults(
        "partner", ["cso_partner"] * 2, Bindings(partner_id=True), ["gateway:operations.read"] * 2,
        of_roles={"gateway:operations.read"}, kids=["k", "k"],
    )  # fmt: skip

    assert {(fault.pointer, fault.code) for fault in found} == {
        ("/roles", "twice"),
        ("/scopes", "twice"),
        ("/keys", "twice"),
    }


def test_no_machine_ever_decides_and_none_holds_what_only_services_hold() -> None:
    known = vocabulary()
    inside = {name for name, scope in known.scopes.items() if scope.classes == ("service",)}

    for audience_class, roles in rules.MACHINE_ROLES.items():
        held = scopes_of(audience_class, sorted(roles))
        assert not held & known.decisions
        assert not held & inside
        assert all(audience_class in known.scopes[name].classes for name in held)


@pytest.mark.parametrize("status", list(ClientStatus))
@pytest.mark.parametrize(("day", "is_within"), [(30, True), (1, True), (31, False)])
def test_tokens_go_to_active_clients_until_their_last_day(status: ClientStatus, day: int, *, is_within: bool) -> None:
    last = date(2026, 1, 30)

    usable = rules.is_usable(status, last, date(2026, 1, day))

    assert usable == (is_within and status is ClientStatus.ACTIVE)


def test_only_an_approved_key_proves() -> None:
    assert [rules.verifies(status) for status in KeyStatus] == [False, True, False]


@pytest.mark.parametrize(("person", "proposer", "may"), [("a", "b", True), ("a", "a", False), ("", "b", False)])
def test_nobody_lets_in_the_own_proposal(person: str, proposer: str, *, may: bool) -> None:
    assert rules.is_second_person(person, proposer) == may


@pytest.mark.parametrize(
    ("asked", "granted"),
    [(None, {"a", "b"}), ({"a"}, {"a"}), ({"a", "b"}, {"a", "b"}), ({"a", "c"}, None), ({"c"}, None), (set(), None)],
)
def test_what_is_asked_for_only_narrows(asked: set[str] | None, granted: set[str] | None) -> None:
    assert rules.granted({"a", "b"}, asked) == granted
