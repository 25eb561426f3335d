"""Who sees a visit, and from when: authorities, experts, colleagues outside the team. Do no harm comes first."""

from typing import Any

import pytest

from tests.people import Actor, People
from tests.visits.story import (
    EXPERT,
    LONG,
    MEMBER,
    POLICE,
    STAFF,
    Feeds,
    days_ago,
    make_place,
    prepared,
    propose,
    today,
)

pytestmark = pytest.mark.usefixtures("standing_experts")

NOBODYS = "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa"


async def answers(actor: Actor, path: str, *ids: str) -> list[tuple[dict[str, Any], dict[str, str]]]:
    """Give body and headers of each answer, without what differs from request to request."""
    found = []
    for each in ids:
        answer = await actor.get(f"{path}/{each}")
        assert answer.status_code == 404
        body = {name: value for name, value in answer.json().items() if name != "instance"}
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name not in ("x-request-id", "traceparent", "ratelimit", "date")
        }
        found.append((body, headers))
    return found


@pytest.mark.parametrize("announcement", ["unannounced", "announced"])
async def test_an_authority_learns_nothing_of_a_visit_before_it_begins(
    people: People, feeds: Feeds, announcement: str
) -> None:
    official, staff = await people.as_("authority-official"), await people.as_("staff")
    empty = await official.get("/authority/visits?count=exact")
    visit = await prepared(people, await make_place(people), announcement=announcement)
    await staff.done(f"/npm/visits/{visit['id']}", "confirm")

    hidden, absent, malformed = await answers(official, "/authority/visits", visit["id"], NOBODYS, "malformed")
    listed = await official.get("/authority/visits?count=exact")

    assert hidden == absent == malformed
    assert listed.content == empty.content == b'{"items":[],"next_cursor":null,"count":0}'


async def test_an_authority_sees_facts_of_a_begun_visit_at_its_own_place_and_nothing_else(
    people: People, feeds: Feeds
) -> None:
    official, other, staff = (
        await people.as_("authority-official"),
        await people.as_("authority-official-two"),
        await people.as_("staff"),
    )
    prison = await make_place(people)
    cells = await make_place(people, name="Harbour Cells", place_type="police_station", operator_id=POLICE)
    for person in (STAFF, EXPERT):
        await feeds.accredit(person, POLICE)
    tomorrow = str(days_ago(-1))
    visit = await prepared(
        people, prison, days=[str(today()), tomorrow],
        places=[{"place_id": prison["id"], "days": [str(today())]}, {"place_id": cells["id"], "days": [tomorrow]}],
    )  # fmt: skip
    await staff.done(f"/npm/visits/{visit['id']}", "confirm")
    await staff.done(f"/npm/visits/{visit['id']}", "start")

    shown = await official.read(f"/authority/visits/{visit['id']}")
    listed = await official.read("/authority/visits")
    too_early = await other.get(f"/authority/visits/{visit['id']}")

    assert shown == {
        "id": visit["id"], "code": visit["code"], "places": [{"id": prison["id"], "name": "North Prison"}],
        "started_on": str(today()), "days": [str(today())], "origin": "native",
    }  # fmt: skip
    assert listed["items"] == [shown]
    assert too_early.status_code == 404
    assert (await other.read("/authority/visits"))["items"] == []


async def test_codes_of_visits_do_not_count_up(people: People, feeds: Feeds) -> None:
    staff, place = await people.as_("staff"), await make_place(people)

    made = [(await propose(staff, place))["code"] for _ in range(3)]

    assert len({code[:-1] for code in made}) == 3


@pytest.mark.parametrize("persona", ["member", "complaints-officer", "secondee"])
async def test_colleagues_outside_the_team_do_not_see_an_unannounced_visit_before_it_begins(
    people: People, feeds: Feeds, persona: str
) -> None:
    head, colleague = await people.as_("head"), await people.as_(persona)
    visit = await propose(head, await make_place(people))
    path = f"/npm/visits/{visit['id']}"
    await head.done(path, "plan")

    hidden, absent = await answers(colleague, "/npm/visits", visit["id"], NOBODYS)

    assert hidden == absent
    assert (await colleague.read("/npm/visits?count=exact"))["count"] == 0
    assert (await colleague.get(f"{path}/findings")).status_code == 404
    assert (await (await people.as_("staff")).get(path)).status_code == 200


async def test_colleagues_see_announced_visits_and_begun_ones(people: People, feeds: Feeds) -> None:
    head, staff, secondee = await people.as_("head"), await people.as_("staff"), await people.as_("secondee")
    place = await make_place(people)
    announced = await propose(head, place, announcement="announced")
    begun = await prepared(people, place)
    before = await secondee.get(f"/npm/visits/{begun['id']}")
    await staff.done(f"/npm/visits/{begun['id']}", "confirm")
    await staff.done(f"/npm/visits/{begun['id']}", "start")

    seen = {each["id"] for each in (await secondee.read("/npm/visits"))["items"]}

    assert before.status_code == 404
    assert seen == {announced["id"], begun["id"]}


