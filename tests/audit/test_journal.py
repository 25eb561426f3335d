"""The journal through the gateway: refusals, reveals, pages over five databases, pseudonyms, and the row that reading leaves."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.postgres.server import Server
from gateway.development import PERSONAS
from shared.audit.tables import COLUMNS
from shared.settings import DATABASES, Settings
from tests.complaints import cast
from tests.complaints.cast import PURPOSE, SECRETS
from tests.gateway.ended import Somebody
from tests.people import Actor, People
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("empty")
QUEUED = """
INSERT INTO journal_queue (id, queued_at, occurred_on, actor, audience, person, client, operation, action, subject_id,
  confidentiality, leaves, payload)
SELECT gen_random_uuid(), each, each::date, $1, $2, $1, 'tests', 'npm.test', 'tests.row.left', '-', 'INT', false, '{}'
FROM unnest($3::timestamptz[]) each RETURNING id::text, queued_at
"""
ROW = {
    "id", "service", "kind", "action", "operation", "recorded_at", "occurred_on", "actor", "subject_id", "is_subject_hashed",
    "confidentiality", "facts",
}  # fmt: skip


async def database_now(cluster: Server) -> str:
    """Give the instant by the clock that journal rows are noted by."""
    connection = await asyncpg.connect(cluster.url("complaints_owner", "complaints"))
    try:
        instant: datetime = await connection.fetchval("SELECT clock_timestamp()")
    finally:
        await connection.close()
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def journal(actor: Actor, **filters: Any) -> list[dict[str, Any]]:
    """Give the newest rows."""
    answer = await actor.get("/npm/journal", params={"limit": 100, **filters})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["items"]
    assert all(row.keys() == ROW for row in rows)
    return rows


@pytest.mark.parametrize("watching", ["data-protection-officer", "head"])
async def test_what_others_were_refused_is_seen_and_names_no_id(
    people: People, settings: Settings, cluster: Server, watching: str
) -> None:
    # nobody has met this one: of a caller and an operation there is one row a minute
    official = Somebody(people, settings, "authority-official")
    reader, case, since = await people.as_(watching), str(uuid4()), await database_now(cluster)
    assert (await official.actor().get(f"/npm/complaints/{case}/narrative", headers=PURPOSE)).status_code == 403
    asked = {"kind": "refusal", "audience_class": "authority", "service": "gateway", "recorded_from": since}

    async def told() -> list[dict[str, Any]]:
        found = [row for page in await walked(reader, **asked) for row in page.json()["items"]]
        return [row for row in found if row["actor"]["subject"] == official.claims["sub"]]

    row = (await eventually(told))[0]
    assert row["operation"] == "npm.get_complaint_narrative"
    assert (row["action"], row["kind"], row["facts"]) == ("access.denied", "refusal", {"status": 403})
    assert row["is_subject_hashed"]
    assert case not in json.dumps(row)
    assert {each["kind"] for each in await journal(reader, kind="refusal")} == {"refusal"}


async def revealed(people: People, cluster: Server) -> tuple[dict[str, Any], str]:
    """Let the officer see who somebody is, and what was told; gives the case and the instant before."""
    await cast.known_place(people)
    await cast.agreed_profile(people)
    since = await database_now(cluster)
    case = await cast.accepted(people)
    officer = await people.as_("complaints-officer", step_up=True)
    shown = await officer.post(f"/npm/person-records/{case['person_refs'][0]}/reveal", headers=PURPOSE)
    read = await officer.get(f"/npm/complaints/{case['id']}/narrative", headers={"X-Access-Purpose": "risk_assessment"})
    assert (shown.status_code, read.status_code) == (200, 200)
    return case, since


@pytest.mark.requirement("R-G10")
async def test_a_reveal_shows_with_its_purpose_and_by_a_pseudonym_to_the_data_protection_officer(
    people: People, cluster: Server
) -> None:
    case, since = await revealed(people, cluster)
    head, watching = await people.as_("head"), await people.as_("data-protection-officer")
    asked = {"kind": ["reveal", "restricted_read"], "recorded_from": since, "service": "complaints"}

    async def are_there() -> bool:
        return {"complaints.person_record.revealed", "complaints.narrative.read"} <= {
            row["action"] for row in await journal(head, **asked)
        }

    await eventually(are_there)
    plain = {row["action"]: row for row in await journal(head, **asked)}
    veiled = {row["action"]: row for row in await journal(watching, **asked)}
    reveal, hidden = plain["complaints.person_record.revealed"], veiled["complaints.person_record.revealed"]

    assert reveal["facts"] == {"case_id": case["id"], "purpose": "case_handling"}
    assert (reveal["subject_id"], reveal["is_subject_hashed"]) == (case["person_refs"][0], False)
    assert reveal["actor"]["subject"] == PERSONAS["complaints-officer"].subject
    assert plain["complaints.narrative.read"]["facts"] == {"purpose": "risk_assessment"}
    assert {**hidden, "subject_id": "", "is_subject_hashed": "", "facts": ""} == {
        **reveal, "subject_id": "", "is_subject_hashed": "", "facts": "",
    }  # fmt: skip
    assert (hidden["is_subject_hashed"], hidden["facts"]["purpose"]) == (True, "case_handling")
    assert hidden["facts"]["case_id"] == veiled["complaints.narrative.read"]["subject_id"]
    for word in (case["id"], case["person_refs"][0]):
        assert word not in json.dumps(veiled)


async def test_a_pseudonym_finds_its_case_and_an_id_finds_nothing_behind_one(people: People, cluster: Server) -> None:
    case, since = await revealed(people, cluster)
    head, watching = await people.as_("head"), await people.as_("data-protection-officer")

    async def pseudonyms() -> list[str]:
        read = {"kind": "restricted_read", "service": "complaints", "recorded_from": since}
        return [str(row["subject_id"]) for row in await journal(watching, **read)]

    pseudonym = (await eventually(pseudonyms))[0]
    by_id = {row["id"] for row in await journal(head, subject_id=case["id"])}
    by_pseudonym = await journal(watching, subject_id=pseudonym)

    assert len(by_id) > 1
    assert {row["id"] for row in by_pseudonym} == by_id
    assert {row["subject_id"] for row in by_pseudonym} == {pseudonym}
    assert await journal(watching, subject_id=case["id"]) == []
    assert await journal(head, subject_id=pseudonym) != []
    assert await journal(watching, subject_id=f"{pseudonym[:-1]}{'0' if pseudonym[-1] != '0' else '1'}") == []


async def test_no_page_holds_what_anybody_told_nor_to_the_data_protection_officer_which_case(
    people: People, cluster: Server
) -> None:
    case, since = await revealed(people, cluster)
    referral = await cast.referral_of(people, "OMB-2026-004711")
    told, ids = (*SECRETS.values(), "North Remand Prison"), (case["id"], referral["id"], *case["person_refs"])
    head, watching = await people.as_("head"), await people.as_("data-protection-officer")

    async def is_read() -> bool:
        return bool(await journal(head, kind="restricted_read", service="complaints", recorded_from=since))

    await eventually(is_read)
    shown = ["".join([page.text for page in await walked(actor, recorded_from=since)]) for actor in (head, watching)]

    assert [each for each in ids if each not in shown[0]] == []
    assert [each for each in ids if each in shown[1]] == []
    assert [word for word in told for text in shown if word in text] == []


async def walked(actor: Actor, **filters: Any) -> list[Any]:
    """Give every page, following the cursor."""
    pages: list[Any] = []
    cursor: str | None = None
    while cursor is not None or not pages:
        answer = await actor.get(
            "/npm/journal", params={"limit": 100, **filters, **({"cursor": cursor} if cursor else {})}
        )
        assert answer.status_code == 200, answer.text
        pages.append(answer)
        cursor = answer.json()["next_cursor"]
        assert len(pages) < 200
    return pages


async def left(cluster: Server, service: str, person: str, instants: list[datetime]) -> list[tuple[datetime, str]]:
    """Leave rows of these instants in a service's queue; gives instant and id of each."""
    owner = await asyncpg.connect(cluster.url(f"{service}_owner", service))
    try:
        rows = await owner.fetch(QUEUED, person, f"{service}_npm", instants)
    finally:
        await owner.close()
    return [(row["queued_at"], row["id"]) for row in rows]


