"""What the caller may do, told to a front end: exactly the operations that the doors open, for every persona."""

import pytest

from gateway.development import PERSONAS
from tests.access.test_gateway_matrix import OUTWARD, may_enter
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")


async def test_everybody_is_told_exactly_the_operations_that_open_to_them(people: People) -> None:
    told, opened = {}, {}

    for name, persona in PERSONAS.items():
        shown = await (await people.as_(name)).read(f"/{persona.audience_class}/rights")
        assert set(shown) == {"audience_class", "roles", "operations"}
        assert (shown["audience_class"], shown["roles"]) == (persona.audience_class, sorted(persona.roles))
        told[name] = [(each["method"], each["path"]) for each in shown["operations"]]
        opened[name] = sorted((row.method, row.path) for row in OUTWARD if may_enter(row, name) and not row.inside)

    assert {name: sorted(each) for name, each in told.items()} == opened


async def test_an_operation_is_told_with_what_it_asks_for(people: People) -> None:
    shown = await (await people.as_("staff")).read("/npm/rights")
    head = await (await people.as_("head")).read("/npm/rights")
    of_staff, of_head = ({each["operation"]: each for each in rights["operations"]} for rights in (shown, head))

    assert "reveal_person" not in of_staff
    assert (of_head["reveal_person"]["needs_step_up"], of_head["reveal_person"]["needs_purpose"]) == (True, True)
    assert of_staff["transition_mou"]["actions"] == ["submit", "revise", "review"]
    assert "sign" in of_head["transition_mou"]["actions"]


async def test_an_expert_without_standing_hears_it_too_and_nobody_hears_anothers(people: People) -> None:
    expert, stranger = await people.as_("expert"), people.stranger()

    assert (await expert.get("/expert/rights")).status_code == 200
    assert (await expert.get("/expert/visits")).status_code == 403
    assert (await expert.get("/npm/rights")).status_code == 403
    assert (await stranger.get("/npm/rights")).status_code == 401
