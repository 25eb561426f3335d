"""The table of calls, the gates and the judges' Node, without running any of them for real."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.command import application, check, documents, judges, openapi, requirements
from deploy.command.checkout import CHECKOUT, environment

CATALOGUE = """
| id | mark | requirement |
|---|---|---|
| R-V01 | MUST | Keep a register of places. |
| R-V02 | SHOULD † | Tie each place to its authority. |
| R-X01 | MUST † | Do no harm. |
"""


def test_the_help_names_every_call_and_loads_none() -> None:
    run = CliRunner().invoke(application.build(), ["--help"])

    assert run.exit_code == 0
    assert all(call.name in run.output for call in application.CALLS)


def test_a_call_gets_its_arguments_in_their_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "test_made_up.py").write_text("def test_one(): ...\ndef test_two(): ...\n")
    arguments = [
        "-c",
        "/dev/null",
        "-k",
        "one or three",
        "-qq",
        "--collect-only",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]

    run = subprocess.run(
        [sys.executable, "-P", "-m", "deploy.command", "test", *arguments],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.splitlines()[0] == "test_made_up.py: 1"


def test_pytests_own_exit_status_is_passed_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.command", "test", "-c", "/dev/null", "-qq", str(tmp_path)]

    run = subprocess.run(command, cwd=CHECKOUT, env=environment(), capture_output=True, check=False)

    assert run.returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_all_gates_run_also_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    gates = (check.Gate("first", lambda: 0), check.Gate("second", lambda: 3), check.Gate("third", lambda: 0))
    monkeypatch.setattr(check, "GATES", gates)
    monkeypatch.setattr(check, "TESTS", check.Gate("tests", lambda: 0))

    run = CliRunner().invoke(check.application, [])

    assert run.exit_code == 1
    assert [line.split()[:2] for line in run.output.splitlines()[-4:]] == [
        ["passed", "first"],
        ["FAILED", "second"],
        ["passed", "third"],
        ["passed", "tests"],
    ]


def test_only_the_long_check_runs_the_long_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "GATES", ())
    monkeypatch.setattr(check, "TESTS", check.Gate("tests", lambda: 0))
    monkeypatch.setattr(check, "LONG_TESTS", check.Gate("long tests", lambda: 1))

    assert CliRunner().invoke(check.application, []).exit_code == 0
    assert CliRunner().invoke(check.application, ["--long"]).exit_code == 1


def test_documents_that_differ_are_named(tmp_path: Path) -> None:
    built, committed = tmp_path / "built", tmp_path / "committed"
    for folder, texts in (
        (built, {"npm": "1", "new": "1", "same": "1"}),
        (committed, {"npm": "2", "old": "1", "same": "1"}),
    ):
        folder.mkdir()
        for name, text in texts.items():
            (folder / f"{name}.json").write_text(text)

    assert [sentence.split(":")[0] for sentence in documents.differences(built, committed)] == [
        "new.json is not committed",
        "npm.json is out of step",
        "old.json is committed and no longer built",
    ]


def test_a_document_is_printed_as_it_was_committed(tmp_path: Path) -> None:
    (tmp_path / "npm.json").write_text('{"openapi": "3.1.0"}\n')

    assert (
        CliRunner().invoke(openapi.application, ["npm", "--folder", str(tmp_path)]).output == '{"openapi": "3.1.0"}\n'
    )
    assert CliRunner().invoke(openapi.application, ["everybody"]).exit_code == 2


@pytest.mark.parametrize(
    ("version", "wheel_first"), [("v18.20.0", True), ("v20.18.9", True), ("v20.19.0", False), ("v24.1.0", False)]
)
def test_an_old_node_gives_way_to_the_wheels(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, *, wheel_first: bool
) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert (judges.node_environment()["PATH"] != str(tmp_path)) is wheel_first


def test_a_machine_without_node_runs_the_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    said = [
        subprocess.run(command, env=judges.node_environment(), capture_output=True, text=True, check=True).stdout
        for command in (["node", "--version"], judges.npm("--version"))
    ]

    assert said[0].startswith("v")
    assert said[1][0].isdigit()


def test_the_judges_are_installed_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "node_modules").mkdir()
    monkeypatch.setattr(judges, "npm", lambda *_: ["sh", "-c", "echo >>installs"])

    for _ in range(2):
        assert judges.install(tmp_path) == 0
    assert (tmp_path / "installs").read_text() == "\n"

    (tmp_path / "package.json").write_text('{"private": true}')
    judges.install(tmp_path)
    assert (tmp_path / "installs").read_text() == "\n\n"


def test_a_read_only_checkout_judges_in_a_copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("A22_HOME", str(tmp_path))

    folder = judges.workshop()

    assert folder == tmp_path / "lint"
    assert (folder / "red.json").read_bytes() == (judges.LINT / "red.json").read_bytes()


def test_coverage_counts_by_group_and_names_missing_musts() -> None:
    catalogue = requirements.read_catalogue(CATALOGUE)
    shown = {"R-V02": ["tests/visits/test_rules.py::test_one"]}

    lines = requirements.coverage(catalogue, shown)
    totals = [line.split() for line in requirements.totals(catalogue, shown)]

    assert lines.index("      tests/visits/test_rules.py::test_one") == 2
    assert [
        line.split()[0] for line in lines[lines.index("MUST, and shown by none") + 1 :] if line.startswith("  ")
    ] == [
        "R-V01",
        "R-X01",
    ]
    assert totals == [
        ["group", "shown", "of", "MUST", "of"],
        ["R-V", "1", "2", "0", "1"],
        ["R-X", "0", "1", "0", "1"],
        ["all", "1", "3", "0", "2"],
    ]


def test_an_unknown_requirement_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "collect", lambda: {"R-Z99": ["a test"]})

    run = CliRunner().invoke(requirements.application, [])

    assert run.exit_code == 1
    assert "not in the catalogue: R-Z99" in run.output


def test_the_catalogue_is_whole() -> None:
    catalogue = requirements.read_catalogue(requirements.CATALOGUE.read_text(encoding="utf-8"))

    assert len({requirement.id for requirement in catalogue}) == len(catalogue) == 388
    assert sum(requirement.is_must for requirement in catalogue) == 225


def test_the_plugin_counts_a_parametrized_and_deselected_test_once(tmp_path: Path) -> None:
    (tmp_path / "test_made_up.py").write_text(
        "import pytest\npytestmark = pytest.mark.requirement('R-V01')\n"
        "@pytest.mark.requirement('R-V02', 'R-V03')\n@pytest.mark.parametrize('x', [1, 2])\ndef test_one(x): ...\n"
    )
    plugin = ["-p", "tests.requirements_plugin", "--requirements-shown", str(tmp_path / "shown.json")]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        "/dev/null",
        "--collect-only",
        "-qq",
        "-k",
        "nothing",
        *plugin,
        str(tmp_path),
    ]

    subprocess.run(
        [*command, "--rootdir", str(tmp_path)], cwd=CHECKOUT, env=environment(), capture_output=True, check=False
    )

    assert json.loads((tmp_path / "shown.json").read_text()) == {
        name: ["test_made_up.py::test_one"] for name in ("R-V01", "R-V02", "R-V03")
    }
