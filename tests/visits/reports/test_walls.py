"""The wall in the database, asked as each role itself, without the service; time that passes; and what other services are told."""

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from deploy.postgres.server import Server
from shared.caller import Caller
from shared.db import Database
from tests.people import People
from tests.visits.reports.arranged import (
    EXPERT,
    POLICE,
    PRISON_SERVICE,
    PUBLICATION,
    Ground,
    a_visit,
    commented,
    received,
    shared,
    submitted,
    transmitted,
)

pytestmark = pytest.mark.usefixtures("standing_experts")

PROPOSE = (
    "INSERT INTO factual_correction (id, report_id, snapshot_id, authority_id, fact_item_id, fact_name, stated_value, "
    "proposed_value, evidence, status, proposed_on, created_at, created_by, updated_at, updated_by, version, "
    "confidentiality, origin) VALUES (gen_random_uuid(), $1, $2, $3, $4, 'x', 'x', 'x', '', 'proposed', a22_today(), now(), "
    "'x', now(), 'x', 1, 'AUT', 'native')"
)
TOLD = {"id", "code", "kind", "title", "status", "place_ids", "visit_ids", "recommendation_ids"}


@pytest_asyncio.fixture
async def ground(empty: None, cluster: Server, people: People) -> AsyncIterator[Ground]:
    """A visit that was carried out."""
    yield await a_visit(cluster, people)


@pytest_asyncio.fixture
async def database(cluster: Server) -> AsyncIterator[Database]:
    """The database of visits, as the service opens it."""
    opened = Database(cluster.url("visits_app", "visits"), service="visits", pool_size=1)
    yield opened
    await opened.close()


def official(authority_id: str) -> Caller:
    """Somebody of an authority."""
    return Caller(
        subject="x", audience_class="authority", roles=frozenset({"authority_official"}), authority_id=authority_id
    )


async def count(database: Database, caller: Caller, table: str, column: str = "id") -> int:
    """Count what a caller's role sees."""
    async with database.work(caller, writing=False) as work:
        found: int = await work.connection.fetchval(f"SELECT count({column}) FROM {table}")
    return found


async def days_pass(cluster: Server, days: int) -> None:
    """Move the clock of visits."""
    connection = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    try:
        await connection.execute("INSERT INTO clock_offset (id, moved_by) VALUES (1, make_interval(days => $1))", days)
    finally:
        await connection.close()


async def journal(cluster: Server) -> list[dict[str, Any]]:
    """Give what was journaled, sealed or not yet."""
    connection = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    columns = "action, subject_id, leaves, payload::text AS payload, queued_at"
    try:
        rows = await connection.fetch(
            f"SELECT * FROM (SELECT {columns} FROM journal UNION ALL SELECT {columns} FROM journal_queue) each ORDER BY queued_at"
        )
    finally:
        await connection.close()
    return [{**row, "payload": json.loads(row["payload"])} for row in rows]


