"""`./a22 requirements`: which rows of the catalogue a marked test shows. Runs no test; a marker with an unknown id is an error."""

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import typer

from deploy.command.application import new_application
from deploy.command.checkout import CHECKOUT, environment, pytest

CATALOGUE = CHECKOUT / "tests" / "requirements.md"
ROW = re.compile(r"^\| (?P<id>(?P<group>R-[A-Z])\d+) \| (?P<mark>[^|]+) \| (?P<text>[^|]+) \|$", re.MULTILINE)

application = new_application()


class Requirement(NamedTuple):
    """One row of the catalogue."""

    id: str
    group: str
    mark: str
    text: str

    @property
    def is_must(self) -> bool:
        """Tell whether the guidance states it as a duty."""
        return self.mark.startswith("MUST")


@application.command()
def requirements() -> None:
    """Show which requirements a marked test shows, and which none does."""
    catalogue = read_catalogue(CATALOGUE.read_text(encoding="utf-8"))
    shown = collect()
    typer.echo("\n".join([*coverage(catalogue, shown), "", *totals(catalogue, shown)]))
    if unknown := sorted(shown.keys() - {requirement.id for requirement in catalogue}):
        typer.echo(f"not in the catalogue: {', '.join(unknown)}", err=True)
        raise typer.Exit(1)


def read_catalogue(text: str) -> list[Requirement]:
    """Read the rows of the catalogue's tables."""
    return [
        Requirement(row["id"], row["group"], row["mark"].strip(), row["text"].strip()) for row in ROW.finditer(text)
    ]


def collect() -> dict[str, list[str]]:
    """Give the tests of each marked requirement, as pytest collects them; a parametrized test counts once."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "shown.json"
        command = pytest(
            "--collect-only", "-qq", "-p", "tests.requirements_plugin", "--requirements-shown", str(report)
        )
        run = subprocess.run(command, cwd=CHECKOUT, env=environment(), capture_output=True, text=True, check=False)
        if not report.exists():
            typer.echo(run.stdout + run.stderr, err=True)
            raise typer.Exit(1)
        shown: dict[str, list[str]] = json.loads(report.read_text(encoding="utf-8"))
        return shown


def coverage(catalogue: list[Requirement], shown: Mapping[str, list[str]]) -> list[str]:
    """Give the shown requirements with their tests, then those that no test shows."""
    covered = [requirement for requirement in catalogue if shown.get(requirement.id)]
    uncovered = [requirement for requirement in catalogue if not shown.get(requirement.id)]
    lines = ["Shown by a test"]
    for requirement in covered:
        lines += [f"  {_line(requirement)}", *(f"      {test}" for test in shown[requirement.id])]
    lines += [
        "",
        "MUST, and shown by none",
        *(f"  {_line(requirement)}" for requirement in uncovered if requirement.is_must),
    ]
    lines += [
        "",
        "SHOULD, and shown by none",
        *(f"  {_line(requirement)}" for requirement in uncovered if not requirement.is_must),
    ]
    return lines


def totals(catalogue: list[Requirement], shown: Mapping[str, list[str]]) -> list[str]:
    """Give how many of each group are shown, and of all."""
    groups = [(name, list(rows)) for name, rows in groupby(catalogue, key=lambda requirement: requirement.group)]
    return [
        f"{'group':<6}{'shown':>7}{'of':>6}{'MUST':>7}{'of':>6}",
        *(_total(name, rows, shown) for name, rows in [*groups, ("all", catalogue)]),
    ]


def _line(requirement: Requirement) -> str:
    return f"{requirement.id:<6} {requirement.mark:<8} {requirement.text}"


def _total(name: str, rows: list[Requirement], shown: Mapping[str, list[str]]) -> str:
    musts = [row for row in rows if row.is_must]
    covered, covered_musts = (sum(1 for row in kind if shown.get(row.id)) for kind in (rows, musts))
    return f"{name:<6}{covered:>7}{len(rows):>6}{covered_musts:>7}{len(musts):>6}"
