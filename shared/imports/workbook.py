"""Writes the rows with problems as a workbook: one row each, with a comment on every bad cell.

A text never becomes a formula or a link, whatever it begins with. It is made when it is asked for, and kept by nobody here.
"""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from shared.imports import values
from shared.imports.envelope import ImportReport
from shared.imports.problems import Problem
from shared.imports.report import last_line, problem_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN_TEXT: Mapping[str, Any] = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_MOST_CHARACTERS = 32_000
_MOST_COLUMNS = 1_000
_LINE, _WRONG = "line", "what is wrong"


def of_report(
    report: ImportReport, header: Sequence[str] = (), cells: Mapping[int, Mapping[str, Any]] | None = None
) -> bytes:
    """Write the workbook of a report; `cells` are those of the rows by line, for who has the file.

    Without the file the columns are those that something is wrong in, and their cells stay empty.
    """
    by_line: dict[int, list[Problem]] = {}
    for told in report.problems:
        by_line.setdefault(told.line or 0, []).append(problem_of(told))
    columns = list(header) or _columns(each for problems in by_line.values() for each in problems)
    made = BytesIO()
    with Workbook(made, {"in_memory": True, **PLAIN_TEXT}) as book:
        bold, bad = book.add_format({"bold": True}), book.add_format({"bg_color": "#FFD7D7"})
        sheet = book.add_worksheet("Rows with problems")
        names = [_LINE, *columns[:_MOST_COLUMNS], _WRONG]
        for at, name in enumerate(names):
            sheet.write_string(0, at, name[:_MOST_CHARACTERS], bold)
        for number, (line, problems) in enumerate(sorted(by_line.items()), start=1):
            _write_row(sheet, number, line, problems, names, (cells or {}).get(line, {}), bad)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(names) - 1, 18)
        counts = book.add_worksheet("Counts")
        counts.write_string(0, 0, last_line(report))
    return made.getvalue()


def _columns(problems: Iterable[Problem]) -> list[str]:
    return list(dict.fromkeys(name for problem in problems for name in (problem.column or "").split(", ") if name))


def _write_row(
    sheet: Any,
    number: int,
    line: int,
    problems: Sequence[Problem],
    names: Sequence[str],
    cells: Mapping[str, Any],
    bad: Any,
) -> None:
    """Write one row: its line, its cells, what is wrong in one sentence each, and the comments."""
    sheet.write_number(number, 0, line)
    places = {name: at for at, name in enumerate(names[1:-1], start=1)}
    for name, at in places.items():
        if cells.get(name) is not None:
            sheet.write_string(number, at, values.written(cells[name])[:_MOST_CHARACTERS])
    for problem in problems:
        wanted = [places[name] for name in (problem.column or "").split(", ") if name in places]
        for at in wanted or [0]:
            written = cells.get(names[at]) if at else None
            if at and written is None:
                sheet.write_blank(number, at, None, bad)
            elif at:
                sheet.write_string(number, at, values.written(written)[:_MOST_CHARACTERS], bad)
            sheet.write_comment(number, at, problem.expected[:_MOST_CHARACTERS])
    told = "; ".join(f"{problem.column or 'the row'}: {problem.expected}" for problem in problems)
    sheet.write_string(number, len(names) - 1, told[:_MOST_CHARACTERS])
