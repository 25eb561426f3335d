"""Experts through the gateway: from candidate to accredited, and what each side sees."""

from typing import Any

import pytest

from gateway.development import AUTHORITY_A
from tests.people import Actor, People
from tests.stakeholders.made import EXPERT, LONG, TERMS, imported, standing_of, with_experts, with_institutions

pytestmark = pytest.mark.usefixtures("empty")

RULES = {"edition": "2026", "content": "Experts are paid by the day.", "in_force_from": "2020-01-01"}
TRAINING = {"kind": "induction", "held_on": "2026-01-10", "valid_until": "2099-12-31"}


async def proposed(people: People) -> str:
    """The expert persona, vetted, with an engagement as candidate; gives its path."""
    await with_institutions(people)
    await imported(
        people, "persons", {"id": EXPERT, "kind": "expert", "name": "Asha Rao", "vetting_passed_on": "2025-01-01"}
    )
    staff = await people.as_("staff")
    engagement = await staff.made(f"/npm/experts/{EXPERT}/engagements", {"modality": "ad_hoc"})
    return f"/npm/experts/{EXPERT}/engagements/{engagement['id']}"


async def accredited_at_a(staff: Actor) -> dict[str, Any]:
    asked = await staff.made("/npm/accreditations", {"person_id": EXPERT, "authority_id": AUTHORITY_A, **LONG})
    return await staff.done(f"/npm/accreditations/{asked['id']}", "grant", document_reference="file 7")


@pytest.mark.requirement("R-S64", "R-S68", "R-S69", "R-S70")
async def test_a_contract_holds_only_when_nothing_is_missing(people: People) -> None:
    path = await proposed(people)
    head, expert = await people.as_("head"), await people.as_("expert", step_up=True)

    bare = await head.act(path, "contract")
    await head.made(f"{path}/contracts", TERMS)
    await expert.made("/expert/contract/signatures", {"contract_version": 1})
    unpublished = await head.act(path, "contract")
    await head.made("/npm/remuneration-rules", RULES)
    contracted = await head.done(path, "contract")

    assert [error["code"] for error in bare.json()["errors"]] == [
        "remuneration_rules", "dates", "tasks", "immunities", "confidentiality", "sources_protected", "no_representation", "code",
        "conflicts_declared", "signature",
    ]  # fmt: skip
    assert [error["code"] for error in unpublished.json()["errors"]] == ["remuneration_rules"]
    assert (contracted["status"], contracted["from_on"]) == ("contracted", "2020-01-01")
    published = await people.stranger().read("/public/remuneration-rules")
    assert [each["edition"] for each in published["items"]] == ["2026"]


async def test_the_whole_way_to_standing_with_its_reasons(people: People) -> None:
    path = await proposed(people)
    head, staff, expert = await people.as_("head"), await people.as_("staff"), await people.as_("expert", step_up=True)
    await head.made("/npm/remuneration-rules", RULES)
    await head.made(f"{path}/contracts", TERMS)
    await expert.made("/expert/contract/signatures", {"contract_version": 1})
    await head.done(path, "contract")
    before = await standing_of(expert)
    await expert.done("/expert/contract", "sign_confidentiality")
    await staff.done(path, "record_training", training=TRAINING)
    unknown = await staff.act(path, "accredit")
    await accredited_at_a(staff)

    accredited = await staff.done(path, "accredit")

    assert before == {"in_standing": False, "reasons": ["not_accredited", "training_expired", "no_accreditation_today"]}
    assert [error["code"] for error in unknown.json()["errors"]] == ["accreditation"]
    assert (accredited["status"], await standing_of(expert)) == ("accredited", {"in_standing": True, "reasons": []})


async def test_an_amended_contract_needs_the_experts_signature_again(people: People) -> None:
    await with_experts(people)
    head, expert = await people.as_("head"), await people.as_("expert", step_up=True)
    engagement = (await head.read(f"/npm/experts/{EXPERT}/engagements"))["items"][0]

    await head.made(f"/npm/experts/{EXPERT}/engagements/{engagement['id']}/contracts", {**TERMS, "tasks": "More."})
    wrong = await expert.post("/expert/contract/signatures", {"contract_version": 1})
    signed = await expert.made("/expert/contract/signatures", {"contract_version": 2})
    weak = await (await people.as_("expert")).post("/expert/contract/signatures", {"contract_version": 2})

    assert (wrong.status_code, weak.status_code) == (422, 401)
    assert signed["versions"][1]["signed_by_expert_on"] is not None
    assert signed["status"] == "accredited"


async def test_an_expert_sees_the_own_engagement_alone(people: People) -> None:
    await with_experts(people)
    expert, other = await people.as_("expert"), await people.as_("expert-two")

    contract, others = await expert.read("/expert/contract"), await other.read("/expert/contract")

    assert set(contract) == {
        "id", "modality", "status", "versions", "confidentiality_signed_on", "standing", "allowed_actions",
    }  # fmt: skip
    assert contract["id"] != others["id"]
    assert contract["allowed_actions"] == ["end"]
    assert (await expert.get(f"/npm/experts/{EXPERT}")).status_code == 403


async def test_a_suspended_expert_is_told_why_there_is_no_work(people: People) -> None:
    await with_experts(people)
    head, expert = await people.as_("head"), await people.as_("expert")
    engagement = (await head.read(f"/npm/experts/{EXPERT}/engagements"))["items"][0]
    path = f"/npm/experts/{EXPERT}/engagements/{engagement['id']}"

    without = await head.act(path, "suspend")
    await head.done(path, "suspend", reason="breach of secrecy")

    assert without.status_code == 422
    assert await standing_of(expert) == {"in_standing": False, "reasons": ["suspended"]}
    assert (await head.read(f"/npm/experts/{EXPERT}"))["standing"]["reasons"] == ["suspended"]


async def test_who_may_contract_who_may_read_terms_and_who_never_decides(people: People) -> None:
    await with_experts(people)
    head = await people.as_("head")
    engagement = (await head.read(f"/npm/experts/{EXPERT}/engagements"))["items"][0]
    path = f"/npm/experts/{EXPERT}/engagements/{engagement['id']}"

    suspended = {
        each: (await (await people.as_(each)).act(path, "suspend", reason="x")).status_code
        for each in ("staff", "secondee", "member")
    }
    terms = {
        each: (await (await people.as_(each)).get(f"{path}/contracts")).status_code
        for each in ("staff", "member", "data-protection-officer")
    }

    assert suspended == {"staff": 403, "secondee": 403, "member": 403}
    assert terms == {"staff": 403, "member": 403, "data-protection-officer": 200}
    assert (
        await (await people.as_("secondee")).post(f"/npm/experts/{EXPERT}/engagements", {"modality": "ad_hoc"})
    ).status_code == 403
    assert (await (await people.as_("deputy-head")).done(path, "suspend", reason="breach"))["status"] == "suspended"


async def test_an_expert_may_end_the_own_engagement_with_a_reason(people: People) -> None:
    await with_experts(people)
    expert = await people.as_("expert")

    without = await expert.act("/expert/contract", "end")
    ended = await expert.done("/expert/contract", "end", reason="moving abroad")

    assert without.status_code == 422
    assert (ended["status"], ended["standing"]["in_standing"], ended["allowed_actions"]) == ("ended", False, [])
