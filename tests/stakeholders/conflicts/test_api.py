"""Conflicts of interest through the gateway: declared by oneself, decided by somebody else."""

from typing import Any

import pytest

from gateway.development import AUTHORITY_A, AUTHORITY_B
from tests.people import Actor, People
from tests.stakeholders.made import DEPUTY, HEAD, imported, with_experts, with_institutions, with_members
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("empty")

AT_A = {"kind": "former_organisation", "target_kind": "authority", "target_id": AUTHORITY_A}


async def declared(actor: Actor, **changes: Any) -> dict[str, Any]:
    audience = "expert" if actor.token and "expert" in changes else "npm"
    return await actor.made(f"/{audience}/conflicts", {**AT_A, **{k: v for k, v in changes.items() if k != "expert"}})


@pytest.mark.requirement("R-S92")
async def test_nobody_decides_a_conflict_of_their_own(people: People) -> None:
    await with_institutions(people)
    head = await people.as_("head")
    own = await declared(head)

    answers = [
        await head.act(f"/npm/conflicts/{own['id']}", "decide", effect="none"),
        await head.act(f"/npm/conflicts/{own['id']}", "find_none", reason="nothing in it"),
        await head.act(f"/npm/conflicts/{own['id']}", "review"),
    ]

    assert [answer.status_code for answer in answers] == [409] * 3
    assert all("own_case" in [error["code"] for error in answer.json()["errors"]] for answer in answers)
    assert (await head.read(f"/npm/conflicts/{own['id']}"))["status"] == "declared"


async def test_whoever_the_matrix_names_decides_the_heads_conflict(people: People) -> None:
    await with_members(people)
    await with_institutions(people)
    head, deputy = await people.as_("head"), await people.as_("deputy-head")
    own = await declared(head)
    hidden = await deputy.get(f"/npm/conflicts/{own['id']}")
    tag = (await head.get("/npm/decision-matrix")).headers["ETag"]
    entries = {"entries": [{"topic": "conflicts", "decider_id": DEPUTY}]}
    await head.send("PUT", "/npm/decision-matrix", json=entries, headers={"If-Match": tag})

    decided = await deputy.done(f"/npm/conflicts/{own['id']}", "decide", effect="preparation_only")

    assert hidden.status_code == 404
    assert (decided["status"], decided["effect"], decided["decided_by"]["name"]) == (
        "in_force",
        "preparation_only",
        "Deputy head",
    )
    assert decided["person"] == {"id": HEAD, "name": "Head of the NPM"}


async def test_a_decision_takes_a_decision_scope(people: People) -> None:
    await with_institutions(people)
    staff = await people.as_("staff")
    own = await declared(staff)

    statuses = {
        persona: (
            await (await people.as_(persona)).act(f"/npm/conflicts/{own['id']}", "decide", effect="none")
        ).status_code
        for persona in ("staff", "member", "secondee", "expert", "authority-validator", "sysadmin")
    }

    assert set(statuses.values()) == {403}


async def test_a_decision_needs_an_effect_and_a_tie_needs_an_end(people: People) -> None:
    await with_institutions(people)
    staff, head = await people.as_("staff"), await people.as_("head")
    path = f"/npm/conflicts/{(await declared(staff, kind='personal_or_family_tie'))['id']}"

    without = await head.act(path, "decide")
    decided = await head.done(path, "decide", effect="exclude_visit", until_on="2099-01-01")
    lifted = await head.done(path, "lift", reason="moved away")

    assert [error["code"] for error in without.json()["errors"]] == ["effect", "end_date"]
    assert (decided["usual_effect"], decided["allowed_actions"]) == ("exclude_interviews", ["review", "lift"])
    assert (lifted["status"], lifted["allowed_actions"]) == ("lifted", [])


async def test_colleagues_do_not_see_each_others_conflicts(people: People) -> None:
    await with_institutions(people)
    staff, member, head = await people.as_("staff"), await people.as_("member"), await people.as_("head")
    own = await declared(staff)

    assert [each["id"] for each in (await staff.read("/npm/conflicts"))["items"]] == [own["id"]]
    assert (await member.read("/npm/conflicts"))["items"] == []
    assert (await member.get(f"/npm/conflicts/{own['id']}")).status_code == 404
    assert [each["id"] for each in (await head.read("/npm/conflicts"))["items"]] == [own["id"]]


async def test_an_expert_declares_and_sees_own_conflicts_alone(people: People) -> None:
    await with_experts(people)
    expert, other, head = await people.as_("expert"), await people.as_("expert-two"), await people.as_("head")

    own = await declared(expert, expert=True)

    assert set(own) == {
        "id", "kind", "target", "status", "effect", "from_on", "until_on", "explanation", "declared_on",
    }  # fmt: skip
    assert own["target"] == {"kind": "authority", "id": AUTHORITY_A, "name": "Prison Service"}
    assert (await other.read("/expert/conflicts"))["items"] == []
    assert (await other.get(f"/expert/conflicts/{own['id']}")).status_code == 404
    assert (await head.read(f"/npm/conflicts/{own['id']}"))["person"]["name"] == "Asha Rao"


@pytest.mark.requirement("R-S90")
async def test_a_past_at_an_authority_is_a_detected_conflict_once(people: People) -> None:
    await with_institutions(people)
    past = [{"employer_kind": "authority", "employer_id": AUTHORITY_A}]
    secondee = {
        "kind": "secondee", "name": "Sam Lee", "employment_history": past, "secondment": {"origin_id": AUTHORITY_B},
    }  # fmt: skip

    await imported(people, "persons", secondee)
    await imported(people, "persons", {**secondee, "role": "adviser"})

    head = await people.as_("head")
    found = (await head.read("/npm/conflicts"))["items"]
    assert sorted((each["target"]["name"], each["status"]) for each in found) == [
        ("Ministry of Health", "detected"),
        ("Prison Service", "detected"),
    ]


async def test_a_place_is_shown_by_the_name_that_visits_told(people: People) -> None:
    await with_experts(people)
    staff, expert, other = await people.as_("staff"), await people.as_("expert"), await people.as_("expert-two")
    place = await staff.made("/npm/places", {"name": "North Remand Prison", "place_type": "remand_prison"})
    at_place = {"kind": "former_employment_at_place", "target_kind": "place", "target_id": place["id"]}
    own = await expert.made("/expert/conflicts", at_place)

    async def named() -> str:
        name: str = (await expert.read(f"/expert/conflicts/{own['id']}"))["target"]["name"]
        return name

    assert await eventually(named) == "North Remand Prison"
    assert (await other.read("/expert/conflicts"))["items"] == []
