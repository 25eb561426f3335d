"""`./a22 check`: every gate, one after another. Never stops at the first failure, never mends anything."""

import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Annotated, NamedTuple

import typer

from deploy.command import documents, judges, safety
from deploy.command.application import new_application
from deploy.command.checkout import CHECKOUT, environment, home, python

application = new_application()


class Gate(NamedTuple):
    """One gate: its name, and what gives 0 when it is passed."""

    name: str
    run: Callable[[], int]


class Outcome(NamedTuple):
    """How a gate ended."""

    name: str
    status: int
    seconds: float


def tool(name: str, *arguments: str) -> Gate:
    """Make a gate of a command line of this Python."""
    return Gate(
        name, lambda: subprocess.run(python(*arguments), cwd=CHECKOUT, env=environment(), check=False).returncode
    )


def suite(name: str, *arguments: str) -> Gate:
    """Make a gate of `./a22 test`, with the Node of the judges for the tests marked `node`."""
    command = python("-m", "deploy.command", "test", *arguments)
    return Gate(
        name, lambda: subprocess.run(command, cwd=CHECKOUT, env=judges.node_environment(), check=False).returncode
    )


def documents_in_step() -> int:
    """Tell by 0 that the committed documents are what the services give."""
    found = documents.out_of_step()
    for sentence in found:
        typer.echo(sentence)
    return len(found)


#: import-linter has no `python -m`.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"

GATES = (
    tool("format", "-m", "ruff", "format", "--check", "."),
    tool("lint", "-m", "ruff", "check", "."),
    tool("types", "-m", "mypy"),
    tool("import contracts", "-c", LINT_IMPORTS, "--no-logo", "--cache-dir", str(home() / ".import_linter_cache")),
    tool("migrations in step", "-m", "deploy.command.migrations_check"),
    Gate("documents in step", documents_in_step),
    Gate("code is safe (bandit)", safety.code_is_safe),
    Gate("packages (pip-audit)", safety.packages_are_sound),
    Gate("every rule of the judges fires", lambda: judges.judge(["--red"])),
    Gate("documents judged", lambda: judges.judge([str(path) for path in documents.audience_documents()])),
)
TESTS = suite("tests", "-m", "not long")
LONG_TESTS = suite("long tests", "-m", "long")


@application.command()
def check(
    *, long: Annotated[bool, typer.Option("--long", help="Also kills, fuzz, soak and the large real files.")] = False
) -> None:
    """Run every gate: format, lint, types, import contracts, documents, tests."""
    outcomes = passed((*GATES, TESTS, LONG_TESTS) if long else (*GATES, TESTS))
    typer.echo(f"\n{summary(outcomes)}")
    if any(outcome.status for outcome in outcomes):
        raise typer.Exit(1)


def passed(gates: Sequence[Gate]) -> list[Outcome]:
    """Run all gates and give how each ended."""
    outcomes = []
    for gate in gates:
        typer.echo(f"\n── {gate.name}")
        started = time.monotonic()
        outcomes.append(Outcome(gate.name, gate.run(), time.monotonic() - started))
    return outcomes


def summary(outcomes: Sequence[Outcome]) -> str:
    """Give one line per gate."""
    return "\n".join(
        f"{'FAILED' if outcome.status else 'passed'}  {outcome.name:<32}{outcome.seconds:8.1f} s"
        for outcome in outcomes
    )
