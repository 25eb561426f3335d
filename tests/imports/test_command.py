"""The command itself: what it prints, what it answers, and that the system's silence is one sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
import yaml
from python_calamine import load_workbook
from typer.testing import CliRunner

from deploy.command import import_
from deploy.imports import reports
from shared.imports import report
from shared.imports.envelope import ImportProblem, ImportReport
from tests.imports.conftest import HEADER, MAPPING, mapping_of

MadeUp = Callable[..., Path]
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def own(tmp_path: Path) -> str:
    path = tmp_path / "made-up.yaml"
    path.write_text(yaml.safe_dump({name: value for name, value in MAPPING.items() if name != "name"}))
    return str(path)


def run(*arguments: Any) -> Any:
    return CliRunner().invoke(import_.application, [str(each) for each in arguments])


def test_a_file_that_cannot_be_read_as_a_whole_answers_1_and_names_the_column(made_up: MadeUp, own: str) -> None:
    ran = run("places", made_up("Id,Name,Kind\n1,North,Prison\n"), "--mapping", own, "--url", NOBODY)

    assert ran.exit_code == 1
    assert "register.csv, line 1, column Beds: expected a column of this name in the header" in ran.output


def test_nobody_at_the_address_is_one_sentence(made_up: MadeUp, own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A22_TOKEN", "any")

    ran = run("places", made_up(HEADER + "1,North,Prison,5\n"), "--mapping", own, "--url", NOBODY)

    assert (ran.exit_code, ran.output) == (2, f"nothing answers at {NOBODY}; start it with ./a22 up\n")


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("prisoners", [], "there are places, place-aliases"),
        ("places", [], "--mapping"),
        ("places", ["--mapping", "d1-uk-government"], "not places"),
        ("places", ["--mapping", "no-such-thing"], "a1-us-facilities"),
        ("places", ["--mapping", "./missing.yaml"], "there is no file"),
        ("places", ["--mapping", "./missing.yaml"], "/missing.yaml that can be read"),
        ("places", ["--mapping", "a1-us-facility"], "did you mean a1-us-facilities?"),
    ],
)
def test_a_call_that_cannot_be_meant_is_explained(made_up: MadeUp, kind: str, more: list[str], said: str) -> None:
    ran = run(kind, made_up(HEADER), *more)

    assert ran.exit_code == 2
    assert said in " ".join(ran.output.replace("│", " ").split())


REPORT = ImportReport(
    operation_id=UUID(int=1), source="made-up", mapping="made-up", file="register.csv", is_finished=True, rows=10,
    created=5, changed=1, unchanged=2, waiting=0, reported=2, unverified=0, questions=0, held_back=0, dry_run=False,
    all_or_nothing=False,
    problems=[
        ImportProblem(line=3, row="7", field="", code="bad_value", detail="expected a number", column="Beds"),
        ImportProblem(line=4, row="8", field="", code="bad_value", detail="expected one of Prison, Jail", column="Kind"),
    ],
)  # fmt: skip


def test_the_last_line_counts_what_was_taken_and_what_was_reported() -> None:
    assert report.last_line(REPORT) == "10 rows: 8 taken (5 created, 1 changed, 2 unchanged), 2 reported"


def test_what_waits_is_counted_apart_with_where_it_is_decided() -> None:
    waits = REPORT.model_copy(update={"rows": 12, "waiting": 2, "unverified": 3, "questions": 1})
    path = "GET /v1/npm/place-matches?state=open&source=made-up"

    assert report.last_line(waits) == (
        "12 rows: 8 taken (5 created, 1 changed, 2 unchanged), 2 wait for a decision, 2 reported"
    )
    assert report.asked(waits, "places") == [
        f"2 wait in place-matches before anything is made of them: {path}",
        f"1 questions about rows that were taken wait in place-matches: {path}",
        "3 places wait unverified: GET /v1/npm/places?status=unverified",
    ]
    assert report.asked(REPORT, "places") == []


def test_the_report_names_file_line_and_column_and_no_value(tmp_path: Path, made_up: MadeUp) -> None:
    file = made_up(HEADER + "6,South,Jail,5\n7,North,Prison,=1+1\n8,East,Castle,6\n")

    for suffix in reports.SUFFIXES:
        reports.write(tmp_path / f"report{suffix}", REPORT, file, mapping_of())

    told = json.loads((tmp_path / "report.json").read_text())
    assert (told["rows"], told["file"], told["problems"][0]["column"]) == (10, "register.csv", "Beds")
    text = (tmp_path / "report.txt").read_text()
    assert text.splitlines()[0] == "register.csv, line 3, column Beds: expected a number"
    assert "Castle" not in text + (tmp_path / "report.json").read_text()


def test_the_workbook_shows_ones_own_cells_with_comments_and_makes_no_formula(tmp_path: Path, made_up: MadeUp) -> None:
    file = made_up(HEADER + "6,South,Jail,5\n7,North,Prison,=1+1\n8,East,Castle,6\n")

    reports.write(tmp_path / "report.xlsx", REPORT, file, mapping_of())

    rows = load_workbook(str(tmp_path / "report.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[0] == ["line", "Id", "Name", "Kind", "Beds", "what is wrong"]
    assert rows[1] == [3.0, "7", "North", "Prison", "=1+1", "Beds: expected a number"]
    with ZipFile(tmp_path / "report.xlsx") as archive:
        comments, sheet = archive.read("xl/comments1.xml").decode(), archive.read("xl/worksheets/sheet1.xml").decode()
    assert ('ref="E2"' in comments, 'ref="D3"' in comments, "<f>" in sheet) == (True, True, False)
