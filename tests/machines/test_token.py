"""The token endpoint: what a good request gets, and the exact refusal of each bad one."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import asyncpg
import httpx
import pytest

from deploy.assembly import one_process
from deploy.postgres.server import Server
from shared.settings import DATABASES, Limits, Settings
from tests.conftest import living
from tests.machines.bad_proofs import BAD_PROOFS
from tests.machines.machine import (
    OPERATIONS,
    REFERRALS,
    Machine,
    error_of,
    proposed,
    registered,
)
from tests.people import Actor, People

pytestmark = pytest.mark.usefixtures("empty")

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.requirement("R-G12")
async def test_a_client_that_proves_itself_gets_what_it_was_registered_for(people: People) -> None:
    machine = await registered(people)

    answer = await machine.asks(people.client)

    told = answer.json()
    assert (answer.status_code, told["token_type"], told["expires_in"]) == (200, "Bearer", 300)
    assert told["scope"].split() == sorted(machine.registration()["scopes"])
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
    client = Actor(people.client, told["access_token"], is_machine=True)
    assert (await client.get("/partner/operations")).status_code == 200


async def test_every_bad_proof_is_the_one_refusal(people: People) -> None:
    machine = await registered(people)

    found = {name: await machine.asks(people.client, make(machine)) for name, make in BAD_PROOFS.items()}

    assert {name: error_of(answer) for name, answer in found.items()} == dict.fromkeys(
        BAD_PROOFS, (401, "invalid_client")
    )
    assert len({answer.content for answer in found.values()}) == 1
    assert (await machine.asks(people.client)).status_code == 200


async def test_another_clients_key_proves_nobody_else(people: People) -> None:
    one, two = await registered(people), await registered(people)

    answer = await one.asks(people.client, Machine(one.client_id, two.kid, two.private).proof())

    assert error_of(answer) == (401, "invalid_client")


async def test_a_proof_is_taken_once(people: People) -> None:
    machine = await registered(people)
    proof = machine.proof()

    first, second = await machine.asks(people.client, proof), await machine.asks(people.client, proof)
    other_text_same_id = await machine.asks(people.client, machine.proof(jti=(jti := "once-only")))
    repeated = await machine.asks(people.client, machine.proof(jti=jti))

    assert (first.status_code, error_of(second)) == (200, (401, "invalid_client"))
    assert (other_text_same_id.status_code, error_of(repeated)) == (200, (401, "invalid_client"))


async def test_of_twenty_at_once_with_one_proof_one_gets_a_token(people: People) -> None:
    machine = await registered(people)
    proof = machine.proof()

    answers = await asyncio.gather(*(machine.asks(people.client, proof) for _ in range(20)))

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 19


async def test_one_id_of_two_clients_is_two(people: People) -> None:
    one, two = await registered(people), await registered(people)

    answers = [await each.asks(people.client, each.proof(jti="the same")) for each in (one, two)]

    assert [answer.status_code for answer in answers] == [200, 200]


async def test_scopes_are_only_narrowed(people: People) -> None:
    machine = await registered(people)

    less = await machine.asks(people.client, scope=OPERATIONS)
    more = {
        "of another audience": await machine.asks(people.client, scope="visits:places.read"),
        "of another role": await machine.asks(people.client, scope=f"{OPERATIONS} {REFERRALS}"),
        "beyond the registration": await machine.asks(people.client, scope="stakeholders:me.use"),
        "inside": await machine.asks(people.client, scope="stakeholders:standing.read"),
        "unknown": await machine.asks(people.client, scope="everything"),
        "malformed": await machine.asks(people.client, scope=f"{OPERATIONS}  {OPERATIONS}"),
        "a quote": await machine.asks(people.client, scope='"'),
    }

    assert less.json()["scope"] == OPERATIONS
    assert {name: error_of(answer) for name, answer in more.items()} == dict.fromkeys(more, (400, "invalid_scope"))
    narrow = Actor(people.client, less.json()["access_token"])
    assert (await narrow.get("/partner/profile")).status_code == 403


async def test_a_clients_token_opens_no_other_door(people: People) -> None:
    machine = await registered(people)
    client = await machine.enters(people.client)

    refused = [
        await client.get(path)
        for path in ("/npm/places", "/npm/complaints", "/expert/me", "/authority/recommendations")
    ]

    assert [answer.status_code for answer in refused] == [403, 403, 403, 403]


async def test_malformed_requests_are_told_what_is_wrong(people: People) -> None:
    machine = await registered(people)

    async def sent(body: str | bytes, address: str = "/oauth/token", **headers: str) -> tuple[int, str]:
        return error_of(await people.client.post(address, content=body, headers={**FORM, **headers}))

    def form(**changes: Any) -> str:
        return urlencode(machine.form(**changes))

    request, client = (400, "invalid_request"), (401, "invalid_client")
    found = {
        "json": (await sent(json.dumps(machine.form()), **{"Content-Type": "application/json"}), request),
        "no media type": (await sent(form(), **{"Content-Type": ""}), request),
        "in the address": (await sent("", f"/oauth/token?{form()}"), request),
        "a parameter twice": (await sent(form() + "&grant_type=client_credentials"), request),
        "no form": (await sent("grant_type"), request),
        "not text": (await sent(b"\xff\xfe=1"), request),
        "not UTF-8": (await sent(form() + "&scope=%ff"), request),
        "too long": (await sent(form() + "&pad=" + "x" * 40_000), request),
        "too many": (await sent(form() + "".join(f"&p{number}=1" for number in range(30))), request),
        "empty": (await sent(""), request),
        "another way as well": (await sent(form(), Authorization="Basic eDp5"), request),
        "another client named": (await sent(form(client_id="f0dece0d-4155-4788-b3d2-16ecddc75317")), request),
        "a password": (await sent(form(grant_type="password")), (400, "unsupported_grant_type")),
        "a code": (await sent(form(grant_type="authorization_code")), (400, "unsupported_grant_type")),
        "no proof": (await sent(form(client_assertion=None) ), client),
        "no type": (await sent(form(client_assertion_type=None)), client),
        "a secret": (await sent(urlencode({"grant_type": "client_credentials", "client_id": machine.client_id, "client_secret": "x"})), client),
    }  # fmt: skip

    assert {name: got for name, (got, _) in found.items()} == {name: wanted for name, (_, wanted) in found.items()}


async def test_only_a_post_is_taken_and_the_refusal_is_oauths(people: People) -> None:
    answer = await people.client.get("/oauth/token")

    assert (error_of(answer), answer.headers["allow"]) == ((405, "invalid_request"), "POST")


async def test_its_own_id_may_stand_in_the_form(people: People) -> None:
    machine = await registered(people)

    assert (await machine.asks(people.client, client_id=machine.client_id)).status_code == 200


@pytest.mark.requirement("R-G12")
async def test_who_is_not_let_in_or_no_longer_is_answers_as_nobody(people: People, cluster: Server) -> None:
    waiting, revoked, ended = Machine(), await registered(people), await registered(people)
    await proposed(people, waiting)
    before = [(await each.asks(people.client)).status_code for each in (revoked, ended)]
    await (await people.as_("head", step_up=True)).done(f"/npm/clients/{revoked.client_id}", "revoke")
    await _its_last_day_was_yesterday(cluster, ended)

    answers = [await each.asks(people.client) for each in (Machine(), waiting, revoked, ended)]

    assert before == [200, 200]
    assert [error_of(answer) for answer in answers] == [(401, "invalid_client")] * 4
    assert len({answer.content for answer in answers}) == 1


async def test_a_restart_and_another_process_know_which_proofs_were_used(
    people: People, cluster: Server, settings: Settings
) -> None:
    machine = await registered(people)
    proof = machine.proof()
    first = await machine.asks(people.client, proof)
    again = one_process(settings, {name: cluster.url(f"{name}_app", name) for name in DATABASES})

    async with (
        living(again),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=again), base_url=settings.base_url) as client,
    ):
        answers = [await machine.asks(client, proof), await machine.asks(client)]

    assert (first.status_code, error_of(answers[0]), answers[1].status_code) == (200, (401, "invalid_client"), 200)


async def test_too_many_failures_from_an_address_are_told_to_wait(
    people: People, cluster: Server, settings: Settings
) -> None:
    few = settings.model_copy(update={"limits": Limits(failed_authentications_per_minute=3)})
    strict = one_process(few, {name: cluster.url(f"{name}_app", name) for name in DATABASES})

    async with (
        living(strict),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=strict), base_url=settings.base_url) as client,
    ):
        answers = [await Machine().asks(client) for _ in range(5)]

    assert [error_of(answer) for answer in answers[:3]] == [(401, "invalid_client")] * 3
    assert [error_of(answer) for answer in answers[3:]] == [(429, "temporarily_unavailable")] * 2
    assert answers[4].headers["retry-after"] == "60"


async def _its_last_day_was_yesterday(cluster: Server, machine: Machine) -> None:
    """Let time pass for one client alone: nothing at the API can."""
    owner = await asyncpg.connect(cluster.url("gateway_owner", "gateway"))
    await owner.execute("UPDATE client SET valid_until = a22_today() - 1 WHERE id = $1", UUID(machine.client_id))
    await owner.close()
