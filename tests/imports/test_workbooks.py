"""Workbooks: cells come as they are stored, a problem names sheet, row and cell, and what is hostile is refused by a sentence."""

import struct
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shared.imports.problems import FileRefused, Problem
from shared.imports.reading import files
from shared.imports.reading.layout import Row
from tests.imports import workbooks
from tests.imports.conftest import mapped, mapping_of
from tests.imports.workbooks import HEADER

NORTH = ("007", "North", "Prison", 500)
FOURTH_OF_MARCH = datetime(2025, 3, 4)  # noqa: DTZ001 - a workbook knows no zones


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: Any, **more: Any) -> Path:
        return workbooks.written(tmp_path / "register.xlsx", *rows, **more)

    return write


def read(path: Path, **changes: Any) -> list[Row | Problem]:
    mapping = mapping_of(format="xlsx", **changes)
    with files.at(path) as file:
        return list(files.opened(file, mapping).rows)


def refusal(path: Path, **changes: Any) -> Problem:
    with pytest.raises(FileRefused) as refused:
        read(path, **changes)
    return refused.value.problem


def test_cells_come_as_they_are_stored_and_numbers_written_as_text_keep_their_zeros(book: Callable[..., Path]) -> None:
    fields = {
        "name": "Name",
        "capacity": {"column": "Beds", "as": "whole", "notations": ["1.234,5"]},
        "opened_on": {"column": "Opened", "as": "day", "notations": ["D/M/YYYY"]},
    }
    rows = [(*HEADER, "Opened"), (*NORTH, FOURTH_OF_MARCH), ("008", "South", "Jail", "1.200", "4/3/2025")]

    done = mapped(book(*rows), mapping_of(format="xlsx", fields=fields, doubt_when=[]))

    assert done.ready == [
        {"row": "007", "line": 2, "name": "North", "capacity": 500, "opened_on": "2025-03-04"},
        {"row": "008", "line": 3, "name": "South", "capacity": 1200, "opened_on": "2025-03-04"},
    ]


def test_a_problem_names_sheet_row_column_and_cell(book: Callable[..., Path]) -> None:
    done = mapped(book(HEADER, NORTH, ("008", "South", "Castle", 5)), mapping_of(format="xlsx"))

    assert [problem.sentence("r.xlsx") for problem in done.problems] == [
        "r.xlsx, sheet Register, row 3, column Kind (C3): expected one of Prison, Jail"
    ]


def test_the_header_may_stand_lower_and_the_table_further_right(book: Callable[..., Path]) -> None:
    rows = [(None, "Register of places"), (), (None, *HEADER), (), (None, *NORTH)]

    done = mapped(book(*rows), mapping_of(format="xlsx", header_row=3))
    bad = mapped(book(*rows[:4], (None, "9", "East", "Castle", 1)), mapping_of(format="xlsx", header_row=3))

    assert [(row["row"], row["line"]) for row in done.ready] == [("007", 5)]
    assert [problem.cell for problem in bad.problems] == ["D5"]


def test_formulas_count_by_the_value_that_is_stored_and_errors_are_reported(book: Callable[..., Path]) -> None:
    def touch(_book: Any, page: Any) -> None:
        page.write_formula("B2", '="No"&"rth"', value="North")
        page.write_formula("B3", '="So"&"uth"', value="")
        page.write_formula("D4", "=NA()", value="#N/A")

    path = book(HEADER, ("1", None, "Prison", 5), ("2", None, "Jail", 6), ("3", "East", "Jail", None), touch=touch)
    sheet = workbooks.part(path).replace(
        b'<c r="B3" t="str"><f>"So"&amp;"uth"</f><v></v></c>', b'<c r="B3"><f>"So"&amp;"uth"</f></c>'
    )
    workbooks.repacked(path, {"xl/worksheets/sheet1.xml": sheet})

    first, formula, error = read(path)

    assert isinstance(first, Row)
    assert first.cells["Name"] == "North"
    assert [(each.code, each.line, each.cell) for each in (formula, error) if isinstance(each, Problem)] == [
        ("no_stored_value", 3, "B3"), ("error_value", 4, "D4"),
    ]  # fmt: skip


