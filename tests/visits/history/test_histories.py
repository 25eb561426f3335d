"""A history of visits that brings its places, their names and operators through the years, and graded findings."""

from typing import Any

import pytest

from tests.people import Actor, People
from tests.stakeholders.made import imported
from tests.visits.story import PRISON_SERVICE, make_place

pytestmark = pytest.mark.usefixtures("empty")

HOUSE = {
    "row": "77",
    "name": "Mill House",
    "place_type": "disability_home",
    "region": "East",
    "operator_name": "Mill Ltd",
}
FIRE = {"standard": "Rule 28 Fire", "theme": "safety_and_fire", "grade": "not_compliant"}
FOOD = {"standard": "Rule 18 Food", "theme": "food_and_water", "grade": "compliant"}
VISIT = {"row": "77-1", "type": "in_depth", "days": ["2021-03-01"], "place": HOUSE, "findings": [FIRE, FOOD]}


def visit(row: str, *days: str, findings: Any = (), **place: Any) -> dict[str, Any]:
    return {**VISIT, "row": row, "days": list(days), "place": {**HOUSE, **place}, "findings": list(findings)}


async def house(staff: Actor) -> dict[str, Any]:
    (found,) = (await staff.read("/npm/places?place_type=disability_home"))["items"]
    return await staff.read(f"/npm/places/{found['id']}")


async def only_visit(staff: Actor) -> dict[str, Any]:
    (found,) = (await staff.read("/npm/visits"))["items"]
    return await staff.read(f"/npm/visits/{found['id']}")


async def findings(staff: Actor, query: str = "") -> list[dict[str, Any]]:
    shown = await staff.read(f"/npm/visits/{(await only_visit(staff))['id']}/findings?limit=100{query}")
    items: list[dict[str, Any]] = shown["items"]
    return items


async def test_a_visit_brings_its_place_its_days_and_who_was_there(people: People) -> None:
    staff = await people.as_("staff")
    row = {**visit("77-1", "2021-03-01", "2021-03-09"), "people_present": 4, "announcement": "short_notice"}

    report = await imported(people, "visits", row, source="history")

    place, made = await house(staff), await only_visit(staff)
    assert (report["created"], place["code"], place["status"], place["origin"]) == (
        1,
        "history-77",
        "in_use",
        "imported",
    )
    assert place["population"] == [{"count": 4, "as_of": "2021-03-09", "source": "history"}]
    assert (made["days"], made["announcement"]) == (["2021-03-01", "2021-03-09"], "short_notice")
    assert (made["begun_on"], made["completed_on"]) == ("2021-03-01", "2021-03-09")
    (there,) = made["places"]
    assert (there["people_present"], there["name_then"], there["operator_then"]) == (4, "Mill House", "Mill Ltd")
    assert (made["origin"], made["imported_from"]) == ("imported", {"source": "history", "row": "77-1"})


async def test_findings_have_their_grade_and_leave_empty_what_the_source_does_not_say(people: People) -> None:
    staff = await people.as_("staff")

    await imported(people, "visits", VISIT, source="history")

    fire, food = await findings(staff)
    assert (fire["standard_refs"], fire["grade"], fire["theme"]) == (
        ["Rule 28 Fire"],
        "not_compliant",
        "safety_and_fire",
    )
    assert (fire["severity"], fire["root_cause_level"], fire["sources"], fire["text"]) == (None, None, [], "")
    assert (fire["origin"], fire["warnings"], food["grade"]) == ("imported", [], "compliant")
    assert [each["grade"] for each in await findings(staff, "&grade=compliant")] == ["compliant"]
    assert len(await findings(staff, "&sort=-severity")) == 2


async def test_names_and_operators_are_kept_with_their_days_in_whatever_order_they_come(people: People) -> None:
    staff = await people.as_("staff")
    later = visit("77-2", "2023-03-01", name="The Mill", operator_name="Mill  Ltd")
    middle = visit("77-3", "2022-03-01")
    await imported(people, "visits", later, VISIT, source="history")

    await imported(people, "visits", middle, source="history")

    place = await house(staff)
    assert place["names"] == [
        {"text": "Mill House", "from_on": "2021-03-01", "to_on": "2022-03-01"},
        {"text": "The Mill", "from_on": "2023-03-01", "to_on": None},
    ]
    # as written: a blank more is another way of writing it, and nobody has said that it means nothing
    assert [each["text"] for each in place["operators"]] == ["Mill Ltd", "Mill  Ltd"]
    assert (place["name"], [each["text"] for each in place["aliases"]]) == ("The Mill", ["Mill House"])


async def test_a_name_that_a_person_gave_stays(people: People) -> None:
    staff = await people.as_("staff")
    await imported(people, "visits", VISIT, source="history")
    await staff.patch(f"/npm/places/{(await house(staff))['id']}", {"name": "House at the Mill"})

    await imported(people, "visits", visit("77-2", "2023-03-01", name="The Mill"), source="history")

    place = await house(staff)
    assert place["name"] == "House at the Mill"
    assert sorted(each["text"] for each in place["aliases"]) == ["Mill House", "The Mill"]
    assert [each["text"] for each in place["names"]] == ["Mill House", "The Mill"]


