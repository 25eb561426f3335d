"""Every operation × every persona through the gateway: the class and scope part of the access table, with no gap.

What an operation answers to those who may use it is judged by the features' own tests; here nobody else gets in.
"""

from uuid import uuid4

import pytest

from gateway import operations
from gateway.development import PERSONAS
from shared.access import Operation, vocabulary
from tests.people import Actor, People

pytestmark = pytest.mark.usefixtures("experts")

OPERATIONS = sorted(operations.table(with_development=True).operations.values(), key=lambda row: row.key)
OUTWARD = [row for row in OPERATIONS if row.audience not in ("service", "public")]
PUBLIC = [row for row in OPERATIONS if row.audience == "public"]


def scopes_of(name: str) -> frozenset[str]:
    """Give the scopes of a persona, from the roles alone."""
    persona = PERSONAS[name]
    decides = vocabulary().decisions if persona.decides else frozenset()
    return vocabulary().scopes_of(persona.roles, audience_class=persona.audience_class, decides=decides)


def may_enter(row: Operation, name: str) -> bool:
    """Tell whether class and scopes let a persona in: written from the access page, not from the code under test."""
    held = scopes_of(name)
    if PERSONAS[name].audience_class != row.audience or not set(row.scopes) <= held:
        return False
    return not row.actions or any(set(action.scopes) <= held for action in row.actions)


async def knock(actor: Actor, row: Operation, *, object_id: str) -> int:
    """Send an empty request to an operation and give the status."""
    path = row.path.removeprefix("/v1")
    for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
        path = path.replace("{" + name + "}", object_id)
    answer = await actor.send(row.method, path, headers={"X-Access-Purpose": "oversight"})
    return answer.status_code


@pytest.mark.requirement("R-G01")
@pytest.mark.parametrize("name", PERSONAS)
async def test_a_persona_enters_exactly_the_operations_of_its_class_and_scopes(people: People, name: str) -> None:
    actor = await people.as_(name, step_up=True)
    wrong = {}

    for row in OUTWARD:
        status = await knock(actor, row, object_id=str(uuid4()))
        if (status == 403) == may_enter(row, name) or status == 401 or status >= 500:
            wrong[row.key] = status

    assert wrong == {}


async def test_nobody_enters_without_a_token(people: People) -> None:
    stranger = people.stranger()

    statuses = {row.key: await knock(stranger, row, object_id=str(uuid4())) for row in OUTWARD}

    assert set(statuses.values()) == {401}


async def test_nobody_outside_reaches_what_is_inside(people: People) -> None:
    inside = [row for row in OPERATIONS if row.audience == "service"]
    for name in ("head", "sysadmin", "expert", "authority-validator", "partner"):
        actor = await people.as_(name, step_up=True)

        statuses = {row.key: await knock(actor, row, object_id=str(uuid4())) for row in inside}

        assert inside
        assert set(statuses.values()) == {403}


@pytest.mark.parametrize("object_id", [str(uuid4()), "malformed"])
async def test_an_id_that_does_not_exist_and_one_that_is_malformed_are_404(people: People, object_id: str) -> None:
    wrong = {}

    for name in PERSONAS:
        actor = await people.as_(name, step_up=True)
        for row in OUTWARD:
            if row.method == "GET" and row.path.endswith("_id}") and may_enter(row, name):
                status = await knock(actor, row, object_id=object_id)
                if status != 404:
                    wrong[(name, row.key)] = status

    assert wrong == {}


async def test_public_operations_read_no_token(people: People) -> None:
    broken = Actor(people.client, "not-a-token")

    for row in PUBLIC:
        with_broken = await knock(broken, row, object_id=str(uuid4()))

        assert with_broken in (200, 404)


async def test_what_hurts_needs_a_fresh_strong_login(people: People) -> None:
    head = await people.as_("head")
    asked = [row for row in OUTWARD if row.step_up and may_enter(row, "head")]

    answers = {row.key: await knock(head, row, object_id=str(uuid4())) for row in asked}

    assert asked
    assert set(answers.values()) == {401}


@pytest.mark.requirement("R-G09")
def test_a_secondee_holds_no_decision_scope() -> None:
    assert scopes_of("secondee") & vocabulary().decisions == frozenset()
    assert vocabulary().decisions <= scopes_of("deputy-head")


@pytest.mark.requirement("R-G14")
async def test_who_runs_the_system_reads_no_content(people: People) -> None:
    sysadmin = await people.as_("sysadmin", step_up=True)
    reads = [
        row
        for row in OUTWARD
        if row.audience == "npm" and row.method == "GET" and not row.path.startswith("/v1/npm/me")
    ]

    statuses = {row.key: await knock(sysadmin, row, object_id=str(uuid4())) for row in reads}

    own_or_counts = {"npm.list_operations", "npm.get_operation", "npm.show_jobs"}
    # whose access was ended is the work of who runs the system: codes and ids, and no content
    ended = {"npm.list_access_revocations", "npm.get_access_revocation"}
    assert {key for key, status in statuses.items() if status != 403} <= own_or_counts | ended
