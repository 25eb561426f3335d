"""The parts of a visit through the gateway: preparation, sessions, team."""

from tests.people import People
from tests.visits.story import (
    EXPERT,
    PRISON_SERVICE,
    STAFF,
    Feeds,
    make_place,
    preparation,
    prepared,
    propose,
    today,
)


async def test_a_part_needs_the_version_that_was_read(people: People, feeds: Feeds) -> None:
    staff = await people.as_("staff")
    visit = await prepared(people, await make_place(people))
    path = f"/npm/visits/{visit['id']}/preparation"

    stale = await staff.send("PUT", path, json=preparation(STAFF), headers={"If-Match": '"old"'})
    without = await staff.send("PUT", path, json=preparation(STAFF))

    assert (stale.status_code, without.status_code) == (412, 428)


async def test_the_same_key_adds_a_session_once(people: People, feeds: Feeds) -> None:
    place = await make_place(people)
    staff = await people.as_("staff")
    visit = await prepared(people, place)
    path = f"/npm/visits/{visit['id']}"
    await staff.done(path, "confirm")
    await staff.done(path, "start")
    told = {"place_id": place["id"], "on": str(today()), "area": "Wing A", "present_ids": [STAFF, EXPERT]}

    for _ in range(2):
        await staff.made(f"{path}/sessions", told, headers={"Idempotency-Key": "first-session"})

    assert len((await staff.read(path))["sessions"]) == 1


async def test_only_known_people_get_a_role(people: People, feeds: Feeds) -> None:
    staff = await people.as_("staff")
    visit = await propose(staff, await make_place(people))

    unknown = await staff.post(f"/npm/visits/{visit['id']}/team", {"person_id": PRISON_SERVICE, "role": "drafter"})
    twice = await staff.post(f"/npm/visits/{visit['id']}/team", {"person_id": STAFF, "role": "lead"})

    assert (unknown.status_code, twice.status_code) == (422, 409)
