"""Information on places through the gateway: a partner tells, the NPM weighs, and how stays inside."""

from typing import Any

from tests.people import People
from tests.visits.story import Feeds, make_place

KEYS = {"id", "place", "kind", "theme", "text", "status", "received_on"}


async def told(people: People, place: dict[str, Any], persona: str = "cso") -> dict[str, Any]:
    """Let a partner tell something."""
    partner = await people.as_(persona)
    return await partner.made(
        "/partner/place-information", {"place_id": place["id"], "kind": "concern", "text": "No daylight."}
    )


async def test_a_partner_sees_the_fate_of_what_it_told_and_nothing_of_others(people: People, feeds: Feeds) -> None:
    staff, cso, other = await people.as_("staff"), await people.as_("cso"), await people.as_("partner")
    place = await make_place(people)
    piece = await told(people, place)
    path = f"/npm/places/{place['id']}/information/{piece['id']}"
    await staff.done(path, "accept", reliability=0.5, severity=4)

    shown = await cso.read(f"/partner/place-information/{piece['id']}")

    assert set(shown) == KEYS
    assert shown["status"] == "accepted"
    assert (await other.get(f"/partner/place-information/{piece['id']}")).status_code == 404
    assert (await other.read("/partner/place-information"))["items"] == []
    assert (await staff.read(path))["source_kind"] == "cso"


async def test_a_piece_counts_only_once_it_is_weighed_and_no_longer_when_it_is_retired(
    people: People, feeds: Feeds
) -> None:
    staff = await people.as_("staff")
    place = await make_place(people)
    piece = await told(people, place)
    path, priority = f"/npm/places/{place['id']}/information/{piece['id']}", f"/npm/places/{place['id']}/priority"

    counted = [len((await staff.read(priority))["inputs"]["information"])]
    unweighed = await staff.act(path, "accept")
    for action, more in (("accept", {"reliability": 0.9, "severity": 3}), ("retire", {})):
        await staff.done(path, action, **more)
        counted.append(len((await staff.read(priority))["inputs"]["information"]))

    assert unweighed.status_code == 422
    assert counted == [0, 1, 0]


async def test_an_unverified_place_is_unknown_to_a_partner(people: People, feeds: Feeds) -> None:
    staff, cso = await people.as_("staff"), await people.as_("cso")
    place = await staff.made("/npm/places", {"name": "Rumour", "place_type": "unknown"})

    answer = await cso.post("/partner/place-information", {"place_id": place["id"], "kind": "concern", "text": "Dark."})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_place")