async def test_pages_over_five_journals_give_every_row_once_and_in_order_while_others_come(
    people: People, cluster: Server
) -> None:
    """Equal instants within a journal and between them; on the way newer rows are added, which the walk does not meet."""
    head, person = await people.as_("head"), str(uuid4())
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    instants = [start + timedelta(microseconds=100_000 * (number % 7)) for number in range(43)]
    made = [row for service in DATABASES for row in await left(cluster, service, person, instants)]

    async def count() -> bool:
        answer = await head.get("/npm/journal", params={"person_id": person, "limit": 1, "count": "exact"})
        return bool(answer.json()["count"] == len(made))

    await eventually(count)
    seen: list[str] = []
    cursor: str | None = None
    while cursor is not None or not seen:
        page = await head.read(
            "/npm/journal", params={"person_id": person, "limit": 13, **({"cursor": cursor} if cursor else {})}
        )
        seen += [row["id"] for row in page["items"]]
        assert len(page["items"]) == 13 or page["next_cursor"] is None
        cursor = page["next_cursor"]
        if len(seen) < 60:
            await left(cluster, "visits", person, [start + timedelta(days=1)] * 3)

    assert len(made) == 215
    assert seen == [row_id for _instant, row_id in sorted(made, reverse=True)]
    narrowed = {"person_id": person, "limit": 100, "recorded_from": start.isoformat(), "recorded_to": start.isoformat()}
    assert {row["id"] for page in await walked(head, **narrowed) for row in page.json()["items"]} == {
        row_id for instant, row_id in made if instant == start
    }
    one = await walked(
        head, person_id=person, service="gateway", recorded_to=instants[-1].isoformat(), action="tests.row.left"
    )
    assert {row["service"] for page in one for row in page.json()["items"]} == {"gateway"}


