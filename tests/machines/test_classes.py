"""Machines of an authority and of the NPM itself: each behind its own door, with what it was registered for."""

import pytest

from gateway.development import AUTHORITY_A
from tests.machines.machine import OPERATIONS, registered
from tests.people import Actor, People

pytestmark = pytest.mark.usefixtures("empty")


async def test_an_authoritys_machine_reads_what_was_sent_to_the_authority(people: People) -> None:
    machine = await registered(
        people, audience_class="authority", roles=["authority_official"], partner_id=None, authority_id=AUTHORITY_A,
        scopes=["recommendations:received.read", OPERATIONS],
    )  # fmt: skip
    client = await machine.enters(people.client)

    own = await client.get("/authority/recommendations")
    beyond = await client.get("/authority/me")
    others = [await client.get(path) for path in ("/npm/recommendations", "/partner/complaint-referrals", "/expert/me")]

    assert (own.status_code, own.json()["items"], beyond.status_code) == (200, [], 403)
    assert [answer.status_code for answer in others] == [403, 403, 403]


async def test_a_machine_of_the_npm_does_no_more_than_its_scopes_and_never_what_takes_a_strong_login(
    people: People,
) -> None:
    machine = await registered(
        people, audience_class="npm", roles=["staff"], partner_id=None,
        scopes=["visits:places.read", "visits:places.write", "gateway:exports.create"],
    )  # fmt: skip
    client = await machine.enters(people.client)
    place = {"name": "North Prison", "place_type": "prison"}

    read, beyond = await client.get("/npm/places"), await client.get("/npm/visits")
    export = await client.get("/npm/places", headers={"Accept": "text/csv"})
    without_key = await Actor(people.client, client.token).post("/npm/places", place)

    assert (read.status_code, beyond.status_code) == (200, 403)
    assert (export.status_code, export.json()["code"]) == (401, "insufficient_user_authentication")
    assert (without_key.status_code, without_key.json()["code"]) == (400, "idempotency_key_required")
