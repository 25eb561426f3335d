"""Access incidents through the gateway: what each act needs, and who takes it."""

from tests.people import People
from tests.visits.story import PRISON_SERVICE, Feeds, codes, days_ago, make_place, today


async def test_an_incident_is_raised_escalated_and_closed_with_a_channel_kept_open(
    people: People, feeds: Feeds
) -> None:
    head, staff = await people.as_("head"), await people.as_("staff")
    place = await make_place(people)
    new = {
        "place_id": place["id"],
        "occurred_on": str(today()),
        "kind": "no_private_interview",
        "refused_by": "shift leader",
    }
    incident = await staff.made("/npm/access-incidents", new)
    path = f"/npm/access-incidents/{incident['id']}"

    by_staff = await staff.act(path, "raise", authority_id=PRISON_SERVICE, channel="letter")
    bare = await head.act(path, "raise")
    await head.done(path, "raise", authority_id=PRISON_SERVICE, channel="letter")
    without_channel = await head.act(path, "escalate", ground="no answer")
    escalated = await head.done(path, "escalate", ground="no answer", retained_channel="focal point")
    closed = await head.done(path, "close", result="reported to parliament")

    assert incident["opcat_article"] == "20(d)"
    assert by_staff.status_code == 403
    assert codes(bare) == ["authority", "channel"]
    assert codes(without_channel) == ["retained_channel"]
    assert escalated["authority"] == {"id": PRISON_SERVICE, "name": "Prison Service"}
    assert (closed["status"], closed["allowed_actions"]) == ("closed", [])


async def test_what_has_not_happened_yet_is_no_incident(people: People, feeds: Feeds) -> None:
    staff = await people.as_("staff")
    place = await make_place(people)
    new = {"place_id": place["id"], "occurred_on": str(days_ago(-1)), "kind": "refused", "refused_by": "guard"}

    answer = await staff.post("/npm/access-incidents", new)

    assert answer.status_code == 422