async def test_colleagues_outside_the_team_change_nothing(people: People, feeds: Feeds) -> None:
    head, secondee = await people.as_("head"), await people.as_("secondee")
    visit = await propose(head, await make_place(people), announcement="announced")
    path = f"/npm/visits/{visit['id']}"

    refused = [
        await secondee.patch(path, {"days": [str(days_ago(-9))]}),
        await secondee.post(f"{path}/team", {"person_id": MEMBER, "role": "drafter"}),
        await secondee.act(path, "cancel", reason="no"),
    ]

    assert [answer.status_code for answer in refused] == [403] * 3


async def test_others_read_findings_only_once_the_visit_is_closed(people: People, feeds: Feeds) -> None:
    place = await make_place(people)
    staff, secondee = await people.as_("staff"), await people.as_("secondee")
    visit = await prepared(people, place, with_expert=False, type="follow_up")
    path = f"/npm/visits/{visit['id']}"
    await staff.done(path, "confirm")
    await staff.done(path, "start")
    new = {
        "place_id": place["id"], "theme": "overcrowding", "text": "Crowded.", "severity": 2, "root_cause_level": "resources",
        "sources": ["observation"],
    }  # fmt: skip
    finding = await staff.made(f"{path}/findings", new)
    before = await secondee.get(f"{path}/findings/{finding['id']}")
    for kind in ("opening", "closing"):
        await staff.made(f"{path}/meetings", {"place_id": place["id"], "kind": kind, "on": str(today())})
    await staff.done(path, "finish")
    answer = await staff.get(path)
    debriefing = {"on": str(today()), "participant_ids": [STAFF]}
    await staff.send("PUT", f"{path}/debriefing", json=debriefing, headers={"If-Match": answer.headers["ETag"]})
    await staff.done(path, "debrief")
    await staff.done(path, "close", note_to_file="Seen.")

    assert before.status_code == 404
    assert (await secondee.read(f"{path}/findings/{finding['id']}"))["warnings"] == ["not_triangulated"]


async def test_an_expert_sees_the_visits_of_own_teams_with_own_part_only(people: People, feeds: Feeds) -> None:
    expert, other = await people.as_("expert"), await people.as_("expert-two")
    place = await make_place(people)
    visit = await prepared(people, place)
    await propose(await people.as_("head"), place)

    shown = await expert.read(f"/expert/visits/{visit['id']}")
    listed = await expert.read("/expert/visits?count=exact")

    assert set(shown) == {
        "id", "code", "type", "purposes", "announcement", "status", "days", "places", "own_roles", "interview_plan",
        "origin",
    }  # fmt: skip
    assert [each["role"] for each in shown["own_roles"]] == ["team_member"]
    assert (listed["count"], set(listed["items"][0])) == (
        1,
        {"id", "code", "type", "status", "days", "places", "origin"},
    )
    hidden, absent = await answers(other, "/expert/visits", visit["id"], NOBODYS)
    assert hidden == absent


@pytest.mark.parametrize("what", ["conflict", "revoked", "run out", "removed"])
async def test_an_expert_loses_a_visit_with_any_of_its_conditions(people: People, feeds: Feeds, what: str) -> None:
    expert, head = await people.as_("expert"), await people.as_("head")
    place = await make_place(people)
    visit = await prepared(people, place)
    assert (await expert.get(f"/expert/visits/{visit['id']}")).status_code == 200

    if what == "conflict":
        await feeds.conflict(EXPERT, "exclude_place", target_kind="place", target_id=place["id"])
    elif what == "removed":
        role = next(each for each in visit["team"] if each["person"]["id"] == EXPERT)
        tag = (await head.get(f"/npm/visits/{visit['id']}")).headers["ETag"]
        await head.send("DELETE", f"/npm/visits/{visit['id']}/team/{role['id']}", headers={"If-Match": tag})
    else:
        ends = {"state": "revoked"} if what == "revoked" else {"to": str(days_ago(1))}
        for known in feeds.accreditations[EXPERT]:
            values = {"person_id": EXPERT, "authority_id": place["operator"]["id"], "state": "granted", **LONG, **ends}
            await feeds.tell("stakeholders.accreditation.revoked", known, **values)

    assert (await expert.get(f"/expert/visits/{visit['id']}")).status_code == 404
    assert (await expert.read("/expert/visits"))["items"] == []


async def test_the_audiences_without_visits_get_the_one_403(people: People, feeds: Feeds) -> None:
    place = await make_place(people)
    visit = await propose(await people.as_("head"), place)
    official, partner = await people.as_("authority-official"), await people.as_("partner")

    paths = [f"/npm/visits/{visit['id']}", f"/npm/places/{place['id']}/priority", "/npm/priorities", "/npm/plans"]

    assert [(await each.get(path)).status_code for each in (official, partner) for path in paths] == [403] * 8
    assert (await people.stranger().get("/public/visits")).status_code == 404
