"""The rules of machine clients: what a registration must say, who lets it in, and which scopes its tokens carry.

Pure: no database, no HTTP, no clock. What a client asks for never widens what it was registered for.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from shared.workflow import Vocabulary, Workflow, step

#: Who runs the system, and who answers for the institution.
_PROPOSING = frozenset({"sysadmin"})
_APPROVING = frozenset({"head", "member"})
_ENDING = frozenset({"sysadmin", "head", "data_protection_officer"})
#: The roles of machines that keep their own keys (`gateway:webhooks.write`).
_OWNING = frozenset({"authority_focal_point", "partner_system", "cso_partner"})


class ClientStatus(Vocabulary):
    """The states of a machine client."""

    PROPOSED = "proposed", "Proposed"
    ACTIVE = "active", "Active"
    REVOKED = "revoked", "Revoked"


class ClientAction(Vocabulary):
    """What is done with a machine client."""

    PROPOSE = "propose", "Propose"
    APPROVE = "approve", "Approve"
    REVOKE = "revoke", "Revoke"


class KeyStatus(Vocabulary):
    """The states of a client's key."""

    PROPOSED = "proposed", "Proposed"
    ACTIVE = "active", "Active"
    REMOVED = "removed", "Removed"


class KeyAction(Vocabulary):
    """What is done with a client's key."""

    PROPOSE = "propose", "Propose"
    APPROVE = "approve", "Approve"
    REMOVE = "remove", "Remove"
    ADD = "add", "Add one's own"
    RETIRE = "retire", "Retire one's own"


CLIENT = Workflow(
    name="machine_client",
    initial=ClientStatus.PROPOSED,
    create={ClientAction.PROPOSE: step(ClientStatus.PROPOSED, by=_PROPOSING, event="gateway.client.proposed")},
    transitions={
        (ClientStatus.PROPOSED, ClientAction.APPROVE): step(
            ClientStatus.ACTIVE, by=_APPROVING, event="gateway.client.approved"
        ),
        **{
            (state, ClientAction.REVOKE): step(ClientStatus.REVOKED, by=_ENDING, event="gateway.client.revoked")
            for state in (ClientStatus.PROPOSED, ClientStatus.ACTIVE)
        },
    },
    final=frozenset({ClientStatus.REVOKED}),
)
CLIENT_KEY = Workflow(
    name="client_key",
    initial=KeyStatus.PROPOSED,
    create={
        KeyAction.PROPOSE: step(KeyStatus.PROPOSED, by=_PROPOSING, event="gateway.client_key.proposed"),
        KeyAction.ADD: step(KeyStatus.ACTIVE, by=_OWNING, event="gateway.client_key.added"),
    },
    transitions={
        (KeyStatus.PROPOSED, KeyAction.APPROVE): step(
            KeyStatus.ACTIVE, by=_APPROVING, event="gateway.client_key.approved"
        ),
        **{
            (state, KeyAction.REMOVE): step(KeyStatus.REMOVED, by=_ENDING, event="gateway.client_key.removed")
            for state in (KeyStatus.PROPOSED, KeyStatus.ACTIVE)
        },
        (KeyStatus.ACTIVE, KeyAction.RETIRE): step(KeyStatus.REMOVED, by=_OWNING, event="gateway.client_key.retired"),
    },
    final=frozenset({KeyStatus.REMOVED}),
)

#: The roles of each class that a machine may hold: never one that decides, handles cases or keeps identities. Persons of a
#: complaints department and experts are persons.
MACHINE_ROLES: Mapping[str, frozenset[str]] = {
    "npm": frozenset({"staff"}),
    "authority": frozenset({"authority_official", "authority_focal_point", "authority_validator"}),
    "partner": frozenset({"partner_system", "cso_partner"}),
}
#: Scopes of such a role that are acts of a person: what somebody heard in an interview, whom somebody is close to.
OF_PERSONS = frozenset({"visits:interviews.read", "stakeholders:conflicts.declare"})
#: One key, and a second one while they roll over.
MOST_KEYS = 2


class Bindings(NamedTuple):
    """What a registration binds: which ids it gives."""

    authority_id: bool = False
    department_id: bool = False
    partner_id: bool = False
    mou_id: bool = False


class Fault(NamedTuple):
    """What is wrong with which member of a registration: a JSON pointer, a stable code, a sentence."""

    pointer: str
    code: str
    detail: str


_MAY_BIND: Mapping[str, frozenset[str]] = {
    "npm": frozenset(),
    "authority": frozenset({"authority_id", "department_id"}),
    "partner": frozenset({"partner_id", "mou_id"}),
}


def must_bind(audience_class: str, roles: Collection[str]) -> frozenset[str]:
    """Give what a client of this class with these roles must be bound to."""
    needed = {"authority": {"authority_id"}, "partner": {"partner_id"}}.get(audience_class, set())
    return frozenset(needed | ({"mou_id"} if "partner_system" in roles else set()))


def faults(
    audience_class: str,
    roles: Collection[str],
    bindings: Bindings,
    scopes: Collection[str],
    *,
    of_roles: Collection[str],
    kids: Collection[str],
) -> tuple[Fault, ...]:
    """Say what is wrong with a registration; empty when it can be proposed.

    `of_roles` are the scopes that the roles give a machine of this class.
    """
    found = [
        Fault(f"/roles/{number}", "role_of_another_class", f"this is no role of a machine of class {audience_class}")
        for number, role in enumerate(roles)
        if role not in MACHINE_ROLES[audience_class]
    ]
    for name, is_given in bindings._asdict().items():
        if is_given and name not in _MAY_BIND[audience_class]:
            found.append(Fault(f"/{name}", "binds_another_class", f"a client of class {audience_class} has none"))
        elif not is_given and name in must_bind(audience_class, roles):
            found.append(Fault(f"/{name}", "missing", "a client of this class and role is bound to one"))
    found += [
        Fault(f"/scopes/{number}", "beyond_role", "these roles do not give a machine this scope")
        for number, scope in enumerate(scopes)
        if scope not in of_roles
    ]
    found += [
        Fault(f"/{name}", "twice", "one stands twice")
        for name, several in (("roles", roles), ("scopes", scopes), ("keys", kids))
        if len(set(several)) != len(several)
    ]
    return tuple(found)


def scopes_for_machines(of_roles: Collection[str], decisions: Collection[str]) -> frozenset[str]:
    """Leave out decision scopes, since the decision matrix names persons and never a machine, and what only persons do."""
    return frozenset(of_roles) - frozenset(decisions) - OF_PERSONS


def is_usable(status: ClientStatus, valid_until: date, day: date) -> bool:
    """Whether a client may get tokens on a day, the last one included."""
    return status is ClientStatus.ACTIVE and day <= valid_until


def verifies(status: KeyStatus) -> bool:
    """Whether a key proves its client: only after a second person has let it in."""
    return status is KeyStatus.ACTIVE


def is_second_person(person: str, proposed_by: str) -> bool:
    """Nobody lets in what the same person proposed (T14)."""
    return bool(person) and person != proposed_by


def granted(ceiling: Collection[str], asked: Collection[str] | None) -> frozenset[str] | None:
    """Give the scopes of a token: all of the ceiling, or of it what was asked for; None when more was asked for."""
    if asked is None:
        return frozenset(ceiling)
    wanted = frozenset(asked)
    return wanted if wanted and wanted <= frozenset(ceiling) else None
