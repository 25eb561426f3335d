"""Writes the report of an import to a file: as JSON, as text, or as a workbook with the person's own cells and comments.

The cells come from the person's own file; the system has not kept them.
"""

from pathlib import Path
from typing import Any

from shared.imports import report as reports
from shared.imports import workbook
from shared.imports.envelope import ImportReport
from shared.imports.mapping import Mapping
from shared.imports.reading import files
from shared.imports.reading.layout import Row

SUFFIXES = (".json", ".txt", ".xlsx")


def write(path: Path, report: ImportReport, file: Path, mapping: Mapping) -> None:
    """Write a report; the ending of its name says how."""
    if path.suffix == ".json":
        path.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
    elif path.suffix == ".txt":
        path.write_text(reports.as_text(report), encoding="utf-8")
    else:
        path.write_bytes(_workbook(report, file, mapping))


def _workbook(report: ImportReport, file: Path, mapping: Mapping) -> bytes:
    wanted = {problem.line for problem in report.problems}
    cells: dict[int, dict[str, Any]] = {}
    with files.at(file) as opened:
        read = files.opened(opened, mapping)
        for row in read.rows:
            if isinstance(row, Row) and row.line in wanted:
                cells[row.line] = dict(row.cells)
    header = read.header or tuple(dict.fromkeys(name for each in cells.values() for name in each))
    return workbook.of_report(report, header, cells)
