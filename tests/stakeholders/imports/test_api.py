"""Imports through the gateway: taken once, compared, reported row by row."""

import pytest

from gateway.development import AUTHORITY_A
from tests.people import People
from tests.stakeholders.made import EXPERT, imported, with_experts

pytestmark = pytest.mark.usefixtures("empty")

LIST = (
    {"row": "D1", "name": "Ministry of Justice", "category": "line_ministry", "website": "https://justice.example"},
    {"row": "D2", "name": "Cabinet Office", "category": "other_ministry"},
    {"row": "D3", "name": "Prison Service", "parents": ["D1", "D2"], "abbreviation": "PS"},
    {"row": "D4", "name": "Prison Board", "closed_on": "2017-04-01", "founded_on": "1990-01-01", "parents": ["D9"]},
    {"row": "D9", "name": "Home Office", "former_names": [{"name": "Home Department"}], "doubt": "renamed twin"},
    {"row": "D7", "name": "Northern Office", "parents": ["nobody"]},
)
CIRCLE = ({"row": "C1", "name": "One", "parents": ["C2"]}, {"row": "C2", "name": "Two", "parents": ["C1"]})


async def test_a_second_run_changes_nothing(people: People) -> None:
    first = await imported(people, "authorities", *LIST)
    second = await imported(people, "authorities", *LIST)
    third = await imported(people, "authorities", *({**row, "website": "https://new.example"} for row in LIST[:1]))

    assert (first["created"], first["reported"]) == (6, 0)
    assert [(each["row"], each["code"]) for each in first["problems"]] == [("D7", "unknown_parent")]
    assert (second["created"], second["changed"], second["unchanged"]) == (0, 0, 6)
    assert (third["changed"], third["problems"]) == (1, [])


async def test_parents_of_an_import_may_come_in_any_order_and_be_several(people: People) -> None:
    await imported(people, "authorities", *LIST)
    staff = await people.as_("staff")

    listed = (await staff.read("/npm/authorities"))["items"]

    above = {each["name"]: [parent["name"] for parent in each["parents"]] for each in listed}
    assert above["Prison Service"] == ["Cabinet Office", "Ministry of Justice"]
    assert above["Prison Board"] == ["Home Office"]


async def test_a_circle_is_reported_where_it_closes_and_the_row_is_taken_without_it(people: People) -> None:
    report = await imported(people, "authorities", *CIRCLE)
    again = await imported(people, "authorities", *CIRCLE)

    assert report["created"] == 2
    assert [(each["row"], each["code"]) for each in report["problems"]] == [("C2", "cycle")]
    assert again["unchanged"] == 2


async def test_all_or_nothing_and_a_dry_run_keep_nothing(people: People) -> None:
    refused = await imported(people, "authorities", *CIRCLE, all_or_nothing=True)
    tried = await imported(people, "authorities", *LIST, dry_run=True)

    assert (refused["created"], tried["created"]) == (0, 6)
    staff = await people.as_("staff")
    assert (await staff.read("/npm/authorities?count=exact"))["count"] == 0


async def test_a_row_may_bring_its_id_once(people: People) -> None:
    await imported(people, "authorities", {"id": AUTHORITY_A, "name": "Prison Service"})

    other = await imported(people, "authorities", {"row": "x", "id": AUTHORITY_A, "name": "Somebody else"})

    assert [each["code"] for each in other["problems"]] == ["id_taken"]
    head = await people.as_("head")
    assert (await head.read(f"/npm/authorities/{AUTHORITY_A}"))["name"] == "Prison Service"


async def test_history_is_taken_once_and_then_left_as_it_became(people: People) -> None:
    await with_experts(people)
    head = await people.as_("head")
    engagement = (await head.read(f"/npm/experts/{EXPERT}/engagements"))["items"][0]
    path = f"/npm/experts/{EXPERT}/engagements/{engagement['id']}"
    await head.done(path, "suspend", reason="breach")

    again = await imported(people, "experts", {"expert_id": EXPERT, "modality": "public_call", "status": "accredited"})

    assert again["unchanged"] == 1
    assert (await head.read(path))["status"] == "suspended"


@pytest.mark.parametrize("kind", ["authorities", "persons", "experts", "accreditations", "mous"])
async def test_imports_need_a_strong_login_and_the_decision_scope(people: People, kind: str) -> None:
    path = f"/npm/{kind}/imports?source=a&mapping=b"
    lines = {"Content-Type": "application/jsonl"}

    weak = await (await people.as_("head")).send("POST", path, content="{}", headers=lines)
    staff = await (await people.as_("staff", step_up=True)).send("POST", path, content="{}", headers=lines)

    assert (weak.status_code, staff.status_code) == (401, 403)
