"""A machine rolls its own key: what shows that it may, what each stolen piece alone is good for, and what the NPM is told."""

import asyncio
import json
import time
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.postgres.server import Server
from gateway.own.client_keys.rules import KeyRefusal, may_vouch, refusal_to_add, thumbprint
from gateway.own.clients.rules import KeyStatus
from tests.machines.machine import OPERATIONS, Machine, encoded, error_of, jwk_of, registered
from tests.people import Actor, People

OWN_KEYS = "gateway:webhooks.write"
ADD, RETIRE = "client-key-add+jwt", "client-key-retire+jwt"
PATH = "/partner/client-keys"


def point_of(machine: Machine) -> str:
    jwk = jwk_of(machine.private, machine.kid)
    return thumbprint(jwk["x"], jwk["y"])


def statement(signer: Machine, kind: str, concerned: Machine, **changes: Any) -> str:
    header = signer.header(typ=changes.pop("typ", kind))
    return signer.signed(f"{encoded(header)}.{encoded(signer.claims(**{'jkt': point_of(concerned), **changes}))}")


def adding(old: Machine, new: Machine, **changes: Any) -> dict[str, Any]:
    whole = {
        "key": jwk_of(new.private, new.kid), "proof": statement(new, ADD, new), "vouched": statement(old, ADD, new),
    }  # fmt: skip
    return {**whole, **changes}


def following(machine: Machine, kid: str = "key-2") -> Machine:
    return Machine(machine.client_id, kid)


async def keeper(people: People, **changes: Any) -> tuple[Machine, Actor]:
    machine = await registered(people, scopes=[OWN_KEYS, OPERATIONS], **changes)
    return machine, await machine.enters(people.client)


async def retire(client: Actor, gone: Machine, voucher: Machine, path: str = PATH, **changes: Any) -> Any:
    tag = (await client.get(f"{path}/{gone.kid}")).headers.get("ETag", '"none"')
    sent = {"action": "retire", "vouched": statement(voucher, RETIRE, gone), **changes}
    return await client.post(f"{path}/{gone.kid}/transitions", sent, headers={"If-Match": tag})


async def lets_in(people: People, *machines: Machine) -> list[int]:
    return [(await each.asks(people.client)).status_code for each in machines]


async def statuses(client: Actor, path: str = PATH) -> dict[str, str]:
    return {key["kid"]: key["status"] for key in (await client.read(path))["items"]}


@pytest.mark.parametrize("status", [None, *KeyStatus])
@pytest.mark.parametrize("same", [True, False])
def test_only_another_key_that_is_in_use_vouches(status: KeyStatus | None, same: bool) -> None:
    assert may_vouch(status, voucher="a", concerned="a" if same else "b") == (status is KeyStatus.ACTIVE and not same)


@pytest.mark.parametrize("one", KeyStatus)
@pytest.mark.parametrize("other", [None, *KeyStatus])
def test_two_keys_at_most_whatever_they_wait_for(one: KeyStatus, other: KeyStatus | None) -> None:
    known = {"one": (one, "p1")} | ({"other": (other, "p2")} if other else {})
    left = [status for status in (one, other) if status in (KeyStatus.ACTIVE, KeyStatus.PROPOSED)]

    assert refusal_to_add("new", "p3", known) is (KeyRefusal.TOO_MANY_KEYS if len(left) > 1 else None)
    assert refusal_to_add("one", "p3", known) is KeyRefusal.KEY_EXISTS
    assert refusal_to_add("new", "p1", known) is KeyRefusal.SAME_KEY


def test_the_thumbprint_is_that_of_rfc_7638() -> None:
    # worked out apart from the code: the required members in the order of their names, without blanks
    x, y = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"

    assert thumbprint(x, y) == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"


@pytest.mark.usefixtures("empty")
async def test_a_machine_rolls_its_key_by_itself(people: People) -> None:
    old, client = await keeper(people)
    new = following(old)

    added = await client.post(PATH, adding(old, new))
    both = await lets_in(people, old, new)
    retired = await retire(client, old, new)
    one = await lets_in(people, old, new)

    assert (added.status_code, both, retired.status_code, one) == (201, [200, 200], 200, [401, 200]), added.text
    assert added.headers["location"].endswith(f"/v1{PATH}/key-2")
    assert set(added.json()) == {"kid", "x", "y", "status", "added_on", "allowed_actions"}
    assert await statuses(client) == {"key-1": "removed", "key-2": "active"}
    again = following(old, "key-3")
    assert (await client.post(PATH, adding(new, again))).status_code == 201
    assert await lets_in(people, old, new, again) == [401, 200, 200]