async def test_a_second_run_changes_nothing_and_a_row_that_differs_its_visit_alone(people: People) -> None:
    staff, other = await people.as_("staff"), visit("77-2", "2023-03-01", findings=[FOOD])
    await imported(people, "visits", VISIT, other, source="history")
    before = [(await staff.read(f"/npm/visits/{each['id']}")) for each in (await staff.read("/npm/visits"))["items"]]

    same = await imported(people, "visits", VISIT, other, source="history")
    changed = await imported(people, "visits", {**VISIT, "people_present": 5}, other, source="history")

    assert (same["created"], same["changed"], same["unchanged"]) == (0, 0, 2)
    assert (changed["created"], changed["changed"], changed["unchanged"]) == (0, 1, 1)
    after = [(await staff.read(f"/npm/visits/{each['id']}")) for each in (await staff.read("/npm/visits"))["items"]]
    assert [each["id"] for each in after] == [each["id"] for each in before]
    assert [each["places"][0]["people_present"] for each in after] == [None, 5]


async def test_a_grade_that_the_source_takes_back_is_empty_and_its_finding_stays(people: People) -> None:
    staff = await people.as_("staff")
    await imported(people, "visits", VISIT, source="history")
    first = {each["standard_refs"][0]: each["id"] for each in await findings(staff)}

    await imported(people, "visits", {**VISIT, "findings": [{**FIRE, "grade": "compliant"}]}, source="history")

    shown = {each["standard_refs"][0]: each for each in await findings(staff)}
    assert {name: each["id"] for name, each in shown.items()} == first
    assert (shown["Rule 28 Fire"]["grade"], shown["Rule 18 Food"]["grade"]) == ("compliant", None)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"place": None}, "/place_codes", "missing"),
        ({"place_codes": ["P-1"]}, "/place_codes", "unknown_place"),
        ({"findings": [FIRE, FIRE]}, "/findings", "duplicate_standard"),
        ({"days": []}, "/days", "too_short"),
        ({"findings": [{**FIRE, "grade": "splendid"}]}, "/findings/0/grade", "enum"),
    ],
)
async def test_a_bad_row_is_reported_with_its_field_and_makes_nothing(
    people: People, changes: dict[str, Any], field: str, code: str
) -> None:
    report = await imported(people, "visits", {**VISIT, **changes}, source="history")

    assert (report["created"], report["reported"]) == (0, 1)
    assert (field, code) in [(each["field"], each["code"]) for each in report["problems"]]
    assert (await (await people.as_("staff")).read("/npm/places"))["items"] == []


async def test_findings_of_a_visit_to_several_places_are_refused(people: People) -> None:
    place = await make_place(people)

    report = await imported(people, "visits", {**VISIT, "place_ids": [place["id"]]}, source="history")

    assert [each["code"] for each in report["problems"]] == ["several_places"]


async def test_a_place_that_was_found_to_be_none_is_not_visited(people: People) -> None:
    staff = await people.as_("staff")
    await imported(people, "visits", visit("77-1", "2021-03-01", place_type="unknown"), source="history")
    (place,) = (await staff.read("/npm/places"))["items"]
    await staff.done(f"/npm/places/{place['id']}", "reject", reason="a school")

    report = await imported(people, "visits", visit("77-2", "2022-03-01"), source="history")

    assert [each["code"] for each in report["problems"]] == ["rejected_place"]


async def test_an_authority_is_shown_of_a_history_only_what_somebody_decided_to_show(people: People) -> None:
    place, official = await make_place(people), await people.as_("authority-official")
    row = {"type": "in_depth", "days": ["2021-03-01"], "place_ids": [place["id"]], "findings": [FIRE]}
    assert place["operator"]["id"] == PRISON_SERVICE

    await imported(people, "visits", {**row, "row": "a"}, {**row, "row": "b", "is_shown_to_authorities": True})

    (shown,) = (await official.read("/authority/visits"))["items"]
    assert (shown["code"], shown["origin"], shown["days"]) == ("demo-b", "imported", ["2021-03-01"])
    assert {"findings", "type", "people_present"}.isdisjoint(shown)


async def test_the_priority_of_a_place_counts_its_imported_visits(people: People) -> None:
    staff, head = await people.as_("staff"), await people.as_("head")
    await imported(people, "visits", {**visit("77-1", "2021-03-01"), "people_present": 4}, source="history")
    await imported(
        people, "places", {"row": "1", "name": "Never seen", "place_type": "disability_home"}, source="other"
    )
    await head.made("/npm/priority-runs", None)

    places = {each["name"]: each["id"] for each in (await staff.read("/npm/places"))["items"]}
    seen, unseen = [
        (await staff.read(f"/npm/places/{each}/priority"))["parts"]
        for each in (places["Mill House"], places["Never seen"])
    ]

    def sentence(parts: list[dict[str, Any]]) -> str:
        return str(next(part["sentence"] for part in parts if part["code"] == "time"))

    assert "months ago" in sentence(seen)
    assert "months ago" not in sentence(unseen)


async def test_a_centre_that_another_register_has_is_asked_about(people: People) -> None:
    await imported(
        people, "places", {"row": "1", "name": "MILL HOUSE", "place_type": "disability_home", "region": "East"}
    )

    await imported(people, "visits", VISIT, source="history")

    (twin,) = (await (await people.as_("staff")).read("/npm/place-matches?kind=twin"))["items"]
    assert (twin["source"], twin["row"], twin["place"]["name"]) == ("history", "77", "Mill House")
