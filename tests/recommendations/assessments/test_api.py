"""Assessments through the gateway: the NPM's own finding, and a claim that stays a claim."""

from typing import Any

import pytest

from gateway.development import AUTHORITY_A
from tests.people import Actor, People
from tests.recommendations.conftest import answered, published

pytestmark = pytest.mark.usefixtures("tell")


async def evidence(actor: Actor, recommendation: dict[str, Any], kind: str) -> str:
    """Add evidence; gives its id."""
    new = {"kind": kind, "cited_from": "V-2026-0007", "observed_on": "2026-10-01", "claim": "Screened within a day."}
    made = await actor.made(f"/npm/recommendations/{recommendation['id']}/evidence", new)
    return str(made["id"])


@pytest.mark.requirement("R-R25")
async def test_a_claim_stays_a_claim_until_the_npm_finds_for_itself(people: People) -> None:
    staff, made = await people.as_("staff"), await published(people)
    await answered(people, made, claimed_status="implemented")
    path = f"/npm/recommendations/{made['id']}"
    own_word = await evidence(staff, made, "response")
    proposal = {"status": "implemented", "note": "They say so.", "evidence_ids": [own_word]}

    refused = await staff.post(f"{path}/assessments", {"proposal": proposal})

    shown = await staff.read(path)
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["detail"] == "evidence other than the authority's own answer"
    assert shown["implementation"] == {
        "status": None, "assessed_on": None, "is_verified": False, "claimed_status": "implemented",
        "claimed_on": shown["claims"][0]["claimed_on"], "is_only_claimed": True, "is_claim_refuted": False,
    }  # fmt: skip
    assert [(each["authority"]["id"], each["claimed_status"]) for each in shown["claims"]] == [
        (AUTHORITY_A, "implemented")
    ]
    assert len((await staff.read("/npm/recommendations?is_only_claimed=true"))["items"]) == 1


@pytest.mark.requirement("R-R25")
async def test_a_finding_is_approved_by_another_person_and_ends_the_claim(people: People) -> None:
    head, deputy, made = await people.as_("head"), await people.as_("deputy-head"), await published(people)
    await answered(people, made, claimed_status="implemented")
    path = f"/npm/recommendations/{made['id']}"
    seen = await evidence(head, made, "visit")
    proposal = {"status": "implemented", "note": "Seen on site.", "evidence_ids": [seen]}
    assessment = await head.made(f"{path}/assessments", {"proposal": proposal})
    one = f"{path}/assessments/{assessment['id']}"

    own = await head.act(one, "approve")
    approved = await deputy.done(one, "approve")

    shown = await head.read(path)
    assert (own.status_code, own.json()["code"]) == (409, "own_proposal")
    assert (approved["state"], approved["has_other_evidence"]) == ("approved", True)
    assert (shown["implementation"]["status"], shown["implementation"]["is_verified"]) == ("implemented", True)
    assert shown["implementation"]["is_only_claimed"] is False
    assert (await people.stranger().read(f"/public/recommendations/{made['id']}"))[
        "implementation_status"
    ] == "implemented"
    assert (await head.done(path, "close"))["state"] == "closed"


async def test_a_later_finding_takes_the_place_of_the_earlier_one_and_refutes_the_claim(people: People) -> None:
    staff, head, made = await people.as_("staff"), await people.as_("head"), await published(people)
    await answered(people, made, claimed_status="implemented")
    path = f"/npm/recommendations/{made['id']}/assessments"

    for status in ("in_progress", "not_implemented"):
        proposal = {"status": status, "reasons": ["resources"]}
        assessment = await staff.made(path, {"proposal": proposal})
        await head.done(f"{path}/{assessment['id']}", "approve")

    shown = await staff.read(f"/npm/recommendations/{made['id']}")
    assert sorted(each["state"] for each in shown["assessments"]) == ["approved", "superseded"]
    assert (shown["implementation"]["status"], shown["implementation"]["is_claim_refuted"]) == ("not_implemented", True)
    refused = await head.act(f"/npm/recommendations/{made['id']}", "close")
    assert refused.status_code == 409


async def test_an_authority_sees_nothing_of_an_assessment(people: People) -> None:
    staff, official, made = await people.as_("staff"), await people.as_("authority-official"), await published(people)
    before = (await official.get(f"/authority/recommendations/{made['id']}")).content
    await staff.made(f"/npm/recommendations/{made['id']}/assessments", {})
    await evidence(staff, made, "third_party")

    after = (await official.get(f"/authority/recommendations/{made['id']}")).content
    route = await official.get(f"/authority/recommendations/{made['id']}/assessments")

    assert before == after
    assert route.status_code == 404
