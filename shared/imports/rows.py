"""Makes the rows of a file ready for a feature by its mapping: each is either ready or reported. It sends nothing.

One row is held at a time, so a file may be as long as it likes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.imports import values
from shared.imports.mapping import Mapping, Rule
from shared.imports.problems import BadValue, Problem
from shared.imports.reading.layout import Layout, Opened, Row

LEFT_OUT = "left_out"
#: Without these a row of the kind has nothing to be called by, and its column is known here alone.
NEEDED = {"places": ("name",), "authorities": ("name",), "recommendations": ("text",)}
#: More is no id of a row; a kind may take less.
MOST_ID_CHARACTERS = 500


@dataclass(frozen=True)
class Ready:
    """A row as the API takes it."""

    line: int
    row: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Reported:
    """A row that is not taken, with everything that is wrong in it; `row` is its id, where that could be read."""

    line: int
    row: str | None
    problems: tuple[Problem, ...]

    @property
    def is_left_out(self) -> bool:
        """Tell whether the mapping leaves the row out on purpose: nothing is wrong with it."""
        return all(problem.code == LEFT_OUT for problem in self.problems)


def mapped(opened: Opened, mapping: Mapping) -> Iterator[Ready | Reported]:
    """Make the rows of a file ready one by one; raises FileRefused when the file cannot be read to its end."""
    seen: set[str] = set()
    for row in opened.rows:
        if isinstance(row, Problem):
            yield Reported(row.line or 0, None, (row,))
        else:
            yield _taken(row, opened.layout, mapping, seen)


def _numbered(row_id: str, seen: set[str]) -> str:
    """Give a row id that stands again the next free number, in the order of the file."""
    number, numbered = 1, row_id
    while numbered in seen:
        number += 1
        numbered = f"{row_id}-{number}"
    seen.add(numbered)
    return numbered


def _taken(row: Row, layout: Layout, mapping: Mapping, seen: set[str]) -> Ready | Reported:
    row_column = mapping.columns_behind("/row")
    try:
        left_out = _first(mapping.report_when, row, mapping)
        made = values.made(mapping.row, row, mapping)
    except BadValue as bad:
        return Reported(row.line, None, (layout.problem(bad.code, bad.expected, line=row.line, column=bad.column),))
    row_id = None if made is None else str(made)
    if row_id is not None and left_out is None and mapping.twins == "numbered":
        row_id = _numbered(row_id, seen)
    if left_out is not None:
        told = layout.problem(
            LEFT_OUT, f"not taken: {left_out.reason}", line=row.line, column=left_out.column, row=row_id
        )
        # what is left out holds no id for others
        return Reported(row.line, None, (told,))
    if row_id is None or len(row_id) > MOST_ID_CHARACTERS:
        expected = (
            "expected a row id" if row_id is None else f"expected a row id of at most {MOST_ID_CHARACTERS} characters"
        )
        return Reported(row.line, None, (layout.problem("missing_value", expected, line=row.line, column=row_column),))
    return _made(row, row_id, layout, mapping)


def _made(row: Row, row_id: str, layout: Layout, mapping: Mapping) -> Ready | Reported:
    problems: list[Problem] = []
    ready: dict[str, Any] = {"row": row_id, "line": row.line}
    note: dict[str, Any] = {}
    for target, wanted in ((ready, mapping.fields), (note, mapping.note)):
        for name, value in wanted.items():
            try:
                found = values.made(value, row, mapping)
            except BadValue as bad:
                problems.append(layout.problem(bad.code, bad.expected, line=row.line, column=bad.column, row=row_id))
                continue
            if found is not None:
                target[name] = found
            elif target is ready and name in NEEDED.get(mapping.kind, ()):
                column = mapping.columns_behind(name)
                problems.append(
                    layout.problem("missing_value", "expected a value", line=row.line, column=column, row=row_id)
                )
    waits = {"doubt": mapping.doubt_when, "review": mapping.review_when}
    applying = {name: _first(rules, row, mapping) for name, rules in waits.items()}
    note |= _provenance(row, mapping)
    if problems:
        return Reported(row.line, row_id, tuple(problems))
    said = {name: rule.reason for name, rule in applying.items() if rule}
    return Ready(row.line, row_id, {**ready, **said, **({"note": note} if note else {})})


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
