"""Two gates of `./a22 check`: what bandit finds in the code, and what is known against the packages in the lock.

An exemption is written down with its reason: beside the line (`noqa: S…`, which ruff reads too), or in pyproject.toml.
"""

import json
import re
import subprocess
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import typer

from deploy.command.checkout import CHECKOUT, environment, python

CODE = ("shared", "services", "gateway", "deploy")
LOCKS = ("requirements.txt", "requirements-check.txt")
MARKER = re.compile(r"# noqa: .*?\bS(\d{3})\b")


class Known(NamedTuple):
    """Something known against a package: its names in the registers of such things, and what pip-audit says."""

    package: str
    version: str
    names: frozenset[str]


class Report(NamedTuple):
    """What an audit found, and how many packages the register could and could not be asked about."""

    known: tuple[Known, ...]
    judged: int
    unjudged: int


def code_is_safe() -> int:
    """Run bandit; give the number of findings that no reason stands beside."""
    asked = python("-m", "bandit", "-q", "-c", "pyproject.toml", "-f", "json", "-r", *CODE)
    ran = subprocess.run(asked, cwd=CHECKOUT, env=environment(), capture_output=True, text=True, check=False)
    try:
        told = json.loads(ran.stdout)
    except ValueError:
        typer.echo(ran.stderr)
        return 1
    found = [each for each in told["results"] if not is_explained(each)]
    for each in found:
        typer.echo(f"{each['filename']}:{each['line_number']}: {each['test_id']} {each['issue_text']}")
    for each in told["errors"]:
        typer.echo(f"{each['filename']}: {each['reason']}")
    return len(found) + len(told["errors"])


def is_explained(finding: Mapping[str, Any]) -> bool:
    """Tell whether one of the finding's lines carries ruff's marker of the same number: bandit's B506 is ruff's S506."""
    number = finding["test_id"].removeprefix("B")
    return any(number in MARKER.findall(line) for line in str(finding["code"]).splitlines())


def packages_are_sound() -> int:
    """Ask what is known against the locked packages; give the number of findings without an exemption.

    The register is PyPI's own. Where it is out of reach nothing is judged, and that is said: the gate is passed.
    """
    status = 0
    for lock in LOCKS:
        report = audited(lock)
        if report is None or not report.judged:
            typer.echo(f"{lock}: NOT JUDGED: the register of vulnerabilities is not reachable from here")
            continue
        left = without_exempt(report.known, exemptions())
        for each in left:
            typer.echo(f"{lock}: {each.package} {each.version}: {', '.join(sorted(each.names))}")
        exempt = len(report.known) - len(left)
        typer.echo(
            f"{lock}: {report.judged} judged, {report.unjudged} unknown to the register, {exempt} exempt, {len(left)} left"
        )
        status += len(left)
    return status


def audited(lock: str) -> Report | None:
    """Run pip-audit on a lock; None where it gave no answer."""
    options = (
        "--require-hashes",
        "--disable-pip",
        "--vulnerability-service",
        "pypi",
        "--progress-spinner",
        "off",
        "--format",
        "json",
    )
    asked = python("-m", "pip_audit", "--requirement", lock, *options, "--timeout", "10")
    try:
        ran = subprocess.run(
            asked, cwd=CHECKOUT, env=environment(), capture_output=True, text=True, check=False, timeout=600
        )
        return read_report(json.loads(ran.stdout)["dependencies"])
    except (ValueError, KeyError, subprocess.TimeoutExpired):
        return None


def read_report(dependencies: Sequence[Mapping[str, Any]]) -> Report:
    """Read pip-audit's list of dependencies."""
    judged = [each for each in dependencies if "skip_reason" not in each]
    known = [
        Known(each["name"], each["version"], frozenset((found["id"], *found.get("aliases", ()))))
        for each in judged
        for found in each.get("vulns", ())
    ]
    return Report(tuple(known), len(judged), len(dependencies) - len(judged))


def exemptions() -> list[Mapping[str, Any]]:
    """Read the exemptions, each with package, ids and reason."""
    read = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    exempt: list[Mapping[str, Any]] = read["tool"]["a22"]["exempt"]
    return exempt


def without_exempt(known: Iterable[Known], exempt: Iterable[Mapping[str, Any]]) -> list[Known]:
    """Leave out what is exempt: the very package, and a name that is written down."""
    listed = {(each["package"], name) for each in exempt for name in each["ids"]}
    return [each for each in known if not any((each.package, name) in listed for name in each.names)]
