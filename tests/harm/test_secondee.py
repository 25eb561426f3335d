"""A seconded official meets nothing of where he or she comes from: not in a list, a read, a count, a search or a picture.

The made-up country's secondee comes from the prison service. Everything that the head reads of that authority and its places
is told apart by the ids of authority, departments and places; then the secondee walks through all that is open to him or her.
"""

import json
import re
from collections.abc import AsyncIterator, Iterable
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from deploy.demo.country import ids
from deploy.postgres.server import Server
from shared.settings import SERVICES
from tests.harm import feeds
from tests.harm.conftest import World
from tests.harm.crawl import Answer, Crawl, answer_of
from tests.people import Actor, People
from tests.visits.plans.test_api import STRATEGY

pytestmark = pytest.mark.timeout(240)

#: What a thing is known by, in the lists of the NPM.
LISTS = (
    "/npm/places", "/npm/visits", "/npm/reports", "/npm/visit-proposals", "/npm/access-incidents", "/npm/plans",
    "/npm/external-visits", "/npm/recommendations", "/npm/escalations", "/npm/patterns", "/npm/silences", "/npm/authorities",
    "/npm/engagements", "/npm/priorities",
)  # fmt: skip
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


async def every(actor: Actor, path: str, narrowed: str = "") -> list[dict[str, Any]]:
    """Give all rows of a list, each as its own read shows it where there is one."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await actor.read(f"{path}?limit=100{narrowed}{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    return found


async def in_full(actor: Actor, path: str) -> dict[str, str]:
    """Give what each row of a list and its own read show, as text by id."""
    shown: dict[str, str] = {}
    for row in await every(actor, path):
        answer = await actor.get(f"{path}/{row['id']}")
        shown[row["id"]] = json.dumps(row) + (answer.text if answer.status_code == 200 else "")
    return shown


async def under(head: Actor, authority: str) -> set[str]:
    """Give an authority with all that hangs under it."""
    found, new = {authority}, {authority}
    while new:
        new = {row["id"] for each in new for row in await every(head, "/npm/authorities", f"&parent_id={each}")} - found
        found |= new
    return found


async def _planned(people: People) -> None:
    """Plan something at a place of the origin and, apart from it, at one of another authority."""
    staff = await people.as_("staff")
    for operator in (ids.PRISON_SERVICE, ids.POLICE_DIRECTORATE):
        place = (await every(staff, "/npm/places", f"&operator_id={operator}"))[0]["id"]
        activity = {"id": "a", "title": "Visits", "kind": "visit", "place_ids": [place]}
        await staff.made("/npm/plans", {**STRATEGY, "activities": [activity]})


@pytest_asyncio.fixture(scope="module")
async def apart(world: World, people: People, cluster: Server) -> dict[str, tuple[set[str], set[str]]]:
    """Give, by list, what concerns the origin and what does not, as the head sees it."""
    await feeds.settled(cluster)
    head = await people.as_("head")
    assert (await head.post("/npm/priority-runs")).status_code == 201
    assert (await (await people.as_("complaints-officer")).post("/npm/analysis-runs")).status_code == 201
    await feeds.settled(cluster)
    await _planned(people)
    shown = {path: await in_full(head, path) for path in LISTS}
    origin = await under(head, ids.PRISON_SERVICE)
    known = origin | {each for each, text in shown["/npm/places"].items() if origin & set(_ID.findall(text))}
    told: dict[str, tuple[set[str], set[str]]] = {}
    for path, rows in shown.items():
        mine = {each for each, text in rows.items() if each in known or known & set(_ID.findall(text))}
        told[path] = mine, rows.keys() - mine
    return told


@pytest.mark.requirement("R-G08")
async def test_a_secondee_lists_and_reads_what_does_not_concern_the_origin_and_nothing_that_does(
    people: People, apart: dict[str, tuple[set[str], set[str]]]
) -> None:
    head, secondee = await people.as_("head"), await people.as_("secondee")
    leaked: dict[str, set[str]] = {}
    missing: dict[str, set[str]] = {}
    unlike: list[str] = []

    for path, (hidden, others) in apart.items():
        listed = {row["id"] for row in await every(secondee, path)}
        leaked[path] = listed & hidden
        # teams and drafts keep what they kept from staff before; nothing else may be missing
        if path not in ("/npm/visits", "/npm/reports", "/npm/patterns"):
            missing[path] = others - listed
        absent = answer_of(await secondee.get(f"{path}/{uuid4()}"))
        for each in sorted(hidden):
            if answer_of(await secondee.get(f"{path}/{each}")) != absent:
                unlike.append(f"{path}/{each}")
        assert hidden or path == "/npm/external-visits", path
    assert head.token != secondee.token
    assert leaked == {path: set() for path in apart}
    assert {path: each for path, each in missing.items() if each} == {}
    assert unlike == []
    assert sum(len(others) for _, others in apart.values()) > 50


@pytest.mark.timeout(240)
@pytest.mark.requirement("R-G08")
async def test_nothing_that_a_secondee_can_read_names_the_origin_or_what_is_its(
    people: People, apart: dict[str, tuple[set[str], set[str]]]
) -> None:
    hidden = set[str]().union(*(mine for mine, _ in apart.values()))
    secondee = await people.as_("secondee")
    crawl = Crawl(secondee, "npm", follow=6)
    answers = await crawl.walk()

    # a secondee's own conflicts name what they are about, and that is whom they concern
    kept = {path: each for path, each in answers.items() if not path.startswith("/npm/conflicts")}
    found = {path: sorted(_named(answer) & hidden)[:3] for path, answer in kept.items() if _named(answer) & hidden}

    assert found == {}
    assert sum(answer.status == 200 for answer in answers.values()) > 60


def _named(answer: Answer) -> set[str]:
    return set(_ID.findall(answer.body.decode(errors="replace")))


async def test_a_secondee_reaches_no_sub_resource_of_what_is_hidden(
    people: People, apart: dict[str, tuple[set[str], set[str]]]
) -> None:
    head, secondee = await people.as_("head"), await people.as_("secondee")
    hidden = set[str]().union(*(mine for mine, _ in apart.values()))
    crawl = Crawl(head, "npm", follow=0, also={path: sorted(mine)[:2] for path, (mine, _) in apart.items()})
    wrong: dict[str, int] = {}
    asked = 0

    for path, answer in (await crawl.walk()).items():
        if answer.status != 200 or not set(_ID.findall(path)) & hidden:
            continue
        asked += 1
        there = answer_of(await secondee.get(path))
        if there != answer_of(await secondee.get(_ID.sub(str(uuid4()), path))):
            wrong[path] = there.status

    assert wrong == {}
    assert asked > 20


async def test_ranks_and_counts_have_no_gap_where_something_is_hidden(people: People, apart: Any) -> None:
    secondee, head = await people.as_("secondee"), await people.as_("head")
    ranked = await every(secondee, "/npm/priorities")
    statistics = await secondee.read("/npm/complaint-statistics")

    assert [row["rank"] for row in ranked] == list(range(1, len(ranked) + 1))
    assert len(ranked) < len(await every(head, "/npm/priorities"))
    assert statistics["cells"] == []
    assert (await head.read("/npm/complaint-statistics"))["cells"]


async def test_a_secondee_writes_nothing_about_the_origin_and_runs_no_ranking_without_it(
    people: People, apart: dict[str, tuple[set[str], set[str]]]
) -> None:
    secondee = await people.as_("secondee")
    place = sorted(apart["/npm/places"][0])[0]
    basis = {"is_under_jurisdiction_and_control": True, "may_not_leave_at_will": True, "authority_involvement": "order"}
    new = {"name": "A new wing", "place_type": "prison", "mandate_basis": basis, "operator_id": ids.PRISON_SERVICE}
    proposal = {
        "place_id": place, "trigger": "information", "purpose": "issue_of_concern", "due_on": "2027-02-01", "rationale": "So.",
    }  # fmt: skip
    complaint = {
        "received_on": "2026-10-01",
        "channel": "mail",
        "source_role": "family",
        "kind": "treatment",
        "place_id": place,
    }
    incident = {"place_id": place, "occurred_on": "2026-10-01", "kind": "delayed", "refused_by": "the gate"}
    talk = {
        "action": "log", "format": "bilateral", "channel": "in_person", "purposes": ["thematic"], "held_on": "2026-10-01",
        "counterpart_ids": [ids.PRISON_SERVICE], "participant_ids": [ids.SECONDEE], "summary": "About it.",
    }  # fmt: skip

    answers = {
        path: (await secondee.post(path, body)).status_code
        for path, body in (
            ("/npm/places", new), ("/npm/visit-proposals", proposal), ("/npm/complaints", complaint), ("/npm/access-incidents", incident),
            ("/npm/engagements", talk), (f"/npm/authorities/{ids.PRISON_SERVICE}/contacts", {"name": "Somebody"}),
            (f"/npm/places/{place}/information", {"source_kind": "media", "kind": "concern", "text": "Heard."}),
            ("/npm/priority-runs", None),
        )
    }  # fmt: skip

    assert all(status in (404, 409, 422) for status in answers.values()), answers
    assert answers["/npm/priority-runs"] == 409


@pytest_asyncio.fixture(params=SERVICES)
async def bare(request: pytest.FixtureRequest, cluster: Server) -> AsyncIterator[tuple[str, asyncpg.Connection]]:
    service: str = request.param
    connection = await asyncpg.connect(cluster.url(f"{service}_app", service))
    yield service, connection
    await connection.close()


async def seen(
    connection: asyncpg.Connection, service: str, tables: Iterable[str], **settings: str
) -> dict[str, set[str]]:
    """Give the ids that the role of the NPM reads in each table, with these settings."""
    async with connection.transaction():
        for name, value in settings.items():
            await connection.execute(f"SET LOCAL a22.{name} = '{value}'")
        await connection.execute(f"SET LOCAL ROLE {service}_npm")
        return {
            table: {row["id"] for row in await connection.fetch(f"SELECT id::text FROM {table}")} for table in tables
        }


TABLES = {
    "visits": ("place", "known_authority", "visit", "visit_place", "finding", "report", "plan", "visit_proposal", "access_incident", "place_score", "place_signal"),
    "recommendations": ("recommendation", "addressee", "escalation", "known_place", "known_stakeholder"),
    "complaints": ("pattern", "silence", "known_place", "known_stakeholder", "complaint_count", "analysis_run"),
    "stakeholders": ("stakeholder", "contact", "engagement", "accreditation", "known_place", "answer_record"),
}  # fmt: skip


async def test_the_database_alone_keeps_the_origin_from_a_secondee(
    people: People, bare: tuple[str, asyncpg.Connection], apart: dict[str, tuple[set[str], set[str]]]
) -> None:
    service, connection = bare
    hidden = set[str]().union(*(mine for mine, _ in apart.values()))
    who = {"subject": ids.SECONDEE, "person": ids.SECONDEE, "roles": "head"}

    origin = await under(await people.as_("head"), ids.PRISON_SERVICE)

    whole = await seen(connection, service, TABLES[service], **who)
    kept = await seen(connection, service, TABLES[service], **who, excluded_authorities=",".join(sorted(origin)))
    unknown = await seen(connection, service, TABLES[service], **{**who, "roles": "secondee"})

    assert {table: kept[table] & hidden for table in kept} == {table: set() for table in kept}
    assert {table for table in kept if not kept[table] < whole[table]} == set()
    assert {table: rows for table, rows in unknown.items() if rows} == {}


async def test_a_secondee_whose_origin_nobody_knows_reads_nothing_of_any_authority(
    people: People, world: World, cluster: Server
) -> None:
    owner = await asyncpg.connect(cluster.url("stakeholders_owner", "stakeholders"))
    secondee = await people.as_("secondee")
    try:
        kept = await owner.fetchval("SELECT secondment::text FROM person WHERE id = $1", ids.SECONDEE)
        await owner.execute("UPDATE person SET secondment = NULL WHERE id = $1", ids.SECONDEE)
        lists = {path: await every(secondee, path) for path in LISTS}
        me = await secondee.get("/npm/me")
        await owner.execute("UPDATE person SET secondment = $2::jsonb WHERE id = $1", ids.SECONDEE, kept)
    finally:
        await owner.close()

    assert {path: rows for path, rows in lists.items() if rows} == {}
    assert me.status_code == 200
    assert await every(secondee, "/npm/places")
