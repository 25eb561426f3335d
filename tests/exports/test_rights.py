"""Who may export: every list of the access table × every persona, at the gateway and at each service by itself."""

import time
from uuid import uuid4

import pytest

from gateway import operations
from gateway.development import PERSONAS
from shared.access import EXPORT_SCOPE, Operation
from tests.access.test_gateway_matrix import may_enter, scopes_of
from tests.access.test_service_matrix import OWN, Doors, doors, every_scope
from tests.exports.reading import ACCEPT
from tests.people import Actor, People

__all__ = ["doors"]

pytestmark = pytest.mark.usefixtures("experts")

#: A person's own long operations are nobody's list of records.
LISTS = [
    row
    for row in operations.table(with_development=True).operations.values()
    if row.is_list and not row.operation.endswith("operations")
]
#: What goes to nobody in bulk: all of an expert, what persons consented to (RES), whose login is let in with which roles, which
#: machines are, and whose access was ended. The journal is five databases' at once, and an export is one transaction of one.
NEVER = {
    "npm.list_complaint_consents",
    "npm.list_accounts",
    "npm.list_account_proposals",
    "npm.list_clients",
    "npm.list_client_proposals",
    "authority.list_own_client_keys",
    "partner.list_own_client_keys",
    "npm.list_access_revocations",
    "npm.list_journal",
}


async def knock(actor: Actor, row: Operation, accept: str = ACCEPT["csv"]) -> tuple[int, bytes]:
    path = row.path.removeprefix("/v1")
    for name in [part for part in path.split("/") if part.startswith("{")]:
        path = path.replace(name, str(uuid4()))
    answer = await actor.get(path, headers={"Accept": accept, "X-Access-Purpose": "oversight"})
    return answer.status_code, answer.content.partition(b'"instance"')[0]


def expected(row: Operation, name: str, *, step_up: bool) -> set[int]:
    """Give what the access page lets happen: written from the page, not from the code under test."""
    if not may_enter(row, name):
        return {403}
    if row.audience == "expert" or row.key in NEVER:
        return {406}
    if row.audience == "npm" and (EXPORT_SCOPE not in scopes_of(name) or name == "secondee"):
        return {403}
    if row.audience == "npm" and not step_up:
        return {401}
    return {200, 404} if "{" in row.path else {200}


def test_the_table_says_which_lists_are_exported() -> None:
    assert {row.key for row in LISTS if not row.export} == NEVER | {
        row.key for row in LISTS if row.audience == "expert"
    }


@pytest.mark.requirement("R-G07")
@pytest.mark.parametrize("name", PERSONAS)
async def test_a_persona_exports_exactly_what_the_access_page_gives(people: People, name: str) -> None:
    wrong = {}

    for step_up in (True, False):
        actor = await people.as_(name, step_up=step_up)
        for row in [row for row in LISTS if row.audience != "public"]:
            status, _body = await knock(actor, row)
            if status not in expected(row, name, step_up=step_up):
                wrong[row.key, step_up] = status

    assert wrong == {}


async def test_anybody_exports_what_is_public_and_nothing_else(people: People) -> None:
    statuses = {row.key: (await knock(people.stranger(), row))[0] for row in LISTS}

    assert {key for key, status in statuses.items() if status == 200} == {
        row.key for row in LISTS if row.audience == "public"
    }
    assert set(statuses.values()) == {200, 401}


async def test_the_406_is_the_same_whatever_stands_behind_it(people: People) -> None:
    actors = {
        name: await people.as_(name, step_up=True) for name in ("head", "expert", "sysadmin", "partner", "focal-point")
    }
    refused = [(row, next(name for name in actors if may_enter(row, name))) for row in LISTS if not row.export]

    bodies = {(await knock(actors[name], row, accept))[1] for row, name in refused for accept in ACCEPT.values()}

    assert len(bodies) == 1
    assert b'"code":"not_acceptable"' in bodies.pop()


async def test_each_service_judges_an_export_by_itself(doors: Doors) -> None:
    lists = [row for row in doors.operations if row.is_list and row.audience == "npm" and row.export]
    statuses = {row.key: [await _at(doors, row, EXPORT_SCOPE), await _at(doors, row), await _at(doors, row, EXPORT_SCOPE, acr="basic"),
                          await _at(doors, row, EXPORT_SCOPE, roles=["secondee"])] for row in lists}  # fmt: skip

    # those that are let in read the service's own database, which nobody else closes here
    await doors.database.close()
    assert lists
    assert {
        key for key, found in statuses.items() if found[0] in (401, 403, 406) or found[1:] != [403, 401, 403]
    } == set()


async def test_each_service_refuses_by_itself_what_is_never_exported(doors: Doors) -> None:
    lists = [row for row in doors.operations if row.is_list and not row.export]

    assert {await _at(doors, row, EXPORT_SCOPE) for row in lists} <= {406}


async def _at(doors: Doors, row: Operation, *scopes: str, **claims: object) -> int:
    """Knock at a service itself with an Accept header for CSV."""
    held = every_scope(row) | frozenset(scopes)
    told = {**OWN[row.audience], "auth_time": int(time.time()), **claims}
    return await doors.knock(row, told, scopes=held, accept=ACCEPT["csv"])