@pytest.mark.usefixtures("empty")
async def test_a_system_of_an_authority_rolls_its_key_too(people: People) -> None:
    old, client = await keeper(
        people, audience_class="authority", roles=["authority_focal_point"], partner_id=None,
        authority_id="f9d212a8-7680-4faf-8923-9f324d2f29b3",
    )  # fmt: skip
    new, path = following(old), "/authority/client-keys"

    added = await client.post(path, adding(old, new))
    read = await client.get(f"{path}/key-2")
    retired = await retire(client, old, new, path)

    assert [added.status_code, read.status_code, retired.status_code] == [201, 200, 200]
    assert await lets_in(people, old, new) == [401, 200]


def bad_additions(old: Machine, new: Machine, stranger: Machine) -> dict[str, tuple[dict[str, Any], str]]:
    """Give what a thief of a token, and whoever errs, could send; and which member is refused."""
    impostor, other, now = Machine(old.client_id, old.kid), following(old, "key-9"), int(time.time())
    vouched = {
        "by the new key itself": statement(new, ADD, new),
        "by another key under the id of the old": statement(impostor, ADD, new),
        "by a key of another client": statement(Machine(old.client_id, stranger.kid, stranger.private), ADD, new),
        "of another client": statement(stranger, ADD, new),
        "a proof for a token": old.proof(),
        "a proof for a token with the thumbprint": old.proof(jkt=point_of(new)),
        "for retiring": statement(old, RETIRE, new),
        "about another key": statement(old, ADD, other),
        "about none": statement(old, ADD, new, jkt=None),
        "for another issuer": statement(old, ADD, new, aud="https://elsewhere.example"),
        "over already": statement(old, ADD, new, iat=now - 120, exp=now - 60),
        "too long": statement(old, ADD, new, exp=now + 3_600),
        "without an id": statement(old, ADD, new, jti=None),
        "no text of three": "xxx.yyy",
    }
    proofs = {
        "by the old key": statement(old, ADD, new),
        "by another key": statement(Machine(old.client_id, new.kid), ADD, new),
        "a proof for a token of the new": new.proof(jkt=point_of(new)),
        "about another": statement(new, ADD, other),
    }
    found = {f"vouched {name}": (adding(old, new, vouched=text), "/vouched") for name, text in vouched.items()}
    return found | {f"proof {name}": (adding(old, new, proof=text), "/proof") for name, text in proofs.items()}


@pytest.mark.usefixtures("empty")
async def test_a_stolen_token_alone_plants_no_key(people: People) -> None:
    (old, client), stranger = await keeper(people), await registered(people)
    new = following(old)

    refused = {}
    for name, (body, pointer) in bad_additions(old, new, stranger).items():
        answer = await client.post(PATH, body)
        assert answer.status_code == 422, (name, answer.text)
        refused[name] = [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, "no_proof")]

    assert all(refused.values()), refused
    assert await statuses(client) == {"key-1": "active"}
    assert await lets_in(people, old, new) == [200, 401]


@pytest.mark.usefixtures("empty")
async def test_a_statement_is_taken_once_and_is_no_proof_for_a_token(people: People) -> None:
    old, client = await keeper(people)
    new = following(old)
    body = adding(old, new, vouched=statement(old, ADD, new, jti="only-once"))
    await client.made(PATH, body)
    await retire(client, new, old)
    next_one = following(old, "key-3")

    replayed = await client.post(PATH, body)
    same_id = await client.post(PATH, adding(old, next_one, vouched=statement(old, ADD, next_one, jti="only-once")))
    as_proof = [await old.asks(people.client, statement(old, kind, new)) for kind in (ADD, RETIRE)]

    assert replayed.status_code == 409
    assert (same_id.status_code, same_id.json()["errors"][0]["pointer"]) == (422, "/vouched")
    assert [error_of(each) for each in as_proof] == [(401, "invalid_client")] * 2


@pytest.mark.usefixtures("empty")
async def test_two_at_most_never_none_and_no_id_or_key_twice(people: People) -> None:
    old, client = await keeper(people)
    new, third = following(old), following(old, "key-3")
    alone = await retire(client, old, old)
    await client.made(PATH, adding(old, new))
    codes = [(await client.post(PATH, adding(old, each))).json()["code"] for each in (third, new)]
    itself = await retire(client, old, old)
    await retire(client, new, old)

    gone = [await retire(client, new, old), await retire(client, following(old, "key-7"), old)]
    by_the_removed = await client.post(PATH, adding(new, third))
    under_another_id = Machine(old.client_id, "key-4", new.private)
    renamed = await client.post(PATH, adding(old, under_another_id))

    assert (alone.status_code, itself.status_code, codes) == (422, 422, ["too_many_keys", "key_exists"])
    assert [each.status_code for each in gone] == [409, 404]
    assert (by_the_removed.status_code, renamed.json()["code"]) == (422, "same_key")
    assert await statuses(client) == {"key-1": "active", "key-2": "removed"}


