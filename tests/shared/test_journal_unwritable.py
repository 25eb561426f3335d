"""The journal cannot be written: what must leave a row there is refused and undone, the public reads on, and it mends by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.postgres.server import Server
from shared.protection import AUDIENCE_ROLES
from shared.settings import DATABASES
from tests.complaints import cast
from tests.complaints.cast import BASIS, PURPOSE, SECRETS
from tests.people import Actor, People

pytestmark = pytest.mark.usefixtures("empty")
RIGHT = "INSERT (id, action, subject_id, confidentiality, leaves, payload) ON journal_queue"


async def in_every_database(cluster: Server, verb: str, word: str) -> None:
    for name in DATABASES:
        connection = await asyncpg.connect(cluster.url(f"{name}_owner", name))
        try:
            for role in AUDIENCE_ROLES:
                await connection.execute(f"{verb} {RIGHT} {word} {name}_{role}")
        finally:
            await connection.close()


@asynccontextmanager
async def unwritable(cluster: Server) -> AsyncIterator[None]:
    """Take the right to write the journal from every role, for a while."""
    await in_every_database(cluster, "REVOKE", "FROM")
    try:
        yield
    finally:
        await in_every_database(cluster, "GRANT", "TO")


async def counted(actor: Actor, path: str) -> int:
    return len((await actor.read(path))["items"])


def is_out_of_reach(answer: httpx.Response) -> bool:
    assert answer.status_code == 503, (answer.request.url, answer.text)
    told = answer.json()
    return told["code"] == "unavailable" and "nothing was changed" in told["detail"] and "Retry-After" in answer.headers


async def test_writes_and_journaled_reads_stop_and_the_public_reads_on(people: People, cluster: Server) -> None:
    place = await cast.known_place(people)
    await cast.agreed_profile(people)
    case = f"/npm/complaints/{(await cast.accepted(people))['id']}"
    staff, officer, partner = [await people.as_(name) for name in ("staff", "complaints-officer", "partner")]
    head = await people.as_("head", step_up=True)
    path, new = f"/npm/places/{place['id']}", {"name": "Late Prison", "place_type": "prison", "mandate_basis": BASIS}
    once = {"Idempotency-Key": uuid4().hex}
    submitted = cast.submission("OMB-UNWRITABLE")
    before = [await counted(head, "/npm/places"), await counted(officer, "/npm/complaint-referrals")]
    tag = (await staff.get(path)).headers["ETag"]

    async with unwritable(cluster):
        refused = [
            await staff.post("/npm/places", new, headers=once),
            await staff.patch(path, {"region": "Changed"}, headers={"If-Match": tag}),
            await partner.post("/partner/complaint-referrals", submitted, headers=once),
            await officer.get(f"{case}/narrative", headers=PURPOSE),
            await head.get("/npm/places", headers={"Accept": "text/csv"}),
        ]
        public = await people.stranger().get("/public/places")
        ordinary = await staff.get(path)

    assert [is_out_of_reach(answer) for answer in refused] == [True] * len(refused)
    assert SECRETS["narrative"] not in "".join(answer.text for answer in refused)
    assert public.status_code == 200
    assert public.json()["items"]
    assert (ordinary.status_code, ordinary.headers["ETag"]) == (200, tag)
    assert before == [await counted(head, "/npm/places"), await counted(officer, "/npm/complaint-referrals")]
    # nothing is in the way of the same request afterwards, under the same key
    assert (await staff.post("/npm/places", new, headers=once)).status_code == 201
    assert (await staff.patch(path, {"region": "Changed"}, headers={"If-Match": tag})).status_code == 200
    assert (await partner.post("/partner/complaint-referrals", submitted, headers=once)).status_code == 201
    assert (await officer.get(f"{case}/narrative", headers=PURPOSE)).status_code == 200
    assert (await head.get("/npm/places", headers={"Accept": "text/csv"})).status_code == 200