async def test_a_cursor_is_good_for_its_reader_and_its_query_alone(people: People, cluster: Server) -> None:
    head, watching, person = await people.as_("head"), await people.as_("data-protection-officer"), str(uuid4())
    await left(cluster, "visits", person, [datetime(2026, 3, 1, tzinfo=UTC)] * 3)

    async def first() -> str:
        page = await head.read("/npm/journal", params={"person_id": person, "limit": 1})
        return page["next_cursor"] or ""

    cursor = await eventually(first)

    async def status(actor: Actor, **asked: Any) -> int:
        return (
            await actor.get("/npm/journal", params={"person_id": person, "limit": 1, "cursor": cursor, **asked})
        ).status_code

    assert await status(head) == 200
    assert await status(watching) == 400
    assert await status(head, limit=2) == 400
    assert await status(head, service="visits") == 400
    assert await status(head, cursor=f"{'0' if str(cursor)[0] != '0' else '1'}{str(cursor)[1:]}") == 400


async def test_reading_leaves_a_row_that_says_how_it_was_narrowed_and_by_no_value(
    people: People, cluster: Server
) -> None:
    head, watching = await people.as_("head"), await people.as_("data-protection-officer")
    since, named = await database_now(cluster), str(uuid4())
    await journal(watching, subject_id=named, kind="refusal")

    async def told() -> list[dict[str, Any]]:
        found = await journal(head, action="gateway.journal.read", recorded_from=since)
        return [row for row in found if row["actor"]["subject"] == PERSONAS["data-protection-officer"].subject]

    [row] = await eventually(told)
    assert (row["kind"], row["operation"]) == ("restricted_read", "npm.list_journal")
    assert row["facts"] == {"filters": ["kind", "subject_id"]}
    assert named not in json.dumps(row)


@pytest.mark.parametrize(
    "asked",
    [
        {"recorded_from": "2026-03-01"}, {"recorded_from": "2026-03-01T00:00:00"}, {"recorded_to": "0.5"}, {"kind": "act"}, {"service": "nobody"},
        {"action": "access.*"}, {"subject_id": "a b"}, {"before": "2026-03-01T00:00:00Z"}, {"limit": 101}, {"actor": "x"},
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused_with_its_name(people: People, asked: dict[str, Any]) -> None:
    head = await people.as_("head")

    answer = await head.get("/npm/journal", params=asked)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] != []


async def test_it_is_no_export_and_its_parts_are_at_no_door(people: People) -> None:
    head = await people.as_("head", step_up=True)

    assert (await head.get("/npm/journal", headers={"Accept": "text/csv"})).status_code == 406
    for service in DATABASES:
        assert (await head.get(f"/npm/{service}-journal")).status_code == 404


async def test_while_a_journal_is_away_there_is_no_page(people: People, cluster: Server) -> None:
    head = await people.as_("head")
    owner = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    try:
        await owner.execute("REVOKE SELECT ON journal FROM visits_npm")
        away = await head.get("/npm/journal")
        without = await head.get("/npm/journal", params={"service": "gateway"})
    finally:
        await owner.execute(f"GRANT SELECT ({', '.join(COLUMNS)}) ON journal TO visits_npm")
        await owner.close()

    assert (away.status_code, without.status_code) == (503, 200)
    assert (await head.get("/npm/journal")).status_code == 200
