"""A run through the API: patterns and silences of a made set, and the signals that reach the other services once."""

import asyncio
import json
from datetime import date
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.postgres.server import Server
from services.complaints import reactions
from shared.db import Database, Work
from shared.inbox import Consumer, Received
from tests.complaints import cast
from tests.complaints.cast import imported, row
from tests.people import People
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("empty")
DAY = date(2026, 11, 1)
COUNTED = [{"count": 300, "as_of": "2026-01-01", "source": "register"}]


async def made_country(people: People) -> list[dict[str, Any]]:
    """Make five prisons: one with a burst, three with a few complaints, and one that is silent."""
    places = [await cast.known_place(people, name=f"Prison {number}", population=COUNTED) for number in range(5)]
    head = await people.as_("head", step_up=True)
    burst = [row(n, places[0]["id"], received_on=f"2026-11-{n + 1:02d}") for n in range(1, 8)]
    usual = [
        row(20 + n, places[1 + n % 3]["id"], received_on=f"2026-{2 + n % 8:02d}-10", themes=["food_and_water"])
        for n in range(18)
    ]
    report = await imported(head, burst + usual)
    assert report["created"] == 25, report
    return places


@pytest.mark.requirement("R-C48")
async def test_a_run_finds_the_burst_and_the_silence_and_tells_the_places(people: People) -> None:
    places = await made_country(people)
    officer, staff = await people.as_("complaints-officer"), await people.as_("staff")

    run = await officer.made("/npm/analysis-runs", None)

    at_first = (await officer.read(f"/npm/patterns?place_id={places[0]['id']}"))["items"]
    burst = next(each for each in at_first if each["cell_kind"] == "theme_place")
    assert (burst["theme"], burst["n"], burst["state"]) == ("use_of_force_and_weapons", 7, "detected")
    assert burst["level"] in ("signal", "strong")
    silent = (await officer.read("/npm/silences"))["items"]
    assert [(each["place"]["id"], each["observed"]) for each in silent] == [(places[4]["id"], 0)]
    assert (run["incidents"], run["silences"]) == (25, 1)

    async def loud() -> dict[str, Any]:
        shown = await staff.read(f"/npm/places/{places[0]['id']}/signals")
        return shown["signal"]  # type: ignore[no-any-return]

    signal = await eventually(loud)
    assert set(signal) == {
        "as_of", "c", "q", "is_silent", "silence_status", "pattern_level", "has_critical_alert",
        "has_torture_allegation_30d", "reprisal_level", "band",
    }  # fmt: skip
    assert (signal["pattern_level"], signal["band"], signal["is_silent"]) == (burst["level"], "3-9", False)
    assert signal["c"] >= 0.6
    quiet = (await staff.read(f"/npm/places/{places[4]['id']}/signals"))["signal"]
    assert (quiet["is_silent"], quiet["band"], quiet["c"]) == (True, "0", 0.0)


async def test_small_counts_are_hidden_outside_the_complaints_service(people: People) -> None:
    await made_country(people)
    officer, staff = await people.as_("complaints-officer"), await people.as_("staff")
    await officer.made("/npm/analysis-runs", None)

    hidden = (await staff.read("/npm/silences"))["items"][0]
    cells = (await staff.read("/npm/complaint-statistics?by=theme"))["cells"]
    open_cells = (await officer.read("/npm/complaint-statistics?by=theme"))["cells"]

    assert (hidden["observed"], hidden["sentence"]) == (None, None)
    assert all(cell["n"] is None or cell["n"] >= 3 for cell in cells)
    assert sum(cell["n"] for cell in open_cells) == 25


async def test_the_same_day_again_updates_and_finds_nothing_new(people: People) -> None:
    await made_country(people)
    officer, member = await people.as_("complaints-officer"), await people.as_("member")
    await officer.made("/npm/analysis-runs", None)
    first = (await officer.read("/npm/patterns?limit=100"))["items"]
    dismissed = await member.done(f"/npm/patterns/{first[0]['id']}", "dismiss", reason="a campaign")

    await officer.made("/npm/analysis-runs", None)

    second = (await officer.read("/npm/patterns?limit=100"))["items"]
    assert {each["id"]: each["n"] for each in first} == {each["id"]: each["n"] for each in second}
    assert next(each for each in second if each["id"] == dismissed["id"])["state"] == "dismissed"
    assert (await officer.act(f"/npm/patterns/{first[1]['id']}", "accept")).status_code == 422


