"""Ending a machine's access: its own token, its key, itself, its agreement. Nothing is taken after five seconds."""

import time
from typing import Any
from uuid import uuid4

import pytest

from gateway.development import MOU_ONE, PARTNER_ONE
from shared.identity import SigningKey, stamped
from shared.settings import Settings
from tests.machines.machine import INSTITUTION, OPERATIONS, REFERRALS, Machine, error_of, registered
from tests.people import Actor, People
from tests.stakeholders.made import with_institutions
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("empty")


async def refused_within_five_seconds(client: Actor) -> None:
    """Ask again and again: the token is refused, and not much later than five seconds after now."""

    async def is_refused() -> bool:
        return (await client.get("/partner/operations")).status_code == 401

    began = time.monotonic()
    await eventually(is_refused, seconds=5)
    assert time.monotonic() - began < 5


async def test_a_client_ends_its_own_token(people: People) -> None:
    machine = await registered(people)
    one, other = await machine.enters(people.client), await machine.enters(people.client)

    answer = await machine.ends(people.client, one.token, token_type_hint="access_token")
    again = await machine.ends(people.client, one.token)

    assert (answer.status_code, again.status_code, answer.content) == (200, 200, b"")
    await refused_within_five_seconds(one)
    assert (await other.get("/partner/operations")).status_code == 200
    assert (await machine.asks(people.client)).status_code == 200


async def test_what_is_no_token_of_ours_is_answered_alike(people: People) -> None:
    machine = await registered(people)
    persona = await people.as_("partner")

    answers = [await machine.ends(people.client, token) for token in ("x", "a.b.c", persona.token, "x" * 9_000)]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert (await persona.get("/partner/operations")).status_code == 200


async def test_nobody_ends_another_clients_token(people: People) -> None:
    machine, other = await registered(people), await registered(people)
    client = await other.enters(people.client)

    answer = await machine.ends(people.client, client.token)

    assert error_of(answer) == (400, "unauthorized_client")
    assert (await client.get("/partner/operations")).status_code == 200


async def test_ending_takes_a_proof_and_a_token(people: People) -> None:
    machine = await registered(people)
    client = await machine.enters(people.client)
    proof = machine.proof()
    assert (await machine.asks(people.client, proof)).status_code == 200

    used = await machine.ends(people.client, client.token, client_assertion=proof)
    stranger = await Machine().ends(people.client, client.token)
    nothing = await machine.ends(people.client, None)

    assert [error_of(used), error_of(stranger)] == [(401, "invalid_client")] * 2
    assert error_of(nothing) == (400, "invalid_request")
    assert (await client.get("/partner/operations")).status_code == 200


@pytest.mark.requirement("R-G12")
async def test_a_revoked_client_gets_nothing_more_and_its_tokens_end(people: People) -> None:
    machine = await registered(people)
    client = await machine.enters(people.client)
    sysadmin = await people.as_("sysadmin", step_up=True)

    await sysadmin.done(f"/npm/clients/{machine.client_id}", "revoke", reason="agreement_ended")

    assert error_of(await machine.asks(people.client)) == (401, "invalid_client")
    await refused_within_five_seconds(client)


async def test_an_exposed_key_ends_every_token_of_its_client(people: People) -> None:
    machine = await registered(people)
    client = await machine.enters(people.client)
    sysadmin, path = await people.as_("sysadmin", step_up=True), f"/npm/clients/{machine.client_id}"
    tag = (await sysadmin.get(path)).headers["ETag"]

    answer = await sysadmin.post(
        f"{path}/keys/{machine.kid}/transitions", {"action": "remove", "is_exposed": True}, headers={"If-Match": tag}
    )

    assert answer.status_code == 200, answer.text
    assert error_of(await machine.asks(people.client)) == (401, "invalid_client")
    await refused_within_five_seconds(client)


async def test_a_blocked_organisation_gets_no_token(people: People) -> None:
    # an organisation of its own: copies of the list remember it for a second or two after the tables are emptied
    organisation = str(uuid4())
    machine = await registered(people, partner_id=organisation)
    sysadmin = await people.as_("sysadmin", step_up=True)
    blocked = {"kind": "organisation", "value": organisation, "effect": "blocked"}
    await sysadmin.made("/npm/access-revocations", {**blocked, "reason": "precaution"})

    async def is_refused() -> bool:
        answer = await machine.asks(people.client)
        return answer.status_code != 200 and error_of(answer) == (400, "unauthorized_client")

    await eventually(is_refused, seconds=5)


def bound(**changes: str) -> dict[str, Any]:
    """Give a registration under the memorandum of partner 1."""
    scopes = [REFERRALS, OPERATIONS, "stakeholders:own-entry.read"]
    return {"roles": ["partner_system"], "partner_id": PARTNER_ONE, "mou_id": MOU_ONE, "scopes": scopes, **changes}


@pytest.mark.requirement("R-G12")
async def test_without_a_memorandum_in_force_there_is_no_token(people: People) -> None:
    await with_institutions(people)
    machine = await registered(people, **bound())
    other = await registered(people, **bound(partner_id="01a1f0d0-e60f-4489-8b1f-3c1ec0d751d4"))
    unknown = await registered(people, **bound(mou_id="0b3e5ccf-78c8-4c29-a8d5-fb2f164c8aed"))
    head = await people.as_("head")

    in_force = await machine.asks(people.client)
    of_another, of_nobody = await other.asks(people.client), await unknown.asks(people.client)
    await head.done(f"/npm/mous/{MOU_ONE}", "suspend", reason="breach")
    suspended = await machine.asks(people.client)
    await head.done(f"/npm/mous/{MOU_ONE}", "resume", reason="cleared")

    assert in_force.status_code == 200
    refused = [error_of(answer) for answer in (of_another, of_nobody, suspended)]
    assert refused == [(400, "unauthorized_client")] * 3
    assert (await machine.asks(people.client)).status_code == 200


async def test_no_other_issuer_speaks_for_ours(people: People, settings: Settings) -> None:
    """The internal key and a service's key sign nothing that passes for a machine's token."""
    machine = await registered(people)
    claims = {
        **stamped({}, issuer=settings.base_url, audience=settings.audience, seconds=300), "sub": machine.client_id,
        "client_id": machine.client_id, "audience_class": "partner", "roles": ["cso_partner"], "institution_id": INSTITUTION,
        "partner_id": machine.registration()["partner_id"], "scope": OPERATIONS,
    }  # fmt: skip
    keys = [
        SigningKey.read_from(settings.secrets / "gateway" / "internal.pem"),
        SigningKey.read_from(settings.secrets / "visits" / "service.pem"),
    ]

    answers = [await Actor(people.client, key.sign(claims, typ="at+jwt")).get("/partner/operations") for key in keys]

    assert [answer.status_code for answer in answers] == [401, 401]
