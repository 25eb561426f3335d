"""Two partners' machines at the same resource: neither reads, changes or finds what is the other's."""

from typing import Any

import httpx
import pytest

from gateway.development import MOU_ONE, MOU_TWO, PARTNER_ONE, PARTNER_TWO
from shared.access import vocabulary
from shared.identity import SigningKey
from shared.inbox import Door
from shared.settings import Settings
from tests.complaints.cast import submission
from tests.machines.machine import OPERATIONS, REFERRALS, registered
from tests.people import Actor, People
from tests.stakeholders.made import LONG, imported, with_institutions

pytestmark = pytest.mark.usefixtures("empty")


async def entered(people: People, partner: str, mou: str) -> Actor:
    """Give the machine of a partner at the API, with a token of our own endpoint."""
    machine = await registered(
        people, roles=["partner_system"], partner_id=partner, mou_id=mou, scopes=[REFERRALS, OPERATIONS]
    )
    return await machine.enters(people.client)


@pytest.mark.requirement("R-G12")
async def test_each_partner_reads_its_own_items_alone(people: People) -> None:
    await with_institutions(people)
    await imported(
        people, "authorities", {"id": PARTNER_TWO, "name": "Commissioner", "kind": "partner_body"}, source="two"
    )
    text = {"objectives": "Complaints reach the NPM.", "confidentiality_clause": "Kept secret."}
    await imported(
        people, "mous", {"id": MOU_TWO, "partner_id": PARTNER_TWO, "title": "Second", "purposes": ["referral"], **LONG, **text},
        source="two",
    )  # fmt: skip
    one, two = await entered(people, PARTNER_ONE, MOU_ONE), await entered(people, PARTNER_TWO, MOU_TWO)

    sent = await one.post("/partner/complaint-referrals", submission("A-1"))
    hidden, absent = (
        await two.get("/partner/complaint-referrals/A-1"),
        await two.get("/partner/complaint-referrals/A-2"),
    )

    assert sent.status_code == 201, sent.text
    assert (await one.get("/partner/complaint-referrals/A-1")).status_code == 200
    assert [len((await each.read("/partner/complaint-referrals"))["items"]) for each in (one, two)] == [1, 0]
    assert [hidden.status_code, absent.status_code] == [404, 404]
    told = [{name: value for name, value in each.json().items() if name != "instance"} for each in (hidden, absent)]
    assert told[0] == told[1]


#: Every caller with a token holds these: own account, own operations, the feed of the own view.
OF_EVERYBODY = {"stakeholders:me.use", OPERATIONS, "gateway:feeds.read"}


@pytest.mark.requirement("R-G11")
async def test_the_complaints_department_and_the_npm_hold_separate_scopes(people: People) -> None:
    known = vocabulary()
    department = known.scopes_of(["nhri_complaints"], audience_class="partner")
    npm = known.scopes_of(
        ["head", "member", "staff", "complaints_officer"], audience_class="npm", decides=known.decisions
    )
    clerk, officer = await people.as_("nhri-complaints"), await people.as_("complaints-officer")

    inside = [await clerk.get(path) for path in ("/npm/complaints", "/npm/complaint-referrals", "/npm/visits")]
    outside = [await officer.get(path) for path in ("/partner/complaint-referrals", "/partner/operations")]

    assert department & npm <= OF_EVERYBODY
    assert {answer.status_code for answer in (*inside, *outside)} == {403}
    assert (await clerk.get("/partner/complaint-referrals")).status_code == 200
    assert (await officer.get("/npm/complaints")).status_code == 200


@pytest.mark.requirement("R-G22")
async def test_whether_a_memorandum_is_in_force_is_told_to_who_may_ask_and_nothing_else_of_it(
    people: People, settings: Settings
) -> None:
    await with_institutions(people)
    key = SigningKey.kept_in(settings.secrets / "visits", "service")
    door = Door("visits", settings=settings, key=key, client=people.client)
    asked: dict[str, Any] = {"mou_id": MOU_ONE, "partner_id": PARTNER_ONE}
    machine = await entered(people, PARTNER_ONE, MOU_ONE)

    told = await door.get("/v1/service/mou-standing", scope="stakeholders:standing.read", **asked)
    with pytest.raises(httpx.HTTPStatusError) as refusal:
        await door.get("/v1/service/mou-standing", scope="stakeholders:feed.read", **asked)
    others = [await each.get("/service/mou-standing", params=asked) for each in (machine, await people.as_("head"))]

    assert told == {"is_in_force": True}
    assert [refusal.value.response.status_code, *(each.status_code for each in others)] == [403, 403, 403]
