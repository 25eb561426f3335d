"""The other body's handling through the gateway: fields of referral and case, and what lists are narrowed by."""

from typing import Any

import pytest

from tests.complaints import cast
from tests.complaints.cast import submission
from tests.people import Actor, People

pytestmark = pytest.mark.usefixtures("empty")
PATH = "/partner/complaint-referrals"
LATE = {
    "reference": "GR-1", "level": "R", "received_on": "2025-01-02", "due_on": "2025-02-01", "answered_on": "2025-02-02",
    "status": "denied", "status_reasons": ["DNY"], "earlier_submissions": 2,
}  # fmt: skip
TIMELY = {**LATE, "level": "F", "answered_on": "2025-02-01", "status": "upheld"}
OWED = {"level": "A", "due_on": "2025-02-01", "status": "open"}


async def ids(actor: Actor, path: str, query: str) -> list[str]:
    return [each.get("external_id", each["id"]) for each in (await actor.read(f"{path}?{query}"))["items"]]


async def told(people: People) -> Actor:
    partner = await people.as_("partner")
    for external_id, other_body in (("LATE", LATE), ("TIMELY", TIMELY), ("OWED", OWED), ("NONE", None)):
        await partner.made(PATH, submission(external_id, other_body=other_body))
    return await people.as_("complaints-officer")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("is_other_body_timely=true", ["TIMELY"]),
        ("is_other_body_timely=false", ["LATE"]),
        ("is_other_body_overdue=true", ["OWED"]),
        ("other_body_level=R&other_body_level=A", ["LATE", "OWED"]),
        ("other_body_status=upheld", ["TIMELY"]),
    ],
)
async def test_referrals_are_narrowed_by_it(people: People, query: str, found: list[str]) -> None:
    officer = await told(people)

    assert sorted(await ids(officer, "/npm/complaint-referrals", query)) == found


async def test_list_and_detail_show_it_with_both_judgements(people: People) -> None:
    officer = await told(people)

    listed = (await officer.read("/npm/complaint-referrals?external_id=LATE"))["items"][0]
    detail = await cast.referral_of(people, "LATE")

    for shown in (listed, detail):
        assert shown["other_body"] == {**LATE, "extended": False}
        assert (shown["is_other_body_timely"], shown["is_other_body_overdue"]) == (False, False)
    assert (await cast.referral_of(people, "NONE"))["other_body"] is None


async def test_the_case_carries_it_and_what_the_partner_reports_since(people: People) -> None:
    await cast.known_place(people)
    await cast.agreed_profile(people)
    complaint = await cast.accepted(people, other_body=OWED)
    partner, officer = await people.as_("partner"), await people.as_("complaints-officer")

    changed = await cast.put(partner, f"{PATH}/OMB-2026-004711", submission(other_body=TIMELY))

    assert (complaint["other_body"]["level"], complaint["is_other_body_overdue"]) == ("A", True)
    assert changed.status_code == 200, changed.text
    since = await officer.read(f"/npm/complaints/{complaint['id']}")
    assert since["other_body"] == {**TIMELY, "extended": False}
    assert (since["is_other_body_timely"], since["is_other_body_overdue"]) == (True, False)
    assert await ids(officer, "/npm/complaints", "other_body_status=upheld&is_other_body_timely=true") == [since["id"]]


async def test_a_complaint_of_former_years_has_it_too(people: People) -> None:
    place = await cast.known_place(people)
    head = await people.as_("head", step_up=True)
    row: dict[str, Any] = {**cast.row(1, place["id"]), "submission_number": 3, "note": {"code": "26M"}, "themes": []}
    other_body = {name: value for name, value in LATE.items() if name != "earlier_submissions"}

    report = await cast.imported(head, [{**row, "other_body": other_body}])

    assert (report["created"], report["problems"]) == (1, [])
    (listed,) = (await head.read("/npm/complaints?is_other_body_timely=false"))["items"]
    shown = await head.read(f"/npm/complaints/{listed['id']}")
    assert shown["other_body"] == {**LATE, "extended": False}
    assert (shown["imported_from"]["note"], shown["themes"]) == ({"code": "26M"}, [])
