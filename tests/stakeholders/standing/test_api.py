"""Standing as the gateway asks it, with a service's token."""

from typing import Any

import httpx
import pytest

from shared.identity import SigningKey
from shared.inbox import Door
from shared.settings import Settings
from tests.people import People
from tests.stakeholders.made import EXPERT, with_experts

pytestmark = pytest.mark.usefixtures("empty")

PLACE = "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa"
CONFLICT = {"kind": "former_employment_at_place", "target_kind": "place", "target_id": PLACE}


@pytest.fixture
def door(people: People, settings: Settings) -> Door:
    key = SigningKey.kept_in(settings.secrets / "visits", "service")
    return Door("visits", settings=settings, key=key, client=people.client)


async def asked(door: Door, expert_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = await door.get(
        "/v1/service/expert-standing", scope="stakeholders:standing.read", expert_id=expert_id
    )
    return answer


async def test_an_expert_with_everything_in_force_is_in_standing(people: People, door: Door) -> None:
    await with_experts(people)

    assert await asked(door, EXPERT) == {
        "expert_id": EXPERT, "in_standing": True, "reasons": [],
        "excluded": {"places": [], "authorities": [], "persons": [], "visits": []},
    }  # fmt: skip


async def test_a_declared_conflict_excludes_until_it_is_cleared(people: People, door: Door) -> None:
    await with_experts(people)
    expert, head = await people.as_("expert"), await people.as_("head")
    conflict = await expert.made("/expert/conflicts", CONFLICT)

    declared = await asked(door, EXPERT)
    await head.done(f"/npm/conflicts/{conflict['id']}", "review")
    weighed = await asked(door, EXPERT)
    await head.done(f"/npm/conflicts/{conflict['id']}", "find_none", reason="another place")

    assert [each["excluded"]["places"] for each in (declared, weighed, await asked(door, EXPERT))] == [
        [PLACE],
        [PLACE],
        [],
    ]


async def test_a_conflict_that_ends_the_function_ends_the_standing(people: People, door: Door) -> None:
    await with_experts(people)
    expert, head = await people.as_("expert"), await people.as_("head")
    conflict = await expert.made("/expert/conflicts", {**CONFLICT, "kind": "incompatible_office"})
    await head.done(f"/npm/conflicts/{conflict['id']}", "decide", effect="ends_function")

    told = await asked(door, EXPERT)

    assert (told["in_standing"], told["reasons"]) == (False, ["conflict_ends_function"])


async def test_somebody_unknown_is_not_in_standing(door: Door) -> None:
    told = await asked(door, PLACE)

    assert (told["in_standing"], told["reasons"]) == (False, ["no_engagement"])


async def test_no_person_reads_the_inside(people: People, door: Door) -> None:
    head = await people.as_("head")

    assert (await head.get(f"/service/expert-standing?expert_id={EXPERT}")).status_code == 403
    with pytest.raises(httpx.HTTPStatusError):
        await door.get("/v1/service/expert-standing", scope="stakeholders:feed.read", expert_id=EXPERT)
