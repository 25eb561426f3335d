"""Memoranda through the gateway."""

from typing import Any

import pytest

from gateway.development import MOU_ONE, PARTNER_ONE
from tests.people import People
from tests.stakeholders.made import LONG, with_institutions

pytestmark = pytest.mark.usefixtures("empty")

TEXT = {
    "objectives": "Complaints reach the NPM.", "modalities": "Monthly.", "responsibilities": "Each its own.", "limits": "No say.",
    "confidentiality_clause": "Kept secret.",
}  # fmt: skip


async def drafted(people: People, **changes: Any) -> str:
    await with_institutions(people)
    staff = await people.as_("staff")
    mou = await staff.made("/npm/mous", {"partner_id": PARTNER_ONE, "title": "Second", **TEXT, **changes})
    return f"/npm/mous/{mou['id']}"


@pytest.mark.requirement("R-S38", "R-S41")
async def test_a_text_without_its_clauses_is_not_submitted(people: People) -> None:
    path = await drafted(people, limits="", confidentiality_clause=" ")
    staff = await people.as_("staff")

    answer = await staff.act(path, "submit")

    assert [error["code"] for error in answer.json()["errors"]] == ["limits", "confidentiality"]


@pytest.mark.requirement("R-S39")
async def test_the_head_signs_what_leaves_the_npm_independent(people: People) -> None:
    path = await drafted(people)
    staff, head = await people.as_("staff"), await people.as_("head")
    await staff.done(path, "submit")

    flagged = await head.act(path, "clear", flags=["exclusivity"])
    by_staff = await staff.act(path, "clear")
    await head.done(path, "clear")
    undated = await head.act(path, "sign")
    signed = await head.done(path, "sign", **LONG)

    assert [flagged.status_code, by_staff.status_code, undated.status_code] == [409, 403, 409]
    assert (signed["status"], signed["is_in_force"]) == ("signed", True)


async def test_a_suspended_memorandum_is_not_in_force_and_its_party_sees_so(people: People) -> None:
    await with_institutions(people)
    head, partner = await people.as_("head"), await people.as_("partner")

    await head.done(f"/npm/mous/{MOU_ONE}", "suspend", reason="breach")

    shown = await partner.read("/partner/mou")
    assert (shown["status"], shown["is_in_force"], "reason" in shown) == ("suspended", False, False)


async def test_a_draft_is_not_shown_to_its_party(people: People) -> None:
    await drafted(people)
    partner = await people.as_("partner")

    assert (await partner.read("/partner/mou"))["id"] == MOU_ONE
