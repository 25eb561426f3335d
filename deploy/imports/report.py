"""Tells what became of a file's rows, as text for people and as JSON for programs. It shows no value of the file."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from deploy.imports.mapping import Mapping
from deploy.imports.problems import Problem
from deploy.imports.sending import Order, Outcome


def last_line(outcome: Outcome, order: Order) -> str:
    """Count what was taken and what was reported, on one line."""
    would = "would be taken" if order.dry_run else "taken"
    counts = f"{outcome.created} created, {outcome.changed} changed, {outcome.unchanged} unchanged"
    said = f"{outcome.total} rows: {outcome.taken} {would} ({counts}), {outcome.reported} reported"
    return f"{said}, {outcome.held_back} held back with them" if outcome.held_back else said


def write(path: Path, file: str, mapping: Mapping, outcome: Outcome, order: Order) -> None:
    """Write the report as JSON."""
    told: dict[str, Any] = {
        "file": file,
        "mapping": mapping.name,
        "source": mapping.source,
        "kind": mapping.kind,
        **asdict(order),
        "rows": outcome.total,
        "created": outcome.created,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "reported": outcome.reported,
        "held_back": outcome.held_back,
        "problems": [_shown(file, problem) for problem in outcome.problems],
    }
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _shown(file: str, problem: Problem) -> dict[str, Any]:
    return {"file": file, **asdict(problem)}
