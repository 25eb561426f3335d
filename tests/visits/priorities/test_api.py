"""Priorities through the gateway: the vectors of the domain page read back from what was sent in, and every floor."""

import json
import math
from typing import Any
from uuid import uuid4

import pytest

from tests.operations import reported
from tests.people import People
from tests.visits.plans.test_api import adopted
from tests.visits.story import Feeds, days_ago, make_place, today

MONTH = 30.4375
QUIET = {
    "c": 0, "q": 0.25, "is_silent": False, "silence_status": "assessable", "pattern_level": "none", "has_critical_alert": False,
    "has_torture_allegation_30d": False, "reprisal_level": "none", "band": "0",
}  # fmt: skip
PARTS = "time complaints recommendations vulnerability plan information coverage clamp floor_lift".split()


async def signal(feeds: Feeds, place: dict[str, Any], **changes: Any) -> None:
    """Tell what complaints say of a place."""
    await feeds.tell("complaints.place_signal.recomputed", place["id"], as_of=str(today()), **{**QUIET, **changes})


async def import_visits(people: People, *rows: dict[str, Any], **order: Any) -> dict[str, Any]:
    """Import visits of earlier years."""
    head = await people.as_("head", step_up=True)
    lines = "\n".join(
        json.dumps({"row": f"r{number}", "line": number, **row}) for number, row in enumerate(rows, start=1)
    )
    query = "&".join(f"{name}={value}" for name, value in {"source": "old", "mapping": "old-1", **order}.items())
    answer = await head.post(
        f"/npm/visits/imports?{query}", content=lines, headers={"Content-Type": "application/jsonl"}
    )
    return await reported(head, "visits", answer)


def population(count: int) -> list[dict[str, Any]]:
    """Count people."""
    return [{"count": count, "as_of": str(today()), "source": "operator"}]


async def make_a(people: People, feeds: Feeds) -> dict[str, Any]:
    """Build vector A: much is owed, complaints are many, the plan matches."""
    staff = await people.as_("staff")
    place = await make_place(
        people,
        capacity=100,
        population=population(120),
        vulnerable_groups=["women", "children"],
        risk_flags=["isolation_unit"],
    )
    await import_visits(people, {"type": "in_depth", "place_ids": [place["id"]], "days": [str(days_ago(20 * MONTH))]})
    await signal(feeds, place, c=1 - math.exp(-1), q=0.116)
    for _ in range(3):
        await feeds.tell(
            "recommendations.recommendation.transmitted", str(uuid4()), code="R", state="transmitted", theme="food_and_water",
            priority="high", scope_kind="place", place_ids=[place["id"]], place_types=[], regions=[], next_due_on=str(days_ago(1)),
        )  # fmt: skip
    await adopted(people)
    path = f"/npm/places/{place['id']}/information"
    told = await staff.made(
        path, {"source_kind": "cso", "kind": "concern", "theme": "overcrowding", "text": "Crowded wings."}
    )
    await staff.done(f"{path}/{told['id']}", "accept", reliability=0.8, severity=1)
    return place


async def make_c(people: People, feeds: Feeds) -> dict[str, Any]:
    """Build vector C: a quiet police station that others saw lately, checked for reprisals since."""
    head = await people.as_("head")
    place = await make_place(
        people, name="Harbour Station", place_type="police_station", capacity=100, population=population(80)
    )
    await import_visits(
        people, {"type": "thematic", "place_codes": [place["code"]], "days": [str(days_ago(6 * MONTH))]}
    )
    await signal(feeds, place)
    day = str(days_ago(2 * MONTH))
    spt = await head.made(
        "/npm/external-visits",
        {"body_kind": "spt", "place_ids": [place["id"]], "from_on": day, "to_on": day, "done_on": day},
    )
    await head.patch(f"/npm/external-visits/{spt['id']}", {"reprisal_checked_on": str(days_ago(30))})
    return place


def points(priority: dict[str, Any]) -> list[float]:
    """Give the points of the nine parts in their order."""
    assert [part["code"] for part in priority["parts"]] == PARTS
    return [part["points"] for part in priority["parts"]]


async def test_vector_a_reads_back_to_the_last_decimal(people: People, feeds: Feeds) -> None:
    place = await make_a(people, feeds)

    priority = await (await people.as_("staff")).read(f"/npm/places/{place['id']}/priority")

    assert points(priority) == pytest.approx([25, 12.642, 12.642, 7.8125, 7, 2, 0, 0, 0], abs=0.0005)
    assert priority["score"] == 67.097
    assert (priority["confidence"], priority["data_gaps"]) == (1, [])