@pytest.mark.usefixtures("empty")
async def test_of_many_keys_added_at_once_one_is_taken(people: People) -> None:
    old, client = await keeper(people)
    bodies = [adding(old, following(old, f"next-{number}")) for number in range(6)]

    answers = await asyncio.gather(*(client.post(PATH, body) for body in bodies))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert len(await statuses(client)) == 2


@pytest.mark.usefixtures("empty")
async def test_nobody_sees_or_touches_anothers_and_a_person_has_none(people: People) -> None:
    (old, client), (other, stranger) = await keeper(people), await keeper(people)
    await client.made(PATH, adding(old, following(old)))
    person = await people.as_("focal-point")
    narrow = await (await registered(people)).enters(people.client)

    seen = [await statuses(stranger), (await person.read("/authority/client-keys"))["items"]]
    absent = [await stranger.get(f"{PATH}/key-2"), await person.get("/authority/client-keys/key-1")]
    absent += [await person.post("/authority/client-keys", adding(old, following(old, "key-3")))]
    absent += [await retire(stranger, following(old), other)]

    assert seen == [{"key-1": "active"}, []]
    assert [answer.status_code for answer in absent] == [404] * 4
    assert (await narrow.get(PATH)).status_code == 403


@pytest.mark.usefixtures("empty")
async def test_the_npm_is_told_and_can_take_the_key_away(people: People, cluster: Server) -> None:
    old, client = await keeper(people)
    new, path = following(old), f"/npm/clients/{old.client_id}"
    await client.made(PATH, adding(old, new))
    head = await people.as_("head", step_up=True)
    shown = {key["kid"]: key for key in (await head.read(path))["keys"]}

    tag = (await head.get(path)).headers["ETag"]
    removed = await head.post(f"{path}/keys/key-2/transitions", {"action": "remove"}, headers={"If-Match": tag})

    assert (shown["key-2"]["vouched_by"], shown["key-2"]["approved_by"]) == ("key-1", None)
    assert (shown["key-2"]["proposed_by"], shown["key-1"]["vouched_by"]) == (old.client_id, None)
    assert (removed.status_code, await lets_in(people, old, new)) == (200, [200, 401])
    rows = await journaled(cluster, old.client_id)
    assert ("gateway.client_key.added", {"kid": "key-2", "vouched_by": "key-1"}) in rows


async def journaled(cluster: Server, client_id: str) -> list[tuple[str, dict[str, Any]]]:
    owner = await asyncpg.connect(cluster.url("gateway_owner", "gateway"))
    try:
        rows = await owner.fetch(
            "SELECT action, payload::text AS payload FROM journal WHERE subject_id = $1 UNION ALL "
            "SELECT action, payload::text FROM journal_queue WHERE subject_id = $1",
            client_id,
        )
    finally:
        await owner.close()
    return [(row["action"], json.loads(row["payload"])) for row in rows]


@pytest.mark.usefixtures("empty")
async def test_postgresql_gives_a_machine_its_own_keys_and_no_way_around_the_rules(
    people: People, cluster: Server
) -> None:
    (old, _), (other, _) = await keeper(people), await keeper(people)
    insert = (
        "INSERT INTO client_key (id, created_at, created_by, updated_at, updated_by, version, confidentiality, origin, "
        "client_id, kid, x, y, status, proposed_by, vouched_by) VALUES (gen_random_uuid(), now(), '', now(), '', 1, 'INT', "
        "'native', '{0}', 'new', 'x', 'y', 'active', '{1}', {2})"
    )
    refused = {
        "another's": insert.format(other.client_id, old.client_id, "'key-1'"),
        "that nobody vouched for": insert.format(old.client_id, old.client_id, "NULL"),
        "in another's name": insert.format(old.client_id, uuid4(), "'key-1'"),
        "vouched for by a key that is none": insert.format(old.client_id, old.client_id, "'nothing'"),
        "back to use": "UPDATE client_key SET status = 'active'",
        "another registration": "UPDATE client SET status = 'active'",
    }
    app = await asyncpg.connect(cluster.url("gateway_app", "gateway"))
    try:
        found = {}
        for name, sql in {**refused, "its own": insert.format(old.client_id, old.client_id, "'key-1'")}.items():
            found[name] = await as_machine(app, old.client_id, sql)
    finally:
        await app.close()

    assert found == {**dict.fromkeys(refused, False), "its own": True}


async def as_machine(app: asyncpg.Connection, client_id: str, sql: str) -> bool:
    """Try one statement as the database's role of partners, for one machine; nothing is kept."""
    transaction = app.transaction()
    await transaction.start()
    try:
        for name, value in (("subject", client_id), ("client", client_id), ("roles", "cso_partner")):
            await app.execute(f"SET LOCAL a22.{name} = '{value}'")
        await app.execute("SET LOCAL ROLE gateway_partner")
        await app.execute(sql)
    except (asyncpg.InsufficientPrivilegeError, asyncpg.IntegrityConstraintViolationError):
        return False
    else:
        return True
    finally:
        await transaction.rollback()
