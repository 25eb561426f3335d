"""Standing as the gateway asks it, with a service's token."""

from typing import Any

import httpx
import pytest

from gateway.development import AUTHORITY_A
from shared.identity import SigningKey
from shared.inbox import Door
from shared.settings import Settings
from tests.people import People
from tests.stakeholders.made import EXPERT, MEMBER, with_experts, with_institutions

pytestmark = pytest.mark.usefixtures("empty")

STAFF = "e7a9502e-445d-45a0-ad56-07ad11b97980"
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


VISIT, CLIENT = "2c5f9a70-6a3b-4d0e-9f4e-3a6d0a2f1b11", "8f0c3b6e-58b1-4d3d-a1a4-5d6c2f7e9c22"
NOTHING: dict[str, list[str]] = {"places": [], "authorities": [], "persons": [], "visits": []}


async def recused(door: Door, person_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = await door.get(
        "/v1/service/recusals", scope="stakeholders:standing.read", person_id=person_id
    )
    return answer


@pytest.mark.requirement("R-G08")
async def test_what_conflicts_keep_from_somebody_of_the_npm_is_told_by_kind(people: People, door: Door) -> None:
    await with_institutions(people)
    staff = await people.as_("staff")
    under = await staff.made(f"/npm/authorities/{AUTHORITY_A}/departments", {"name": "Health Department"})
    targets = {"place": PLACE, "authority": AUTHORITY_A, "matter": VISIT, "person": CLIENT}
    for kind, target in targets.items():
        await staff.made("/npm/conflicts", {"kind": "perceived_bias", "target_kind": kind, "target_id": target})

    told, other = await recused(door, STAFF), await recused(door, MEMBER)

    assert told == {
        "person_id": STAFF, "ends_function": False,
        "excluded": {"places": [PLACE], "authorities": sorted([AUTHORITY_A, under["id"]]), "persons": [CLIENT], "visits": [VISIT]},
    }  # fmt: skip
    assert other == {"person_id": MEMBER, "ends_function": False, "excluded": NOTHING}


@pytest.mark.requirement("R-G08", "R-V60")
@pytest.mark.parametrize(
    ("effect", "kept"),
    [
        ("none", False), ("disclose_only", False), ("exclude_interviews", False), ("preparation_only", False),
        ("exclude_visit", True), ("exclude_place", True),
    ],
)  # fmt: skip
async def test_a_decision_keeps_from_a_place_or_gives_it_back(
    people: People, door: Door, effect: str, kept: bool
) -> None:
    staff, head = await people.as_("staff"), await people.as_("head")
    conflict = await staff.made("/npm/conflicts", CONFLICT)
    open_question = await recused(door, STAFF)

    await head.done(f"/npm/conflicts/{conflict['id']}", "decide", effect=effect)

    assert open_question["excluded"] == {**NOTHING, "places": [PLACE]}
    assert (await recused(door, STAFF))["excluded"] == {**NOTHING, "places": [PLACE] if kept else []}


async def test_an_incompatible_office_ends_the_function_of_anybody(people: People, door: Door) -> None:
    staff, head = await people.as_("staff"), await people.as_("head")
    conflict = await staff.made("/npm/conflicts", {**CONFLICT, "kind": "incompatible_office"})

    await head.done(f"/npm/conflicts/{conflict['id']}", "decide", effect="ends_function")

    assert (await recused(door, STAFF))["ends_function"]
    assert (await staff.get("/npm/me")).status_code == 200
