"""A person of the NPM complained of meets nothing of the case, whatever the role: at the API, and in PostgreSQL alone."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.postgres.server import Server
from tests.complaints import cast
from tests.harm.crawl import answer_of
from tests.people import Actor, People

pytestmark = pytest.mark.usefixtures("empty")
HEAD = "bbb77181-7301-4890-8fce-d2aa94075a60"
OFFICER = "30c32615-6dc0-493a-a638-42de9213ebd9"
DPO = "4b785361-1b84-4f45-a0d6-139086aea0a6"
KEEPER = "586700a2-06b9-44d4-a769-4fdcf7628012"
#: Each table that tells of a case, with the column that names it.
TABLES = {
    "complaint": "id", "complaint_referral": "complaint_id", "case_text": "case_id", "consent": "case_id",
    "person_record": "case_id",
}  # fmt: skip
SEES = {
    ("head", HEAD): set(TABLES), ("complaints_officer", OFFICER): set(TABLES), ("data_protection_officer", DPO): {"consent"},
    ("vault_keeper", KEEPER): {"person_record"},
}  # fmt: skip


async def partners_case(people: People) -> dict[str, Any]:
    """Let a partner's complaint come in and be accepted."""
    await cast.known_place(people)
    await cast.agreed_profile(people)
    return await cast.accepted(people)


async def complained_of(cluster: Server, case: str, person: str) -> None:
    """Let a case turn out to be about somebody of the NPM."""
    owner = await asyncpg.connect(cluster.url("complaints_owner", "complaints"))
    try:
        await owner.execute("UPDATE complaint SET against_person_ids = ARRAY[$2::uuid] WHERE id = $1", case, person)
    finally:
        await owner.close()


async def seen(cluster: Server, case: str, role: str, person: str) -> set[str]:
    """Give the tables in which somebody of the NPM finds the case, without a service in front."""
    connection = await asyncpg.connect(cluster.url("complaints_app", "complaints"))
    try:
        async with connection.transaction():
            told = {"subject": person, "person": person, "roles": role}
            await connection.execute("; ".join(f"SET LOCAL a22.{name} = '{value}'" for name, value in told.items()))
            await connection.execute("SET LOCAL ROLE complaints_npm")
            asked = {name: f"SELECT count(*) FROM {name} WHERE {column} = $1" for name, column in TABLES.items()}
            return {name for name, sql in asked.items() if await connection.fetchval(sql, case)}
    finally:
        await connection.close()


@pytest.mark.parametrize(("role", "person"), SEES)
async def test_every_table_of_a_case_is_empty_for_whom_it_is_about(
    people: People, cluster: Server, role: str, person: str
) -> None:
    case = (await partners_case(people))["id"]
    before = await seen(cluster, case, role, person)

    await complained_of(cluster, case, person)

    assert before == SEES[role, person]
    assert await seen(cluster, case, role, person) == set()


async def listed(actor: Actor, path: str) -> list[str]:
    return [row["id"] for row in (await actor.read(f"{path}?limit=100"))["items"]]


@pytest.mark.parametrize(("persona", "person"), [("head", HEAD), ("complaints-officer", OFFICER)])
async def test_a_partners_case_is_absent_for_whom_it_is_about_in_every_read(
    people: People, cluster: Server, persona: str, person: str
) -> None:
    complaint = await partners_case(people)
    actor = await people.as_(persona, step_up=True)
    known = (await cast.referral_of(people, cast.submission()["external_id"]))["id"]
    await complained_of(cluster, complaint["id"], person)
    reads = {
        f"/npm/complaints/{complaint['id']}": f"/npm/complaints/{uuid4()}",
        f"/npm/complaints/{complaint['id']}/narrative": f"/npm/complaints/{uuid4()}/narrative",
        f"/npm/complaints/{complaint['id']}/consents": f"/npm/complaints/{uuid4()}/consents",
        f"/npm/complaint-referrals/{known}": f"/npm/complaint-referrals/{uuid4()}",
    }

    for path, nowhere in reads.items():
        hidden, absent = [answer_of(await actor.get(each, headers=cast.PURPOSE)) for each in (path, nowhere)]
        assert hidden == absent, path
    reveal = [
        await actor.post(f"/npm/person-records/{each}/reveal", headers=cast.PURPOSE)
        for each in complaint["person_refs"]
    ]
    assert {answer.status_code for answer in reveal} == {404}
    assert await listed(actor, "/npm/complaints") == []
    assert await listed(actor, "/npm/complaint-referrals") == []
    assert (await actor.read("/npm/complaint-referrals?count=exact"))["count"] == 0
    acts = [
        await actor.act(f"/npm/complaint-referrals/{each}", "conclude", concluded_note="no")
        for each in (known, uuid4())
    ]
    assert answer_of(acts[0]) == answer_of(acts[1])
