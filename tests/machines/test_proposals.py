"""What waits for a second person: read by whoever may let it in, the head and members named for it, and by nobody else."""

import pytest

from tests.machines.machine import Machine, jwk_of, new_key, proposed, registered
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")


async def waiting(people: People, persona: str) -> list[str]:
    shown = await (await people.as_(persona)).read("/npm/client-proposals")
    return [each["id"] for each in shown["items"]]


async def test_a_member_named_for_it_reads_and_lets_in_what_waits(people: People) -> None:
    machine = Machine()
    path = await proposed(people, machine)
    deputy = await people.as_("deputy-head", step_up=True)
    read = await deputy.get(f"/npm/client-proposals/{machine.client_id}")

    registry = await deputy.get(path)
    let_in = await deputy.post(f"{path}/transitions", {"action": "approve"}, headers={"If-Match": read.headers["ETag"]})

    assert (read.status_code, read.json()["allowed_actions"], registry.status_code) == (200, ["approve"], 403)
    assert (let_in.status_code, let_in.json()["status"]) == (200, "active")
    assert (await machine.asks(people.client)).status_code == 200


async def test_what_waits_is_a_client_or_a_key_of_one_and_is_gone_once_it_is_decided(people: People) -> None:
    new, settled, rolling, ended = Machine(), await registered(people), await registered(people), Machine()
    for machine in (new, ended):
        await proposed(people, machine)
    sysadmin, head = await people.as_("sysadmin", step_up=True), await people.as_("head", step_up=True)
    await sysadmin.done(f"/npm/clients/{ended.client_id}", "revoke")
    path = f"/npm/clients/{rolling.client_id}"
    await sysadmin.made(f"{path}/keys", jwk_of(new_key(), "key-2"))

    before = await waiting(people, "head")
    await head.done(f"/npm/clients/{new.client_id}", "approve")
    tag = (await head.get(f"/npm/client-proposals/{rolling.client_id}")).headers["ETag"]
    await head.post(f"{path}/keys/key-2/transitions", {"action": "approve"}, headers={"If-Match": tag})

    assert set(before) == {new.client_id, rolling.client_id}
    assert settled.client_id not in before
    assert await waiting(people, "deputy-head") == []


async def test_who_may_not_let_in_reads_no_proposal(people: People) -> None:
    path = (await proposed(people, Machine())).replace("/npm/clients/", "/npm/client-proposals/")

    for persona in ("member", "staff", "sysadmin", "data-protection-officer", "vault-keeper"):
        actor = await people.as_(persona, step_up=True)
        answers = [await actor.get("/npm/client-proposals"), await actor.get(path)]
        assert [answer.status_code for answer in answers] == [403, 403], persona
