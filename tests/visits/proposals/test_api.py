"""Proposals through the gateway: what opens one, and that accepting makes the visit in the same act."""

from typing import Any
from uuid import uuid4

import pytest

from tests.people import People
from tests.visits.story import STAFF, Feeds, days_ago, make_place, today


def pattern(place: dict[str, Any], level: str) -> dict[str, Any]:
    """Write a pattern at a place."""
    return {
        "pattern_id": str(uuid4()), "kind": "theme_place", "theme": "use_of_force_and_weapons", "place_id": place["id"],
        "place_type": "prison", "region": "", "authority_id": None, "level": level,
    }  # fmt: skip


async def proposals(people: People) -> list[dict[str, Any]]:
    """Give the open proposals."""
    shown = await (await people.as_("staff")).read("/npm/visit-proposals?status=open")
    found: list[dict[str, Any]] = shown["items"]
    return found


async def test_a_strong_pattern_and_an_accepted_one_open_a_proposal_and_a_weak_one_does_not(
    people: People, feeds: Feeds
) -> None:
    strong, weak, accepted = [await make_place(people, name=name) for name in ("Strong", "Weak", "Accepted")]

    for _ in range(2):
        await feeds.tell("complaints.pattern.detected", str(uuid4()), **pattern(strong, "strong"))
    await feeds.tell("complaints.pattern.detected", str(uuid4()), **pattern(weak, "signal"))
    await feeds.tell("complaints.pattern.accepted", str(uuid4()), **pattern(accepted, "signal"))

    found = await proposals(people)
    assert sorted(each["place"]["name"] for each in found) == ["Accepted", "Strong"]
    assert {each["trigger"] for each in found} == {"pattern"}


async def test_a_silence_opens_a_proposal_only_where_the_score_is_high(people: People, feeds: Feeds) -> None:
    high, low = (
        await make_place(people, name="High"),
        await make_place(people, name="Low", place_type="older_persons_home"),
    )
    urgent = {"reprisal_level": "high", "c": 0, "q": 1}
    await feeds.tell("complaints.place_signal.recomputed", high["id"], as_of=str(today()), **urgent)

    for place in (high, low):
        await feeds.tell("complaints.silence.detected", str(uuid4()), place_id=place["id"])

    assert [each["place"]["name"] for each in await proposals(people)] == ["High"]


async def test_accepting_makes_the_visit_and_ad_hoc_ones_are_the_heads(people: People, feeds: Feeds) -> None:
    head, staff = await people.as_("head"), await people.as_("staff")
    place = await make_place(people)
    new = {
        "place_id": place["id"],
        "trigger": "request",
        "purpose": "issue_of_concern",
        "rationale": "asked for",
        "due_on": str(today()),
    }
    proposal = await staff.made("/npm/visit-proposals", new)
    visit = {
        "type": "ad_hoc", "announcement": "unannounced", "places": [{"place_id": place["id"]}], "days": [str(today())], "lead_id": STAFF,
    }  # fmt: skip
    path = f"/npm/visit-proposals/{proposal['id']}"

    refused = await staff.act(path, "accept", visit=visit)
    accepted = await head.done(path, "accept", visit=visit)

    assert refused.status_code == 403
    made = await staff.read(f"/npm/visits/{accepted['visit_id']}")
    assert (made["status"], made["proposal_id"], made["team"][0]["role"]) == ("proposed", proposal["id"], "lead")
    # who does not see the secret visit does not learn of it from the proposal
    assert (await (await people.as_("member")).read(path))["visit_id"] is None


@pytest.mark.parametrize(
    ("action", "missing"), [("decline", "/reason"), ("defer", "/reason"), ("merge", "/visit_id"), ("accept", "/visit")]
)
async def test_a_decision_says_what_it_must(people: People, feeds: Feeds, action: str, missing: str) -> None:
    staff = await people.as_("staff")
    place = await make_place(people)
    new = {
        "place_id": place["id"],
        "trigger": "request",
        "purpose": "baseline",
        "rationale": "asked for",
        "due_on": str(today()),
    }
    proposal = await staff.made("/npm/visit-proposals", new)

    refused = await staff.act(f"/npm/visit-proposals/{proposal['id']}", action)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, missing)


async def test_a_deferred_proposal_opens_again_with_a_new_trigger(people: People, feeds: Feeds) -> None:
    staff = await people.as_("staff")
    place = await make_place(people)
    await feeds.tell("complaints.pattern.detected", str(uuid4()), **pattern(place, "strong"))
    [proposal] = await proposals(people)
    await staff.done(f"/npm/visit-proposals/{proposal['id']}", "defer", reason="later", until=str(days_ago(-30)))

    await feeds.tell("complaints.pattern.detected", str(uuid4()), **pattern(place, "strong"))

    assert [each["id"] for each in await proposals(people)] == [proposal["id"]]
