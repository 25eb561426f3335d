"""Compares the committed OpenAPI documents with freshly built ones. Never changes the committed ones."""

import subprocess
import tempfile
from pathlib import Path

from deploy.command.checkout import CHECKOUT, environment, python
from deploy.command.openapi import AUDIENCES, DOCUMENTS


def audience_documents() -> list[Path]:
    """Give the five documents that outsiders read."""
    return [DOCUMENTS / f"{audience}.json" for audience in AUDIENCES]


def differences(built: Path, committed: Path) -> list[str]:
    """Say which documents of two folders differ, one sentence each."""
    fresh, kept = _texts(built), _texts(committed)
    return [
        f"{name} {_difference(fresh.get(name), kept.get(name))}"
        for name in sorted(fresh | kept)
        if fresh.get(name) != kept.get(name)
    ]


def out_of_step() -> list[str]:
    """Build all documents aside and say which of the committed ones differ."""
    with tempfile.TemporaryDirectory() as folder:
        command = python("-m", "deploy.command", "openapi", "--write", "--folder", folder)
        if subprocess.run(command, cwd=CHECKOUT, env=environment(), check=False).returncode:
            return ["the documents could not be built"]
        return differences(Path(folder), DOCUMENTS) or ([] if _texts(DOCUMENTS) else ["there are no documents"])


def _difference(fresh: str | None, kept: str | None) -> str:
    if kept is None:
        return "is not committed: run ./a22 openapi --write"
    return "is committed and no longer built" if fresh is None else "is out of step: run ./a22 openapi --write"


def _texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.json")}