async def test_two_runs_at_once_are_one_after_the_other_or_refused(people: People) -> None:
    await made_country(people)
    officer = await people.as_("complaints-officer")

    answers = await asyncio.gather(*(officer.post("/npm/analysis-runs") for _ in range(3)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    patterns = (await officer.read("/npm/patterns?limit=100"))["items"]
    cells = [(each["cell_kind"], each["theme"], str(each["place"]), each["region"]) for each in patterns]
    assert len(cells) == len(set(cells))


class _Killed(Exception):
    """Stands for a process that dies."""


@pytest.mark.parametrize("kills", [1, 3])
async def test_a_consumer_killed_before_its_commit_applies_exactly_once(cluster: Server, kills: int) -> None:
    database = Database(cluster.url("complaints_app", "complaints"), service="complaints", pool_size=2)
    place_id, left = uuid4(), [kills]

    async def count(work: Work, event: Received) -> None:
        await work.connection.execute(
            "INSERT INTO known_person (id, name, kind, created_at, created_by, updated_at, updated_by, version, confidentiality, "
            "origin) VALUES ($1, '1', '', now(), '', now(), '', 1, '', '') "
            "ON CONFLICT (id) DO UPDATE SET name = (known_person.name::int + 1)::text",
            place_id,
        )
        if left[0] > 0 and event.sequence == 2:
            left[0] -= 1
            raise _Killed

    source = f"test-{uuid4().hex}"
    consumer = Consumer(database, None, source, {"x": count})  # type: ignore[arg-type]
    events = [Received(n, str(uuid4()), "x", str(place_id), DAY, {}) for n in (1, 2, 3)]

    for _ in range(kills):
        with pytest.raises(_Killed):
            await consumer.apply(events)
    applied = [await consumer.apply(events), await consumer.apply(events)]

    connection = await asyncpg.connect(cluster.url("complaints_owner", "complaints"))
    name = await connection.fetchval("SELECT name FROM known_person WHERE id = $1", place_id)
    await connection.close()
    await database.close()
    assert (applied, name) == ([3, 0], "3")


@pytest.mark.requirement("R-R27")
async def test_complaints_after_a_claim_speak_against_it_and_only_level_and_band_leave(
    people: People, cluster: Server
) -> None:
    places = await made_country(people)
    officer, recommendation_id = await people.as_("complaints-officer"), uuid4()
    told = {
        "id": str(recommendation_id), "code": "R-2026-0001", "state": "in_follow_up", "theme": "use_of_force_and_weapons",
        "scope_kind": "place", "place_ids": [places[0]["id"]], "place_types": [], "regions": [],
        "transmitted_on": "2026-05-01", "is_claimed_implemented": True, "claimed_on": "2026-09-01",
    }  # fmt: skip
    database = Database(cluster.url("complaints_app", "complaints"), service="complaints", pool_size=2)
    async with database.inside("worker", operation="test") as work:
        event = Received(
            1, str(uuid4()), "recommendations.recommendation.transmitted", str(recommendation_id), DAY, told
        )
        await reactions.keep_recommendation(work, event)
    await database.close()

    first = await officer.made("/npm/analysis-runs", None)
    second = await officer.made("/npm/analysis-runs", None)

    assert (first["signals_changed"], second["signals_changed"]) == (1, 0)
    connection = await asyncpg.connect(cluster.url("complaints_owner", "complaints"))

    async def left() -> list[str]:
        rows = await connection.fetch(
            "SELECT payload::text AS payload FROM journal WHERE leaves AND subject_id = $1", str(recommendation_id)
        )
        return [row["payload"] for row in rows]

    shown = [json.loads(each) for each in await eventually(left)]
    await connection.close()
    assert [set(each) for each in shown] == [{"level", "count_band", "as_of"}]
    assert (shown[0]["level"], shown[0]["count_band"]) == ("strong", "5 to 9")
