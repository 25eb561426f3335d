"""Every operation whose row says `two_persons` holds them apart: made from the access tables, with a recipe for each row.

A recipe proposes something as one person; the same person, through the same account and through another, must be refused and
change nothing, and somebody else must succeed: the refusal is about the person, and about nothing else.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from deploy.postgres.server import Server
from gateway import operations
from gateway.development import PERSONAS
from shared.settings import Settings
from tests.machines.machine import Machine, jwk_of, new_key, proposed, registered
from tests.people import Actor, People
from tests.recommendations.assessments.test_api import evidence
from tests.recommendations.conftest import drafted, published, tell
from tests.stakeholders.accounts.made import invitation, person
from tests.stakeholders.made import with_institutions
from tests.visits.reports.arranged import a_visit

__all__ = ["tell"]
pytestmark = pytest.mark.usefixtures("empty", "tell")

FLAGGED = sorted(row.key for row in operations.table(with_development=True).operations.values() if row.two_persons)


@dataclass(frozen=True)
class Proposed:
    """What waits for a decision: where it is read and where it is decided, how, and the persona who proposed it."""

    proposer: str
    read: str
    decide: str
    action: str
    fields: dict[str, Any] = field(default_factory=dict)

    async def decided_by(self, actor: Actor, tag: str) -> httpx.Response:
        """Decide on the version that was read."""
        return await actor.post(self.decide, {"action": self.action, **self.fields}, headers={"If-Match": tag})


async def a_client(people: People, _cluster: Server) -> Proposed:
    path = await proposed(people, Machine())
    return Proposed("sysadmin", path, f"{path}/transitions", "approve")


async def a_clients_key(people: People, _cluster: Server) -> Proposed:
    path = f"/npm/clients/{(await registered(people)).client_id}"
    await (await people.as_("sysadmin", step_up=True)).made(f"{path}/keys", jwk_of(new_key(), "key-2"))
    return Proposed("sysadmin", path, f"{path}/keys/key-2/transitions", "approve")


async def roles_of_an_account(people: People, _cluster: Server) -> Proposed:
    sysadmin = await people.as_("sysadmin", step_up=True)
    sent = invitation("vault_keeper", person_id=await person(people, "staff"))
    path = f"/npm/account-proposals/{(await sysadmin.made('/npm/accounts', sent))['id']}"
    return Proposed("sysadmin", path, f"{path}/transitions", "approve")


async def a_recommendation(people: People, _cluster: Server) -> Proposed:
    path = f"/npm/recommendations/{(await drafted(people))['id']}"
    await (await people.as_("staff")).done(path, "submit")
    return Proposed("staff", path, f"{path}/transitions", "approve")


async def an_assessment(people: People, _cluster: Server) -> Proposed:
    staff, made = await people.as_("staff"), await published(people)
    proposal = {"status": "implemented", "note": "Seen.", "evidence_ids": [await evidence(staff, made, "visit")]}
    under = f"/npm/recommendations/{made['id']}/assessments"
    path = f"{under}/{(await staff.made(under, {'proposal': proposal}))['id']}"
    return Proposed("staff", path, f"{path}/transitions", "approve")


async def a_conflict(people: People, _cluster: Server) -> Proposed:
    institutions = {"kind": "former_organisation", "target_kind": "authority"}
    await with_institutions(people)
    [authority, *_] = (await (await people.as_("staff")).read("/npm/authorities"))["items"]
    made = await (await people.as_("staff")).made("/npm/conflicts", {**institutions, "target_id": authority["id"]})
    path = f"/npm/conflicts/{made['id']}"
    return Proposed("staff", path, f"{path}/transitions", "decide", {"effect": "preparation_only"})


async def a_report(people: People, cluster: Server) -> Proposed:
    ground, staff = await a_visit(cluster, people), await people.as_("staff")
    report = {
        "kind": "thematic", "title": "Isolation", "place_ids": [ground.place_id], "finding_ids": [ground.finding_id],
        "sections": [{"heading": "Law", "text": "What it says."}],
        "fact_items": [{"name": "Days", "value": "15", "supplied_by": "npm"}],
    }  # fmt: skip
    path = f"/npm/reports/{(await staff.made('/npm/reports', report))['id']}"
    await staff.done(path, "submit")
    return Proposed("staff", path, f"{path}/transitions", "approve")


RECIPES: dict[str, Callable[[People, Server], Awaitable[Proposed]]] = {
    "npm.transition_account_proposal": roles_of_an_account,
    "npm.transition_assessment": an_assessment,
    "npm.transition_client": a_client,
    "npm.transition_client_key": a_clients_key,
    "npm.transition_conflict": a_conflict,
    "npm.transition_recommendation": a_recommendation,
    "npm.transition_report": a_report,
}


def test_every_row_that_says_two_persons_has_a_recipe_and_no_other() -> None:
    assert sorted(RECIPES) == FLAGGED


@pytest.mark.parametrize("key", FLAGGED)
async def test_nobody_decides_alone(people: People, settings: Settings, cluster: Server, key: str) -> None:
    waits = await RECIPES[key](people, cluster)
    itself = await people.as_(waits.proposer, step_up=True)
    same_person = people.other_account(settings, "head", PERSONAS[waits.proposer].subject)
    somebody_else = await people.as_("head", step_up=True)
    before = await somebody_else.get(waits.read)
    seen_by_same = await same_person.get(waits.read)

    alone = await waits.decided_by(itself, before.headers["ETag"])
    through_another_account = await waits.decided_by(same_person, seen_by_same.headers["ETag"])
    after = await somebody_else.get(waits.read)
    decided = await waits.decided_by(somebody_else, before.headers["ETag"])

    assert (before.status_code, alone.status_code) in {(200, 403), (200, 409)}, alone.text
    assert through_another_account.status_code == 409, through_another_account.text
    assert after.content == before.content
    assert decided.status_code == 200, decided.text
