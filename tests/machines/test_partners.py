"""Two partners' machines at the same resource: neither reads, changes or finds what is the other's."""

import pytest

from gateway.development import MOU_ONE, MOU_TWO, PARTNER_ONE, PARTNER_TWO
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
