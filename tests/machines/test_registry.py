"""The registry of machine clients through the gateway: what is refused, who lets in, and what PostgreSQL holds against one alone."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.postgres.server import Server
from tests.machines.machine import OPERATIONS, Machine, error_of, jwk_of, new_key, proposed, registered
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")

MACHINE = Machine()
KEY = MACHINE.registration()["keys"][0]
BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown key": ({"colour": "red"}, "/colour", "extra_forbidden"),
    "no name": ({"name": None}, "/name", "missing"),
    "a role of another class": ({"roles": ["authority_official"]}, "/roles/0", "role_of_another_class"),
    "a role of persons": ({"roles": ["nhri_complaints"]}, "/roles/0", "role_of_another_class"),
    "a role nobody has": ({"roles": ["king"]}, "/roles/0", "role_of_another_class"),
    "no role": ({"roles": []}, "/roles", "too_short"),
    "a scope of another role": ({"scopes": [OPERATIONS, "complaints:statistics.exchange"]}, "/scopes/1", "beyond_role"),
    "a scope of the NPM": ({"scopes": ["visits:places.read"]}, "/scopes/0", "beyond_role"),
    "a scope of services": ({"scopes": ["stakeholders:standing.read"]}, "/scopes/0", "beyond_role"),
    "no scope": ({"scopes": []}, "/scopes", "too_short"),
    "not bound": ({"partner_id": None}, "/partner_id", "missing"),
    "bound to an authority": ({"authority_id": str(uuid4())}, "/authority_id", "binds_another_class"),
    "no memorandum": ({"roles": ["partner_system"]}, "/mou_id", "missing"),
    "another institution": ({"institution_id": str(uuid4())}, "/institution_id", "other_institution"),
    "class public": ({"audience_class": "public"}, "/audience_class", "literal_error"),
    "class expert": ({"audience_class": "expert"}, "/audience_class", "literal_error"),
    "class service": ({"audience_class": "service"}, "/audience_class", "literal_error"),
    "a private key": ({"keys": [{**KEY, "d": "x" * 43}]}, "/keys/0/d", "extra_forbidden"),
    "another curve": ({"keys": [{**KEY, "crv": "P-384"}]}, "/keys/0/crv", "literal_error"),
    "an RSA key": ({"keys": [{**KEY, "kty": "RSA"}]}, "/keys/0/kty", "literal_error"),
    "a key to encrypt": ({"keys": [{**KEY, "use": "enc"}]}, "/keys/0/use", "literal_error"),
    "off the curve": ({"keys": [{**KEY, "x": "A" * 43}]}, "/keys/0/x", "off_curve"),
    "a short coordinate": ({"keys": [{**KEY, "x": "AA"}]}, "/keys/0/x", "string_too_short"),
    "no key": ({"keys": []}, "/keys", "too_short"),
    "three keys": ({"keys": [{**KEY, "kid": f"k{number}"} for number in range(3)]}, "/keys", "too_long"),
    "one key id twice": ({"keys": [KEY, KEY]}, "/keys", "twice"),
    "a rate of its own": ({"rate_class": "unlimited"}, "/rate_class", "literal_error"),
    "over already": ({"valid_until": "2020-01-01"}, "/valid_until", "in_past"),
    "no id": ({"client_id": "partner"}, "/client_id", "uuid_parsing"),
}


async def test_each_mistake_in_a_registration_is_told_with_its_place(people: People) -> None:
    sysadmin = await people.as_("sysadmin", step_up=True)

    found = {}
    for name, (changes, _, _) in BAD.items():
        answer = await sysadmin.post("/npm/clients", MACHINE.registration(**changes))
        assert answer.status_code == 422, (name, answer.text)
        found[name] = {(error["pointer"], error["code"]) for error in answer.json()["errors"]}

    assert {name: (pointer, code) in found[name] for name, (_, pointer, code) in BAD.items()} == dict.fromkeys(
        BAD, True
    )
    assert (await sysadmin.read("/npm/clients"))["items"] == []


async def test_another_person_lets_in_and_only_then_there_is_a_token(people: People) -> None:
    machine = Machine()
    path = await proposed(people, machine)
    sysadmin, head = await people.as_("sysadmin", step_up=True), await people.as_("head", step_up=True)

    early = await machine.asks(people.client)
    alone = await sysadmin.act(path, "approve")
    weak = await (await people.as_("head")).act(path, "approve")
    shown = await head.done(path, "approve")
    again = await head.act(path, "approve")

    assert [error_of(early), alone.status_code, weak.status_code, again.status_code] == [
        (401, "invalid_client"),
        403,
        401,
        409,
    ]
    assert (shown["status"], [key["status"] for key in shown["keys"]]) == ("active", ["active"])
    assert shown["proposed_by"] != shown["approved_by"]
    assert (await machine.asks(people.client)).status_code == 200


async def test_who_may_not_sees_and_does_nothing(people: People) -> None:
    machine = await registered(people)
    path, new = f"/npm/clients/{machine.client_id}", Machine().registration()

    for persona in ("staff", "member", "secondee", "complaints-officer", "vault-keeper"):
        actor = await people.as_(persona, step_up=True)
        answers = [await actor.get("/npm/clients"), await actor.get(path), await actor.post("/npm/clients", new)]
        answers += [await actor.act(path, "revoke"), await actor.post(f"{path}/keys", jwk_of(new_key(), "x"))]
        assert [answer.status_code for answer in answers] == [403] * 5, persona
    proposing = await (await people.as_("head", step_up=True)).post("/npm/clients", new)
    assert proposing.status_code == 403


async def test_postgresql_holds_two_persons_apart_by_itself(people: People, cluster: Server) -> None:
    await registered(people)
    owner = await asyncpg.connect(cluster.url("gateway_owner", "gateway"))
    try:
        for table in ("client", "client_key"):
            with pytest.raises(asyncpg.CheckViolationError):
                await owner.execute(f"UPDATE {table} SET approved_by = proposed_by")
            with pytest.raises(asyncpg.CheckViolationError):
                await owner.execute(f"UPDATE {table} SET approved_by = NULL")
    finally:
        await owner.close()


async def test_a_client_is_registered_once(people: People) -> None:
    machine = await registered(people)
    sysadmin = await people.as_("sysadmin", step_up=True)

    answer = await sysadmin.post("/npm/clients", machine.registration())

    assert (answer.status_code, answer.json()["code"]) == (409, "client_exists")


async def test_one_key_follows_the_other(people: People) -> None:
    machine = await registered(people)
    path, second = f"/npm/clients/{machine.client_id}", Machine(machine.client_id, "key-2")
    sysadmin, head = await people.as_("sysadmin", step_up=True), await people.as_("head", step_up=True)

    async def on_key(actor: Any, kid: str, action: str) -> int:
        tag = (await actor.get(path)).headers["ETag"]
        answer = await actor.post(f"{path}/keys/{kid}/transitions", {"action": action}, headers={"If-Match": tag})
        return int(answer.status_code)

    async def let_in() -> list[int]:
        return [(await each.asks(people.client)).status_code for each in (machine, second)]

    await sysadmin.made(f"{path}/keys", jwk_of(second.private, second.kid))
    proposed_only = await let_in()
    third = await sysadmin.post(f"{path}/keys", jwk_of(new_key(), "key-3"))
    own = await on_key(sysadmin, "key-2", "approve")
    approved = await on_key(head, "key-2", "approve")
    both = await let_in()
    removed = await on_key(sysadmin, "key-1", "remove")
    one = await let_in()
    same_id = await sysadmin.post(f"{path}/keys", jwk_of(new_key(), "key-1"))

    assert (proposed_only, both, one) == ([200, 401], [200, 200], [401, 200])
    assert (own, approved, removed, await on_key(head, "unknown", "remove")) == (403, 200, 200, 404)
    assert (third.json()["code"], same_id.json()["code"]) == ("too_many_keys", "key_exists")


async def test_of_many_keys_proposed_at_once_one_is_taken(people: People) -> None:
    machine = await registered(people)
    sysadmin = await people.as_("sysadmin", step_up=True)
    path = f"/npm/clients/{machine.client_id}/keys"

    answers = await asyncio.gather(*(sysadmin.post(path, jwk_of(new_key(), f"next-{number}")) for number in range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_of_many_approvals_at_once_one_counts(people: People) -> None:
    path = await proposed(people, Machine())
    head = await people.as_("head", step_up=True)
    tag = (await head.get(path)).headers["ETag"]

    answers = await asyncio.gather(
        *(head.post(f"{path}/transitions", {"action": "approve"}, headers={"If-Match": tag}) for _ in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7


async def test_what_was_done_stands_in_the_journal_without_the_key(people: People, cluster: Server) -> None:
    machine = await registered(people)
    token_id = (await machine.asks(people.client)).status_code
    owner = await asyncpg.connect(cluster.url("gateway_owner", "gateway"))
    try:
        rows = await owner.fetch(
            "SELECT action, actor, payload::text FROM journal WHERE subject_id = $1 UNION ALL "
            "SELECT action, actor, payload::text FROM journal_queue WHERE subject_id = $1",
            machine.client_id,
        )
    finally:
        await owner.close()

    assert token_id == 200
    assert {row["action"] for row in rows} == {
        "gateway.client.proposed", "gateway.client_key.proposed", "gateway.client.approved", "gateway.token.issued",
    }  # fmt: skip
    assert not any(machine.registration()["keys"][0]["x"] in row["payload"] for row in rows)
