"""Tells what became of a file's rows as text; as JSON it is the report itself. It shows no value of the file."""

from shared.imports.envelope import QUEUES, ImportProblem, ImportReport
from shared.imports.problems import Problem


def last_line(report: ImportReport) -> str:
    """Count what was taken and what was reported, on one line."""
    taken = report.created + report.changed + report.unchanged
    would = "would be taken" if report.dry_run else "taken"
    counts = f"{report.created} created, {report.changed} changed, {report.unchanged} unchanged"
    parts = [f"{report.rows} rows: {taken} {would} ({counts})"]
    parts += [f"{report.waiting} wait for a decision"] if report.waiting else []
    parts += [f"{report.reported} reported"]
    parts += [f"{report.held_back} held back with them"] if report.held_back else []
    return ", ".join(parts)


def asked(report: ImportReport, kind: str) -> list[str]:
    """Say what somebody has to look at after an import of this kind, and where; nothing when there is nothing."""
    queue, would = QUEUES.get(kind, ""), "would wait" if report.dry_run else "wait"
    path = f"GET /v1/npm/{queue}?state=open&source={report.source}"
    said = [f"{report.waiting} {would} in {queue} before anything is made of them: {path}"] if report.waiting else []
    if report.questions:
        said.append(f"{report.questions} questions about rows that were taken {would} in {queue}: {path}")
    if report.unverified:
        said.append(f"{report.unverified} places {would} unverified: GET /v1/npm/places?status=unverified")
    return said


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
