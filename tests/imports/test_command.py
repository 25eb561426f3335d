"""The command itself: what it prints, what it answers, and that the system's silence is one sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from deploy.command import import_
from deploy.imports import report
from deploy.imports.problems import Problem
from deploy.imports.sending import Order, Outcome
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
    ],
)
def test_a_call_that_cannot_be_meant_is_explained(made_up: MadeUp, kind: str, more: list[str], said: str) -> None:
    ran = run(kind, made_up(HEADER), *more)

    assert ran.exit_code == 2
    assert said in " ".join(ran.output.replace("│", " ").split())


def test_the_last_line_counts_what_was_taken_and_what_was_reported() -> None:
    outcome = Outcome(total=10, reported=2, created=5, changed=1, unchanged=2)

    assert report.last_line(outcome, Order()) == "10 rows: 8 taken (5 created, 1 changed, 2 unchanged), 2 reported"


def test_the_report_names_file_line_and_column_and_no_value(tmp_path: Path) -> None:
    problem = Problem(code="bad_value", expected="expected a number", line=3, row="7", column="Beds")
    outcome = Outcome(total=2, reported=1, created=1, problems=[problem])

    report.write(tmp_path / "report.json", "register.csv", mapping_of(), outcome, Order(dry_run=True))

    told = json.loads((tmp_path / "report.json").read_text())
    assert told["problems"] == [
        {"file": "register.csv", "code": "bad_value", "expected": "expected a number", "line": 3, "row": "7", "column": "Beds"}
    ]  # fmt: skip
    assert (told["rows"], told["created"], told["reported"], told["dry_run"]) == (2, 1, 1, True)