async def test_vectors_c_and_f_read_back(people: People, feeds: Feeds) -> None:
    place = await make_c(people, feeds)
    staff = await people.as_("staff")
    path = f"/npm/places/{place['id']}/priority"

    c = await staff.read(path)
    incident = {
        "place_id": place["id"],
        "occurred_on": str(today()),
        "kind": "refused",
        "refused_by": "duty officer",
        "is_serious": True,
    }
    reported = await staff.made("/npm/access-incidents", incident)
    f = await staff.read(path)
    await staff.done(f"/npm/access-incidents/{reported['id']}", "resolve", result="apology and full access")

    # ages are whole days, so that time and coverage differ from the page in the second decimal
    assert points(c) == pytest.approx([16.667, 5, 0, 0, 0, 0, -7.143, 0, 0], abs=0.06)
    assert (f["score"], f["floor_reasons"]) == (60.0, ["serious_access_incident"])
    assert points(f)[-1] == pytest.approx(45.477, abs=0.1)
    assert (await staff.read(path))["score"] == c["score"]


async def test_the_priority_explains_itself(people: People, feeds: Feeds) -> None:
    place = await make_a(people, feeds)

    priority = await (await people.as_("staff")).read(f"/npm/places/{place['id']}/priority")

    assert priority["score"] == pytest.approx(sum(points(priority)), abs=0.0005)
    assert all(part["sentence"].endswith(".") for part in priority["parts"])
    assert (
        priority["inputs"]["open_recommendations"]
        == [{"priority": "high", "standing": "overdue", "is_contradicted": False}] * 3
    )
    assert priority["months_since_last_visit"] == 20.0


FLOORS: dict[str, tuple[dict[str, Any], float]] = {
    "reprisal_risk": ({"reprisal_level": "high"}, 85.0),
    "torture_allegation": ({"has_torture_allegation_30d": True}, 80.0),
}


@pytest.mark.parametrize("floor", FLOORS)
async def test_signals_lift_a_score_to_their_floor(people: People, feeds: Feeds, floor: str) -> None:
    place = await make_c(people, feeds)
    changes, least = FLOORS[floor]

    await signal(feeds, place, **changes)

    priority = await (await people.as_("staff")).read(f"/npm/places/{place['id']}/priority")
    assert (priority["score"], priority["floor_reasons"]) == (least, [floor])


@pytest.mark.requirement("R-V103")
async def test_an_international_visit_lifts_until_reprisals_are_checked_and_asks_for_a_decision(
    people: People, feeds: Feeds
) -> None:
    head = await people.as_("head")
    place = await make_place(people)
    day = str(days_ago(10))

    await head.made(
        "/npm/external-visits",
        {"body_kind": "cpt", "place_ids": [place["id"]], "from_on": day, "to_on": day, "done_on": day},
    )

    priority = await head.read(f"/npm/places/{place['id']}/priority")
    [proposal] = (await head.read("/npm/visit-proposals"))["items"]
    assert (priority["score"], priority["floor_reasons"]) == (70.0, ["reprisal_check_due"])
    assert (proposal["trigger"], proposal["purpose"], proposal["due_on"]) == (
        "external_visit",
        "reprisal_check",
        str(days_ago(-20)),
    )


async def test_complaints_and_recommendations_move_a_place_and_an_answer_moves_it_back(
    people: People, feeds: Feeds
) -> None:
    staff = await people.as_("staff")
    place = await make_place(people, capacity=100, population=population(50))
    recommendation, addressee = str(uuid4()), str(uuid4())
    await signal(feeds, place)
    path = f"/npm/places/{place['id']}/priority"
    told = {
        "code": "R", "state": "in_follow_up", "theme": "food_and_water", "priority": "high", "scope_kind": "place_type",
        "place_ids": [], "place_types": ["prison"], "regions": [],
    }  # fmt: skip
    owed = {"recommendation_id": recommendation, "addressee_id": addressee, "authority_id": str(uuid4())}

    standings = []
    for name, subject, values in (
        ("recommendations.recommendation.published", recommendation, told),
        ("recommendations.response.became_overdue", addressee, owed),
        ("recommendations.response.submitted", addressee, owed),
        ("complaints.non_implementation_signal.recomputed", recommendation, {"level": "strong"}),
    ):
        await feeds.tell(name, subject, **values)
        [one] = (await staff.read(path))["inputs"]["open_recommendations"]
        standings.append((one["standing"], one["is_contradicted"]))
    await feeds.tell("recommendations.recommendation.closed", recommendation, **{**told, "state": "closed"})

    assert standings == [("not_due", False), ("overdue", False), ("not_due", False), ("not_due", True)]
    assert (await staff.read(path))["inputs"]["open_recommendations"] == []


