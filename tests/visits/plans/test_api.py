"""Plans through the gateway: everything that is missing for adoption is told at once, and only its decision scope adopts."""

from typing import Any

import pytest

from tests.people import People
from tests.visits.story import STAFF, Feeds, codes, days_ago, today

OBJECTIVE = {
    "id": "o1", "text": "Fewer people per cell", "kind": "detention_change", "rationale": "Overcrowding is the root of much else.",
    "assumptions": ["courts sentence as before"], "themes": ["overcrowding"], "place_types": ["prison"],
    "indicators": [
        {"question": "Persons per place", "baseline": "1.3", "target": "1.0", "source": "registers", "frequency": "quarterly"}
    ],
}  # fmt: skip
STRATEGY: dict[str, Any] = {
    "kind": "strategic", "title": "Strategy", "from_on": str(days_ago(30)), "to_on": str(days_ago(-700)), "author_ids": [STAFF],
    "mission": "Prevent ill-treatment.", "vision": "No torture.", "principles": ["do no harm"], "mandate_text": "OPCAT",
    "legal_basis": "Act 1", "objectives": [OBJECTIVE], "team_sessions": [{"on": str(today()), "participant_ids": [STAFF]}],
    "risk_analysis": {
        "from_on": str(days_ago(400)), "to_on": str(days_ago(31)), "frozen_on": str(days_ago(30)),
        "findings": [{"theme": "overcrowding", "root_cause_level": "law", "likelihood": 4, "impact": 3}],
    },
}  # fmt: skip


async def adopted(people: People, **changes: Any) -> dict[str, Any]:
    """Bring a plan into force."""
    head, staff = await people.as_("head"), await people.as_("staff")
    plan = await staff.made("/npm/plans", {**STRATEGY, **changes})
    for action in ("draft", "finalise"):
        await staff.done(f"/npm/plans/{plan['id']}", action)
    return await head.done(f"/npm/plans/{plan['id']}", "adopt")


@pytest.mark.requirement("R-V16")
async def test_everything_that_adoption_misses_is_told_at_once(people: People, feeds: Feeds) -> None:
    head = await people.as_("head")
    bare = {name: STRATEGY[name] for name in ("kind", "title", "from_on", "to_on", "team_sessions")}
    objective = {"id": "o1", "text": "Fewer", "kind": "detention_change"}
    plan = await head.made("/npm/plans", {**bare, "objectives": [objective]})
    for action in ("draft", "finalise"):
        await head.done(f"/npm/plans/{plan['id']}", action)

    refused = await head.act(f"/npm/plans/{plan['id']}", "adopt")

    assert codes(refused) == [
        "mission", "vision", "principles", "mandate", "legal_basis", "risk_analysis", "rationale", "indicator", "internal_author",
    ]  # fmt: skip


async def test_an_adopted_plan_is_in_force_and_no_longer_changed(people: People, feeds: Feeds) -> None:
    staff = await people.as_("staff")
    plan = await adopted(people)

    refused = await staff.patch(f"/npm/plans/{plan['id']}", {"mission": "Another."})

    assert (plan["status"], plan["is_in_force"], plan["warnings"]) == ("adopted", True, ["no_outside_consultation"])
    assert refused.status_code == 409


async def test_only_the_decision_scope_adopts(people: People, feeds: Feeds) -> None:
    staff, deputy = await people.as_("staff"), await people.as_("deputy-head")
    plan = await staff.made("/npm/plans", STRATEGY)
    path = f"/npm/plans/{plan['id']}"
    for action in ("draft", "finalise"):
        await staff.done(path, action)

    answers = [
        (await (await people.as_(each)).act(path, "adopt")).status_code for each in ("staff", "member", "secondee")
    ]

    assert answers == [403] * 3
    assert "adopt" not in (await staff.read(path))["allowed_actions"]
    assert "adopt" in (await deputy.read(path))["allowed_actions"]
    assert (await deputy.done(path, "adopt"))["status"] == "adopted"


async def test_a_review_that_changed_something_is_amended_with_a_reason_and_keeps_what_was(
    people: People, feeds: Feeds
) -> None:
    head, staff = await people.as_("head"), await people.as_("staff")
    plan = await adopted(people)
    path = f"/npm/plans/{plan['id']}"
    await staff.done(path, "review", minutes="Half-way.")
    await staff.patch(path, {"mission": "Prevent ill-treatment everywhere."})

    confirmed = await head.act(path, "confirm")
    amended = await head.done(path, "amend", reason="the mandate grew")

    assert confirmed.json()["code"] == "plan_changed"
    assert amended["amendments"][0]["before"]["mission"] == "Prevent ill-treatment."


async def test_an_evaluation_needs_a_result_and_a_lesson_for_each_objective(people: People, feeds: Feeds) -> None:
    staff = await people.as_("staff")
    plan = await adopted(people)
    path = f"/npm/plans/{plan['id']}"

    refused = await staff.act(path, "evaluate")
    await staff.patch(
        path, {"objectives": [{**OBJECTIVE, "result": "1.2 persons per place", "lesson": "Talk to judges."}]}
    )
    evaluated = await staff.done(path, "evaluate")

    assert codes(refused) == ["result", "lesson"]
    assert evaluated["status"] == "evaluated"
