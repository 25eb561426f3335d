"""Tells what became of a file's rows as text; as JSON it is the report itself. It shows no value of the file."""

from shared.imports.envelope import ImportProblem, ImportReport
from shared.imports.problems import Problem


def last_line(report: ImportReport) -> str:
    """Count what was taken and what was reported, on one line."""
    taken = report.created + report.changed + report.unchanged
    would = "would be taken" if report.dry_run else "taken"
    counts = f"{report.created} created, {report.changed} changed, {report.unchanged} unchanged"
    said = f"{report.rows} rows: {taken} {would} ({counts}), {report.reported} reported"
    return f"{said}, {report.held_back} held back with them" if report.held_back else said


def as_text(report: ImportReport) -> str:
    """Write one sentence for each problem, and the counts."""
    file = report.file or report.source
    sentences = [problem_of(each).sentence(file) for each in report.problems]
    return "\n".join([*sentences, last_line(report)]) + "\n"


def problem_of(told: ImportProblem) -> Problem:
    """Give a problem of a report as one of a file."""
    column = told.column or told.field.strip("/") or None
    return Problem(
        code=told.code, expected=told.detail, line=told.line, row=told.row, column=column, sheet=told.sheet, cell=told.cell
    )  # fmt: skip