async def test_a_run_ranks_every_place_and_its_list_agrees_with_the_places(people: People, feeds: Feeds) -> None:
    staff = await people.as_("staff")
    a, c = await make_a(people, feeds), await make_c(people, feeds)
    before = await staff.read("/npm/priorities")

    run = await staff.made("/npm/priority-runs", None)
    again = await staff.made("/npm/priority-runs", None)
    listed = await staff.read("/npm/priorities?count=exact")
    pages = await staff.read("/npm/priorities?limit=1")

    assert before["items"] == []
    assert (run["place_count"], again["place_count"], listed["count"]) == (2, 2, 2)
    assert [each["place"]["id"] for each in listed["items"]] == [a["id"], c["id"]]
    assert listed["items"][0]["score"] == 67.097
    assert [part["code"] for part in listed["items"][0]["parts"]] == PARTS
    assert pages["items"][0]["rank"] == 1
    second = await staff.read(f"/npm/priorities?limit=1&cursor={pages['next_cursor']}")
    assert [each["rank"] for each in second["items"]] == [2]


async def test_a_run_opens_one_proposal_for_an_allegation_of_torture(people: People, feeds: Feeds) -> None:
    staff = await people.as_("staff")
    place = await make_place(people)
    await signal(feeds, place, has_torture_allegation_30d=True)

    runs = [await staff.made("/npm/priority-runs", None) for _ in range(2)]

    assert [run["opened_proposals"] for run in runs] == [1, 0]
    [proposal] = (await staff.read("/npm/visit-proposals"))["items"]
    assert (proposal["trigger"], proposal["due_on"]) == ("score", str(days_ago(-2)))


async def test_what_an_imported_place_does_not_say_is_a_gap_and_takes_the_mean_of_its_group(
    people: People, feeds: Feeds
) -> None:
    head = await people.as_("head", step_up=True)
    known = await make_place(
        people, capacity=100, population=population(150), vulnerable_groups=["women"], risk_flags=["recent_death"]
    )
    await signal(feeds, known)
    row = {"row": "1", "line": 1, "name": "Old Prison", "place_type": "prison"}
    answer = await head.post(
        "/npm/places/imports?source=old&mapping=old-1",
        content=json.dumps(row),
        headers={"Content-Type": "application/jsonl"},
    )
    await reported(head, "places", answer)
    unknown = next(each for each in (await head.read("/npm/places"))["items"] if each["name"] == "Old Prison")

    theirs = await head.read(f"/npm/places/{known['id']}/priority")
    priority = await head.read(f"/npm/places/{unknown['id']}/priority")

    assert priority["data_gaps"] == ["complaints", "vulnerable_groups", "occupancy", "risk_flags"]
    assert priority["confidence"] == pytest.approx(0.65)
    assert points(priority)[3] == pytest.approx(points(theirs)[3])


async def test_an_import_of_visits_reports_bad_rows_and_repeats_nothing(people: People, feeds: Feeds) -> None:
    staff = await people.as_("staff")
    place = await make_place(people)
    good = {"type": "in_depth", "place_ids": [place["id"]], "days": ["2024-03-05", "2024-03-04"], "code": "OLD-1"}
    bad = {"type": "in_depth", "place_codes": ["nowhere"], "days": ["2024-03-05"]}

    first = await import_visits(people, good, bad)
    second = await import_visits(people, good, bad)
    changed = await import_visits(people, {**good, "type": "thematic"})

    assert [(each["created"], each["changed"], each["unchanged"], each["reported"]) for each in (first, second, changed)] == [
        (1, 0, 0, 1), (0, 0, 1, 1), (0, 1, 0, 0),
    ]  # fmt: skip
    assert [problem["code"] for problem in first["problems"]] == ["unknown_place"]
    [visit] = (await staff.read("/npm/visits"))["items"]
    assert (visit["code"], visit["type"], visit["first_on"], visit["origin"]) == (
        "OLD-1",
        "thematic",
        "2024-03-04",
        "imported",
    )
