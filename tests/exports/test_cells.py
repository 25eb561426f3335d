"""Cells: what a spreadsheet would calculate is escaped, and everything comes out as it went in."""

import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some
from python_calamine import load_workbook

from shared.exports.cells import csv_cell, escaped, row_of, unescaped
from shared.exports.columns import Column
from shared.exports.formats import Csv, Workbook

DANGEROUS = [
    "=1+1",
    "+49 30 1234",
    "-cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
]
HARMLESS = ["'tis", "a=b", "", " =1", "5", "O'Brien", "''", "#N/A"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_would_be_a_formula_has_an_apostrophe_before_it(text: str) -> None:
    assert escaped(text) == f"'{text}"
    assert escaped(f"'{text}") == f"''{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert escaped(text) == text
    assert unescaped(text) == text


@given(some.text(alphabet="'=+-@\t\r\nab", max_size=6) | some.text(max_size=20))
def test_an_escape_is_taken_off_exactly(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert not escaped(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("value", "cell"), [(-5, "-5"), (-0.5, "-0.5"), (True, "true"), (None, ""), (["=a"], '["=a"]')]
)
def test_numbers_stay_numbers_and_lists_are_json(value: object, cell: str) -> None:
    assert csv_cell(value) == cell


@given(some.lists(some.text(max_size=30), min_size=2, max_size=2))
def test_a_record_is_read_again_as_it_was(texts: list[str]) -> None:
    writer = Csv([Column("a", ("a",)), Column("b[]", ("b",))], has_mark=False)
    content = writer.begins() + writer.rows([json.dumps({"a": texts[0], "b": texts})])

    [header, record] = csv.reader(io.StringIO(content.decode(), newline=""), strict=True)

    read = row_of(dict(zip(header, record, strict=True)))
    assert read == {"a": texts[0] or None, "b": texts}


def test_a_workbook_has_days_that_a_spreadsheet_reckons_with() -> None:
    days = ["2024-02-29", "1900-03-01", "1900-02-28", "1837-06-20", None, "not a day"]
    book = Workbook([Column("on", ("on",), is_day=True), Column("said", ("said",))])
    try:
        book.add([json.dumps({"on": day, "said": "2024-02-29"}) for day in days])
        content = book.finished().read()
    finally:
        book.discard()

    rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]

    assert [row[0] for row in rows] == [
        date(2024, 2, 29), date(1900, 3, 1), "1900-02-28", "1837-06-20", "", "not a day",
    ]  # fmt: skip
    # what is a text to us stays one, whatever it looks like
    assert {row[1] for row in rows} == {"2024-02-29"}
