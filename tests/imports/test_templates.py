"""A country's own files: the workbook that is written for a kind, filled in, comes in through its mapping."""

from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook
from typer.testing import CliRunner
from xlsxwriter import Workbook

from deploy.command import template
from deploy.imports import shipped
from services.complaints.complaints import rules as complaints
from services.recommendations.recommendations import rules as recommendations
from services.stakeholders.authorities.rules import AuthorityCategory
from services.visits.places.rules import PlaceType
from services.visits.visits.rules import status as visits
from shared.themes import Theme
from tests.imports.conftest import Bring, mapped
from tests.people import People

KINDS = ("places", "authorities", "recommendations", "complaints", "visits")
DAY = "%Y-%m-%d"


def written(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / f"{kind}.xlsx"
    ran = CliRunner().invoke(template.application, [kind, str(path)])
    assert ran.exit_code == 0, ran.output
    return path


def filled_in(path: Path, kind: str, *rows: dict[str, Any]) -> Path:
    """Fill in a template as a person does: its own header, days as day cells, numbers as numbers."""
    header = [str(cell) for cell in load_workbook(str(path)).get_sheet_by_name("Register").to_python()[0]]
    with Workbook(path, {"strings_to_formulas": False}) as book:
        sheet, day = book.add_worksheet("Register"), book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, header)
        for number, row in enumerate(rows, start=1):
            assert set(row) <= set(header), set(row) - set(header)
            for name, cell in row.items():
                if isinstance(cell, date):
                    sheet.write_datetime(number, header.index(name), datetime.combine(cell, datetime.min.time()), day)
                else:
                    sheet.write(number, header.index(name), cell)
        book.add_worksheet("Example")
    assert shipped.load(f"country-{kind}").kind == kind
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_has_every_column_of_its_mapping_and_its_own_example_is_good(tmp_path: Path, kind: str) -> None:
    mapping = shipped.load(f"country-{kind}")
    path = written(tmp_path, kind)

    book = load_workbook(str(path))
    header, example = book.get_sheet_by_name("Example").to_python()[:2]
    done = mapped(path, mapping.model_copy(update={"sheet": "Example"}))

    assert set(header[: len(mapping.template)]) == set(mapping.columns())
    assert book.get_sheet_by_name("Register").to_python()[0] == header[: len(mapping.template)]
    # the line below the example says that the sheet is not read
    assert [row["row"] for row in done.ready if row["row"] == example[0]] == [example[0]]


@pytest.mark.parametrize(
    ("kind", "column", "vocabulary"),
    [
        ("places", "Kind of place", PlaceType),
        ("authorities", "What it has to do with places", AuthorityCategory),
        ("recommendations", "Theme", Theme),
        ("recommendations", "Priority", recommendations.Priority),
        ("recommendations", "What came of it", recommendations.ImplementationStatus),
        ("complaints", "Theme", Theme),
        ("complaints", "What about", complaints.ComplaintKind),
        ("complaints", "Who complained", complaints.SourceRole),
        ("complaints", "Seriousness", complaints.Seriousness),
        ("visits", "Type", visits.VisitType),
        ("visits", "Purpose", visits.VisitPurpose),
    ],
)
def test_a_drop_down_offers_the_whole_vocabulary(kind: str, column: str, vocabulary: type[Enum]) -> None:
    (value,) = shipped.load(f"country-{kind}").values_of(column)

    assert set((value.lookup or {}).values()) == {member.value for member in vocabulary}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["prisoners", "x.xlsx"], "there are places"),
        (["places", "x.csv"], "ends in .xlsx"),
        (["places", "x.xlsx", "--mapping", "a1-us-facilities"], "is none"),
        (["mous", "x.xlsx"], "Shipped ones"),
    ],
)
def test_a_template_that_cannot_be_written_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)

    ran = CliRunner().invoke(template.application, arguments)

    assert ran.exit_code == 2
    assert said in " ".join(ran.output.replace("│", " ").split())
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("empty")
async def test_what_the_templates_hold_filled_in_comes_in(people: People, tmp_path: Path, bring: Bring) -> None:
    day = date(2021, 6, 30)
    place = {
        "Id": "007",
        "Name": "North Prison",
        "Kind of place": "Prison",
        "Capacity": 220,
        "People held": 241,
        "Counted on": day,
    }
    rows: dict[str, list[dict[str, Any]]] = {
        "authorities": [
            {"Id": "A-1", "Name": "Ministry of Justice", "What it has to do with places": "Line ministry"},
            {"Id": "A-2", "Name": "Prison Service", "First body above": "A-1", "Founded on": day},
        ],
        "places": [{**place, "Women held": "Yes"}, {"Id": "008", "Name": "South Cells", "Kind of place": "Police station"}],
        "recommendations": [
            {"Id": "2021-17", "Text": "Repair the heating.", "Sent on": day, "Theme": "Light, air and temperature",
             "What came of it": "Implemented", "Seen on": day, "First addressee": "Prison Service"},
        ],
        "visits": [{"Id": "V-1", "Code of the place": "country-places-007", "First day": day, "Announced": "Announced"}],
    }  # fmt: skip

    outcomes = {}
    for kind, given in rows.items():
        outcomes[kind] = await bring(filled_in(written(tmp_path, kind), kind, *given), f"country-{kind}")

    assert {kind: each.problems for kind, each in outcomes.items()} == {kind: [] for kind in rows}
    assert {kind: each.created for kind, each in outcomes.items()} == {kind: len(given) for kind, given in rows.items()}
    staff = await people.as_("staff")
    (shown,) = (await staff.read("/npm/places?q=North"))["items"]
    assert (shown["code"], shown["capacity"]) == ("country-places-007", 220)
