"""Turns a file into rows for the API: each row of the file is either made ready or reported. It sends nothing."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.imports import reading, values
from deploy.imports.mapping import Mapping, Rule
from deploy.imports.problems import BadValue, Problem
from deploy.imports.reading import Row

LEFT_OUT = "left_out"
#: Without these the API has nothing to call a row by.
NEEDED = ("name", "text")


@dataclass
class Mapped:
    """A file's rows as the API takes them, and what was reported on the way; `total` counts every row of the file."""

    file: str
    mapping: Mapping
    total: int = 0
    ready: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reported: int = 0

    @property
    def has_bad_rows(self) -> bool:
        """Tell whether a row is wrong; one that the mapping leaves out on purpose is not."""
        return any(problem.code != LEFT_OUT for problem in self.problems)

    def report(self, *problems: Problem) -> None:
        """Report one row, with everything that is wrong in it."""
        self.reported += 1
        self.problems += problems


def mapped(path: Path, mapping: Mapping) -> Mapped:
    """Read a file and make its rows ready; raises FileRefused when the file as a whole cannot be read."""
    result = Mapped(path.name, mapping)
    lines: dict[str, int] = {}
    for row in reading.rows(path, mapping):
        result.total += 1
        if isinstance(row, Problem):
            result.report(row)
        else:
            _take(result, row, lines)
    return result


def _take(result: Mapped, row: Row, lines: dict[str, int]) -> None:
    mapping = result.mapping
    row_column = mapping.columns_behind("/row")
    try:
        left_out = _first(mapping.report_when, row, mapping)
        row_id = values.made(mapping.row, row, mapping)
    except BadValue as bad:
        result.report(_problem(bad, row, None))
        return
    if left_out is not None:
        result.report(
            Problem(code=LEFT_OUT, line=row.line, row=row_id, column=left_out.column, expected=f"not taken: {left_out.reason}")
        )  # fmt: skip
        return
    if mapping.twins == "numbered" and row_id in lines:
        row_id = _numbered(str(row_id), lines)
    if row_id is None:
        result.report(Problem(code="missing_value", line=row.line, column=row_column, expected="expected a row id"))
    elif row_id in lines:
        expected = f"expected each row id once; this one stands in line {lines[row_id]}"
        result.report(Problem(code="duplicate_row", line=row.line, row=row_id, column=row_column, expected=expected))
    else:
        lines[row_id] = row.line
        _make(result, row, str(row_id))


def _numbered(row_id: str, lines: dict[str, int]) -> str:
    """Give a row id that stands again the next free number, in the order of the file."""
    number = 2
    while f"{row_id}-{number}" in lines:
        number += 1
    return f"{row_id}-{number}"


def _make(result: Mapped, row: Row, row_id: str) -> None:
    mapping, problems = result.mapping, []
    ready: dict[str, Any] = {"row": row_id, "line": row.line}
    note: dict[str, Any] = {}
    for target, wanted in ((ready, mapping.fields), (note, mapping.note)):
        for name, value in wanted.items():
            try:
                found = values.made(value, row, mapping)
            except BadValue as bad:
                problems.append(_problem(bad, row, row_id))
                continue
            if found is not None:
                target[name] = found
            elif target is ready and name in NEEDED:
                expected = "expected a value"
                column = mapping.columns_behind(name)
                problems.append(
                    Problem(code="missing_value", line=row.line, row=row_id, column=column, expected=expected)
                )
    doubt = _first(mapping.doubt_when, row, mapping)
    note |= _provenance(row, mapping)
    if problems:
        result.report(*problems)
    else:
        said = {"doubt": doubt.reason} if doubt else {}
        result.ready.append({**ready, **said, **({"note": note} if note else {})})


def _first(rules: list[Rule], row: Row, mapping: Mapping) -> Rule | None:
    def applies(rule: Rule) -> bool:
        return all(values.holds(condition, row, mapping) for condition in (rule, *rule.also))

    return next((rule for rule in rules if applies(rule)), None)


def _provenance(row: Row, mapping: Mapping) -> dict[str, Any]:
    """Keep what the source says of where its values come from; a value that is missing says nothing."""
    told: dict[str, Any] = {}
    for column in mapping.provenance.columns if mapping.provenance else ():
        parts = {
            name: values.cell(row, part.replace("{}", column), mapping)
            for name, part in (mapping.provenance.parts if mapping.provenance else {}).items()
        }
        kept = {name: text for name, text in parts.items() if text is not None}
        if values.cell(row, column, mapping) is not None:
            told[column] = kept
    return told


def _problem(bad: BadValue, row: Row, row_id: str | None) -> Problem:
    return Problem(code=bad.code, line=row.line, row=row_id, column=bad.column, expected=bad.expected)