def test_merged_cells_are_reported_where_they_stand_and_a_title_above_may_be_merged(book: Callable[..., Path]) -> None:
    def touch(_book: Any, page: Any) -> None:
        page.merge_range("A1:D1", "Places of detention")
        page.merge_range("C3:C4", "Prison")

    rows = read(book((), HEADER, NORTH, ("2", "South", None, 6), ("3", "East", "Jail", 7), touch=touch), header_row=2)

    assert [(each.code, each.cell) if isinstance(each, Problem) else each.cells["Id"] for each in rows] == [
        ("merged_cells", "C3"), ("merged_cells", "C4"), "3",
    ]  # fmt: skip


def test_a_million_empty_rows_are_no_rows(book: Callable[..., Path]) -> None:
    path = book(HEADER, NORTH)
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (number, number) for number in range(3, 1_000_003))
    workbooks.repacked(
        path, {"xl/worksheets/sheet1.xml": workbooks.part(path).replace(b"</sheetData>", empty + b"</sheetData>")}
    )

    (row,) = read(path)

    assert isinstance(row, Row)
    assert row.cells["Id"] == "007"


def test_the_sheet_is_named_where_there_are_several(book: Callable[..., Path]) -> None:
    path = book(HEADER, NORTH, touch=lambda made, _page: made.add_worksheet("Notes"))

    assert len(read(path, sheet="Register")) == 1
    assert (refusal(path).code, refusal(path, sheet="Registre").code) == ("no_sheet", "no_sheet")


@pytest.mark.parametrize(
    ("rows", "code", "column"),
    [
        ([("Id", "Name", "Kind"), NORTH], "missing_column", "Beds"),
        ([(*HEADER, "Name"), NORTH], "column_twice", "Name"),
        ([], "missing_column", "Id"),
    ],
)
def test_a_header_that_is_not_the_mappings_is_refused(
    book: Callable[..., Path], rows: list[Any], code: str, column: str
) -> None:
    problem = refusal(book(*rows))

    assert (problem.code, problem.column, problem.line) == (code, column, 1)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"xl/vbaProject.bin": b"x"}, "macros"),
        ({"xl/workbook.bin": b"x"}, "binary workbook"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "ODS"),
        ({"word/document.xml": b"<x/>"}, "Word document"),
        ({"xl/workbook.xml": None}, "another kind of archive"),
        ({"xl/embeddings/inner.zip": b"PK"}, "no other archives"),
        ({f"xl/media/{number}.png": b"x" for number in range(100)}, "100 parts"),
        ({"xl/media/zeros.bin": bytes(30_000_000)}, "100 times"),
        ({"xl/media/zeros.bin": bytes(101_000_000)}, "100 MB"),
        ({"xl/worksheets/sheet1.xml": b"<worksheet>"}, "XLSX workbook"),
        ({"xl/worksheets/sheet1.xml": b'<!DOCTYPE x [<!ENTITY a "a">]><worksheet>&a;</worksheet>'}, "XLSX workbook"),
    ],
)
def test_an_archive_that_is_something_else_or_hostile_is_refused_by_name(
    book: Callable[..., Path], parts: dict[str, bytes | None], said: str
) -> None:
    problem = refusal(workbooks.repacked(book(HEADER, NORTH), parts))

    assert said in problem.expected


def test_a_size_that_the_archive_tells_wrongly_is_found_out(book: Callable[..., Path]) -> None:
    path = workbooks.repacked(book(HEADER, NORTH), {"xl/media/zeros.bin": bytes(50_000_000)})
    content = path.read_bytes().replace(struct.pack("<L", 50_000_000), struct.pack("<L", 1_000))
    path.write_bytes(content)

    assert refusal(path).code in ("too_large", "other_format")


def test_one_lone_cell_in_the_last_corner_does_not_fill_the_memory(book: Callable[..., Path]) -> None:
    path = book(HEADER, NORTH, touch=lambda _book, page: page.write("XFD1048576", "lone"))

    assert refusal(path).code == "too_large"


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0 old", b"Id,Name\n1,North\n", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "register.xlsx"
    path.write_bytes(content)

    assert refusal(path).code == "other_format"


def test_a_workbook_sent_as_csv_is_refused_by_name(book: Callable[..., Path]) -> None:
    path, mapping = book(HEADER, NORTH), mapping_of()

    with files.at(path) as file, pytest.raises(FileRefused, match="ZIP archive, as XLSX"):
        files.opened(file, mapping)


def test_an_encrypted_part_is_refused(book: Callable[..., Path]) -> None:
    path = book(HEADER, NORTH)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
    content[start + 8] |= 1
    path.write_bytes(bytes(content))

    assert "password" in refusal(path).expected