async def test_the_database_shows_a_draft_to_the_authority_that_it_was_sent_to_alone(
    people: People, ground: Ground, database: Database
) -> None:
    await shared(people, ground)

    assert await count(database, official(PRISON_SERVICE), "report_snapshot") == 1
    assert await count(database, official(POLICE), "report_snapshot") == 0
    assert await count(database, official(""), "report_snapshot") == 0
    for table in ("report", "report_comment", "finding"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await count(database, official(PRISON_SERVICE), table)


async def test_the_database_takes_a_correction_of_a_fact_of_an_own_open_draft_alone(
    people: People, ground: Ground, database: Database
) -> None:
    report = await shared(people, ground)
    draft = await received(people)
    fact, section = draft["fact_items"][0]["id"], draft["sections"][0]["id"]
    attempts = [
        (PRISON_SERVICE, report["id"], draft["id"], PRISON_SERVICE, section),
        (POLICE, report["id"], draft["id"], POLICE, fact),
        (POLICE, report["id"], draft["id"], PRISON_SERVICE, fact),
        (PRISON_SERVICE, ground.place_id, draft["id"], PRISON_SERVICE, fact),
    ]

    for who, *values in attempts:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.work(official(who)) as work:
                await work.connection.execute(PROPOSE, *values)

    async with database.work(official(PRISON_SERVICE)) as work:
        await work.connection.execute(PROPOSE, *attempts[0][1:4], fact)


async def test_the_database_shows_the_public_what_is_published_and_experts_what_they_were_asked(
    people: People, ground: Ground, database: Database
) -> None:
    report = await submitted(people, ground)
    public = Caller(subject="", audience_class="public", roles=frozenset({"public"}))
    invited, other = (
        Caller(subject="x", audience_class="expert", roles=frozenset({"expert"}), expert_id=each)
        for each in (EXPERT, "4f783539-a70f-495d-899d-7d6ea739f8a9")
    )

    assert report["status"] == "internal_review"
    assert await count(database, public, "report_snapshot", "report_id") == 0
    assert [await count(database, each, "report") for each in (invited, other)] == [1, 0]
    assert [await count(database, each, "report_comment") for each in (invited, other)] == [1, 0]


async def test_after_its_due_date_an_authority_corrects_nothing_and_the_report_goes_on(
    people: People, ground: Ground, cluster: Server
) -> None:
    report = await shared(people, ground)
    draft, path = await received(people), f"/npm/reports/{report['id']}"
    await days_pass(cluster, 40)

    refused = await (await people.as_("authority-official")).post(
        f"/authority/reports/{draft['id']}/corrections",
        {"target_id": draft["fact_items"][0]["id"], "proposed_value": "1"},
    )
    await (await people.as_("head")).done(path, "collect_corrections")

    assert (refused.status_code, [error["code"] for error in refused.json()["errors"]]) == (409, ["past_due"])
    assert (await received(people))["status"] == "closed_unanswered"


async def test_an_expert_who_says_nothing_stops_a_report_for_the_period_alone(
    people: People, ground: Ground, cluster: Server
) -> None:
    report = await submitted(people, ground)
    await days_pass(cluster, 30)

    shown = await (await people.as_("expert")).get(f"/expert/reports/{report['id']}")
    approved = await (await people.as_("head")).done(f"/npm/reports/{report['id']}", "approve")

    assert (shown.status_code, approved["status"]) == (404, "approved")


async def test_other_services_are_told_coded_facts_and_nothing_of_the_draft(
    people: People, ground: Ground, cluster: Server
) -> None:
    report = await commented(people, ground)
    inside = [each for each in await journal(cluster) if each["subject_id"] == report["id"]]
    path, head = f"/npm/reports/{report['id']}", await people.as_("head")
    await head.done(path, "approve")
    await head.done(path, "transmit", recipients=[{"authority_id": PRISON_SERVICE}])
    await head.done(path, "publish", **PUBLICATION)

    told = [each for each in await journal(cluster) if each["leaves"] and each["subject_id"] == report["id"]]

    assert not any(each["leaves"] for each in inside)
    assert "colder" not in json.dumps([each["payload"] for each in inside])
    assert [each["action"].rsplit(".", 1)[1] for each in told] == ["approved", "transmitted", "published"]
    assert all(set(each["payload"]) == TOLD for each in told)
    assert told[-1]["payload"]["place_ids"] == [ground.place_id]


async def test_what_an_authority_says_is_in_no_event(people: People, ground: Ground, cluster: Server) -> None:
    await shared(people, ground)
    someone, draft = await people.as_("authority-official"), await received(people)
    await someone.made(
        f"/authority/reports/{draft['id']}/corrections",
        {"target_id": draft["fact_items"][0]["id"], "proposed_value": "398", "evidence": "Our register."},
    )

    told = {each["action"]: each["payload"] for each in await journal(cluster)}

    sent = told["visits.draft_transmission.sent"]
    assert set(sent) == {"id", "report_id", "code", "kind", "authority_id", "status", "due_on"}
    assert set(told["visits.factual_correction.proposed"]) == {"report_id", "authority_id", "fact_item_id", "status"}


async def test_the_visit_keeps_what_became_of_its_report(people: People, ground: Ground, cluster: Server) -> None:
    report = await transmitted(people, ground)
    await (await people.as_("head")).done(f"/npm/reports/{report['id']}", "publish", **PUBLICATION)

    connection = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    kept = await connection.fetchval("SELECT report_outcome::text FROM visit")
    await connection.close()

    assert json.loads(kept) == {"is_published": True, "withheld_reason": ""}
