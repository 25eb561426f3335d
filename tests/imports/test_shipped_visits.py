"""The mapping of inspections on made-up rows of the same shape: days as lists, centres renamed, cells left empty."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.imports import shipped
from tests.imports.conftest import Bring
from tests.people import People

pytestmark = pytest.mark.usefixtures("empty")
MadeUp = Callable[..., Path]

FIRE, FOOD = "Regulation_28_Fire_precautions", "Regulation_18_Food_and_nutrition"
ROW = {
    "report-id": "1-a",
    "centre-id": "1",
    "name-of-designated-centre": "Mill House",
    "name-of-provider": "Mill Ltd",
    "address-of-centre": "Meath",
    "type-of-inspection": "Unannounced",
    "date-of-inspection": "27 September 2022               and 29 September 2022",
    "number-of-residents-present": "",
    "about": "A house,\nin two lines.",
    FIRE: "Substantially compliant",
}
ROWS: tuple[dict[str, str], ...] = (
    ROW,
    ROW,
    {**ROW, "report-id": "1-b", "date-of-inspection": "03 and 04 March 2021", "name-of-designated-centre": "Old Mill"},
    {**ROW, "report-id": "1-c", "date-of-inspection": "1 May 2023", "name-of-provider": "Mill  Ltd", FOOD: "Compliant"},
    {**ROW, "report-id": "2-a", "centre-id": "2", "date-of-inspection": "30 and 1 March 2021"},
    {**ROW, "report-id": "2-b", "centre-id": "2", "type-of-inspection": "By night"},
)


def inspections() -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, shipped.load("f1-ie-hiqa").columns())
    writer.writeheader()
    writer.writerows(ROWS)
    return written.getvalue()


async def test_inspections_come_in_or_are_reported_with_line_and_column(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    staff, file = await people.as_("staff"), made_up(inspections(), "hiqa_reports.csv")

    first, second = await bring(file, "f1-ie-hiqa"), await bring(file, "f1-ie-hiqa")

    assert (first.total, first.created, first.reported) == (6, 3, 3)
    assert [(problem.code, problem.column) for problem in first.problems] == [
        ("duplicate_row", "report-id"),
        ("bad_value", "date-of-inspection"),
        ("bad_value", "type-of-inspection"),
    ]
    assert (second.changed, second.unchanged, second.reported) == (0, 3, 3)
    (place,) = (await staff.read("/npm/places"))["items"]
    shown = await staff.read(f"/npm/places/{place['id']}")
    assert ([each["text"] for each in shown["names"]], len(shown["operators"])) == (["Old Mill", "Mill House"], 2)


async def test_an_inspection_has_all_its_days_and_a_finding_for_each_regulation_assessed(
    people: People, made_up: MadeUp, bring: Bring
) -> None:
    staff = await people.as_("staff")

    await bring(made_up(inspections(), "hiqa_reports.csv"), "f1-ie-hiqa")

    shown: dict[str, dict[str, Any]] = {}
    for visit in (await staff.read("/npm/visits"))["items"]:
        full = await staff.read(f"/npm/visits/{visit['id']}")
        found = (await staff.read(f"/npm/visits/{visit['id']}/findings"))["items"]
        shown[full["imported_from"]["row"]] = {**full, "grades": [each["grade"] for each in found]}
    assert shown["1-a"]["days"] == ["2022-09-27", "2022-09-29"]
    assert shown["1-b"]["days"] == ["2021-03-03", "2021-03-04"]
    assert [shown[row]["grades"] for row in ("1-a", "1-c")] == [
        ["substantially_compliant"],
        ["compliant", "substantially_compliant"],
    ]
    assert shown["1-a"]["import_note"]["about"] == "A house, in two lines."
    assert shown["1-a"]["places"][0]["people_present"] is None
