"""The contracts of pyproject.toml hold for the product, and each one sees a breach in a made-up tree."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.architecture.sources import CHECKOUT

LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
PACKAGES = ("visits", "recommendations", "complaints", "stakeholders")
FEATURE = "services.visits.visits"

#: Contract, importing module, imported module.
BREACHES = [
    ("walls", "shared.clock", "services.visits"),
    ("walls", "shared.clock", "gateway.app"),
    ("walls", "gateway.app", "services.visits.app"),
    ("walls", "services.visits.app", "gateway.app"),
    ("walls", "services.visits.app", "deploy.command"),
    ("services", "services.visits.reactions", "services.complaints.app"),
    ("feature", f"{FEATURE}.usecases", f"{FEATURE}.routes"),
    ("feature", f"{FEATURE}.queries", f"{FEATURE}.usecases"),
    ("feature", f"{FEATURE}.tables", f"{FEATURE}.queries"),
    ("feature", f"{FEATURE}.rules", f"{FEATURE}.tables"),
    ("app", f"{FEATURE}.usecases", "services.visits.app"),
    ("doors", f"{FEATURE}.usecases", "services.visits.places.routes"),
    ("doors", f"{FEATURE}.usecases", "services.visits.reactions"),
    ("queries", f"{FEATURE}.queries", "services.visits.places.usecases"),
    ("rules", f"{FEATURE}.rules", "services.visits.places.tables"),
    ("rules", f"{FEATURE}.rules", "sqlmodel"),
    ("http", f"{FEATURE}.usecases", "fastapi"),
    ("jose", "gateway.app", "jose"),
    ("jose", "shared.clock", "jose.jwt"),
]
RIGHT = {
    f"{FEATURE}.routes": f"import {FEATURE}.usecases\nimport fastapi",
    f"{FEATURE}.usecases": f"import {FEATURE}.queries\nimport services.visits.places.usecases",
    f"{FEATURE}.queries": f"import {FEATURE}.tables\nimport services.visits.places.tables",
    f"{FEATURE}.schemas": f"import {FEATURE}.rules",
    f"{FEATURE}.tables": f"import {FEATURE}.rules\nimport sqlmodel",
    "services.visits.app": f"import {FEATURE}.routes\nimport services.visits.reactions",
    "services.visits.reactions": f"import {FEATURE}.usecases",
    "deploy.command": "import services.visits.app\nimport gateway.app",
    "shared.identity": "import jose.jwt",
}


def make_tree(folder: Path, imports: Mapping[str, str]) -> None:
    """Write a made-up product whose modules hold nothing but `imports`."""
    names = [f"{FEATURE}.{name}" for name in ("routes", "usecases", "queries", "schemas", "tables", "rules")]
    names += [f"services.visits.places.{name}" for name in ("routes", "usecases", "tables")]
    names += ["services.visits.reactions", "shared.clock", "shared.identity", "gateway.app", "deploy.command"]
    names += [f"services.{package}.app" for package in PACKAGES]
    for name in names:
        path = folder.joinpath(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        for package in path.relative_to(folder).parents[:-1]:
            (folder / package / "__init__.py").touch()
        path.write_text(imports.get(name, ""))


def broken(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter with our contracts in `folder`."""
    chosen = [argument for contract in contracts for argument in ("--contract", contract)]
    config = CHECKOUT / "pyproject.toml"
    command = [sys.executable, "-c", LINT_IMPORTS, "--config", str(config), "--no-cache", "--no-logo", *chosen]
    environment = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_product_keeps_every_contract() -> None:
    run = broken(CHECKOUT)

    assert run.returncode == 0, run.stdout + run.stderr


def test_the_right_directions_break_nothing(tmp_path: Path) -> None:
    make_tree(tmp_path, RIGHT)

    run = broken(tmp_path)

    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(("contract", "importer", "imported"), BREACHES)
def test_a_breach_of_a_contract_is_seen(tmp_path: Path, contract: str, importer: str, imported: str) -> None:
    make_tree(tmp_path, {importer: f"import {imported}"})

    run = broken(tmp_path, contract)

    assert run.returncode == 1
    assert "1 broken" in run.stdout, run.stdout + run.stderr
