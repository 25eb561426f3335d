"""Many submissions at once, through the gateway: the same effects as one by one."""

import json
from typing import Any

import httpx
import pytest

from tests.complaints import cast
from tests.complaints.cast import PURPOSE, SECRETS, submission
from tests.people import Actor, People

pytestmark = pytest.mark.usefixtures("empty")
PATH = "/partner/complaint-referrals"


async def sent(partner: Actor, lines: list[dict[str, Any]], **more: Any) -> httpx.Response:
    headers = {"Content-Type": "application/jsonl", **more.pop("headers", {})}
    body = "\n".join(json.dumps(each) for each in lines)
    return await partner.send("POST", f"{PATH}/bulk", content=more.pop("content", body), headers=headers)


async def count(actor: Actor, path: str) -> int:
    return int((await actor.read(f"{path}?count=exact&limit=1"))["count"])


async def test_more_than_a_batch_is_taken_once_and_read_by_partner_and_npm(people: People) -> None:
    partner, officer = await people.as_("partner"), await people.as_("complaints-officer")
    lines = [
        submission(f"M-{number}", persons=[], consent={"state": "not_asked"}, narrative=None) for number in range(1_203)
    ]

    first, second = (await sent(partner, lines)).json(), (await sent(partner, lines)).json()

    assert (first["lines"], first["created"], first["problems"]) == (1_203, 1_203, [])
    assert (second["created"], second["unchanged"]) == (0, 1_203)
    assert await count(partner, PATH) == 1_203
    assert await count(officer, "/npm/complaint-referrals") == 1_203


async def test_what_was_told_is_sealed_and_opens_for_the_assigned_officer(people: People) -> None:
    await cast.known_place(people)
    await cast.agreed_profile(people)
    partner, officer = await people.as_("partner"), await people.as_("complaints-officer")
    await sent(partner, [submission("S-1"), submission("S-2")])
    amended = submission("S-1", narrative={"language": "en", "text": "It was the fourth cell."})
    changed = await cast.put(partner, f"{PATH}/S-1", amended)

    referral = await cast.referral_of(people, "S-1")
    accepted = await officer.done(f"/npm/complaint-referrals/{referral['id']}", "accept")

    assert changed.status_code == 200, changed.text
    complaint = await officer.read(f"/npm/complaints/{accepted['complaint']['id']}")
    told = await officer.read(f"/npm/complaints/{complaint['id']}/narrative", headers=PURPOSE)
    assert [text["text"] for text in told["texts"]] == [SECRETS["narrative"], "It was the fourth cell."]
    assert len(complaint["person_refs"]) == 1


async def test_the_same_id_twice_in_one_body_is_one_and_other_content_is_told(people: People) -> None:
    partner = await people.as_("partner")

    told = (await sent(partner, [submission("D-1"), submission("D-1"), submission("D-1", kind="conditions")])).json()

    assert (told["created"], told["unchanged"]) == (1, 1)
    assert [(each["line"], each["external_id"], each["code"]) for each in told["problems"]] == [
        (3, "D-1", "external_id_exists")
    ]


async def test_a_bulk_of_another_partner_touches_nothing_of_the_first(people: People) -> None:
    partner, other = await people.as_("partner"), await people.as_("partner-two")
    await sent(partner, [submission("O-1")])

    told = (await sent(other, [submission("O-1", kind="conditions")])).json()

    assert (told["created"], told["problems"]) == (1, [])
    assert (await count(partner, PATH), await count(other, PATH)) == (1, 1)


async def test_without_its_media_type_or_a_key_nothing_is_read(people: People) -> None:
    partner = await people.as_("partner")
    as_json = await sent(partner, [submission("K-1")], headers={"Content-Type": "application/json"})
    partner.is_machine = False

    without_key = await sent(partner, [submission("K-1")])

    assert (as_json.status_code, without_key.status_code) == (415, 400)
    assert without_key.json()["code"] == "idempotency_key_required"
    assert await count(partner, PATH) == 0
