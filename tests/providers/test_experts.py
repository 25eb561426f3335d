"""Experts who log in at a provider: the account binds one to a record, and the record reaches the own visits and no other."""

from typing import Any
from uuid import uuid4

import pytest

from tests.people import Actor, People
from tests.providers import shapes
from tests.providers.conftest import Door
from tests.providers.shapes import Product
from tests.visits.conftest import feeds, standing_experts
from tests.visits.story import EXPERT, Feeds, make_place, prepared, propose
from tests.waiting import eventually

__all__ = ["feeds", "standing_experts"]
EXPERT_TWO = "4f783539-a70f-495d-899d-7d6ea739f8a9"
pytestmark = [
    pytest.mark.parametrize("people", ["one"], indirect=True),
    pytest.mark.usefixtures("standing_experts"),
]


async def logged_in(people: People, door: Door, authentik: Product, expert_id: str) -> Actor:
    """Give an expert by an account of the NPM and a signed token of a provider, at the gateway that trusts it."""
    sysadmin, subject = await people.as_("sysadmin", step_up=True), str(uuid4())
    invited = {"issuer": authentik.issuer, "subject": subject, "audience_class": "expert", "roles": ["expert"]}
    await sysadmin.made("/npm/accounts", {**invited, "expert_id": expert_id})
    claims: dict[str, Any] = {"sub": subject, "a22_class": "expert", "groups": ["a22-experts"]}
    expert = Actor(door.client, shapes.authentik(authentik, **claims).token())

    async def is_known() -> bool:
        return (await expert.get("/expert/rights")).status_code == 200

    # a busy host may show its keys late once: afterwards they are known
    await eventually(is_known)
    return expert


@pytest.mark.requirement("R-G05")
async def test_an_expert_of_a_provider_reaches_the_assigned_visit_and_no_other(
    people: People, feeds: Feeds, door: Door, products: dict[str, Product]
) -> None:
    place = await make_place(people)
    assigned, other = await prepared(people, place), await propose(await people.as_("head"), place)
    expert = await logged_in(people, door, products["authentik"], EXPERT)
    second = await logged_in(people, door, products["authentik"], EXPERT_TWO)

    own = [(await each.get(f"/expert/visits/{assigned['id']}")).status_code for each in (expert, second)]
    others = [(await each.get(f"/expert/visits/{other['id']}")).status_code for each in (expert, second)]
    listed = [[visit["id"] for visit in (await each.read("/expert/visits"))["items"]] for each in (expert, second)]

    assert (own, others, listed) == ([200, 404], [404, 404], [[assigned["id"]], []])
    told = await expert.read("/expert/me")
    assert (told["expert_id"], told["standing"]["in_standing"]) == (EXPERT, True)
    assert (await expert.get(f"/npm/visits/{assigned['id']}")).status_code == 403


@pytest.mark.requirement("R-G06")
async def test_once_the_contract_has_ended_me_says_why_and_the_visit_is_shut(
    people: People, feeds: Feeds, door: Door, products: dict[str, Product]
) -> None:
    visit = await prepared(people, await make_place(people))
    expert, head = await logged_in(people, door, products["authentik"], EXPERT), await people.as_("head")
    before = await expert.get(f"/expert/visits/{visit['id']}")
    [engagement] = (await head.read(f"/npm/experts/{EXPERT}/engagements"))["items"]

    await head.done(f"/npm/experts/{EXPERT}/engagements/{engagement['id']}", "end", reason="the work is done")

    refused = await expert.get(f"/expert/visits/{visit['id']}")
    standing = (await expert.read("/expert/me"))["standing"]
    assert (before.status_code, refused.status_code, refused.json()["code"]) == (200, 403, "forbidden")
    assert (standing["in_standing"], "ended" in standing["reasons"]) == (False, True)
    assert [(await expert.get(path)).status_code for path in ("/expert/contract", "/expert/rights")] == [200, 200]
