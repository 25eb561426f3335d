"""Strict reading: a problem names line and column, the rest of the file is safe, and a file is what its name says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.imports.problems import FileRefused, Problem
from shared.imports.reading import files
from shared.imports.reading.layout import Row
from tests.imports.conftest import HEADER, mapping_of

MadeUp = Callable[..., Path]
JSON_LINES = {"format": "jsonl", "row": "id", "fields": {"name": "title"}, "report_when": [], "doubt_when": []}


def read(path: Path, **changes: Any) -> list[Row | Problem]:
    mapping = mapping_of(**changes)
    with files.at(path) as file:
        return list(files.opened(file, mapping).rows)


def refusal(path: Path, **changes: Any) -> Problem:
    with pytest.raises(FileRefused) as refused:
        read(path, **changes)
    return refused.value.problem


def test_rows_keep_the_line_they_begin_on(made_up: MadeUp) -> None:
    rows = read(made_up(HEADER + '1,"North\nPrison",Prison,5\n\n2,South,Jail,6'))

    assert [(row.line, row.cells["Id"]) for row in rows if isinstance(row, Row)] == [(2, "1"), (5, "2")]


def test_what_stands_above_the_header_is_not_looked_at(made_up: MadeUp) -> None:
    path = made_up('List of the ministry, "as of" May;;\n\n' + (HEADER + "1,North,Prison,5\n").replace(",", ";"))

    rows = read(path, delimiter=";", header_row=3)

    assert [(row.line, row.cells["Name"]) for row in rows if isinstance(row, Row)] == [(4, "North")]
    assert refusal(path, delimiter=";", header_row=9).code == "other_format"


def test_a_title_above_the_header_is_told_from_a_missing_column(made_up: MadeUp) -> None:
    problem = refusal(made_up("List of the ministry,,,\n" + HEADER))

    assert (problem.code, problem.line) == ("missing_column", 1)
    assert "header_row says in which line" in problem.expected


@pytest.mark.parametrize(
    ("bad", "code", "column"),
    [
        ("1,North,Prison", "ragged_row", "Beds"),
        ("1,North,Prison,5,6", "ragged_row", "Beds"),
        ('1,"North"x,Prison,5', "bad_quotes", None),
        ('1,"North,Prison,5', "bad_quotes", None),
        (b"1,N\xf6rd,Prison,5", "bad_encoding", "Name"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_is_safe(
    made_up: MadeUp, bad: str | bytes, code: str, column: str | None
) -> None:
    line = bad.encode() if isinstance(bad, str) else bad

    first, problem, last = read(made_up(HEADER.encode() + b"8,East,Jail,1\n" + line + b"\n9,West,Jail,2\n"))

    assert isinstance(first, Row)
    assert isinstance(last, Row)
    assert last.cells["Id"] == "9"
    assert isinstance(problem, Problem)
    assert (problem.code, problem.line, problem.column) == (code, 3, column)


def test_what_unicode_calls_a_line_separator_ends_no_row(made_up: MadeUp) -> None:
    (row,) = read(made_up(HEADER + "1,North\u2028Prison\x85,Prison,5\n"))

    assert isinstance(row, Row)


def test_a_byte_order_mark_belongs_to_no_column(made_up: MadeUp) -> None:
    (row,) = read(made_up("\ufeff" + HEADER + "1,North,Prison,5\n"))

    assert isinstance(row, Row)
    assert row.cells["Id"] == "1"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp1252"])
def test_a_mapping_names_another_encoding(made_up: MadeUp, encoding: str) -> None:
    (row,) = read(made_up((HEADER + "1,Nörd,Prison,5\n").encode(encoding)), encoding=encoding)

    assert isinstance(row, Row)
    assert row.cells["Name"] == "Nörd"


def test_another_delimiter(made_up: MadeUp) -> None:
    (row,) = read(made_up("Id;Name;Kind;Beds\n1;North, old;Prison;5\n"), delimiter=";")

    assert isinstance(row, Row)
    assert row.cells["Name"] == "North, old"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 workbook", "other_format"),
        (b"%PDF-1.7", "other_format"),
        (b"  <!DOCTYPE html><html>", "other_format"),
        (b'{"id": 1}', "other_format"),
        ("Id,Name\n".encode("utf-16"), "other_encoding"),
        (b"Id,Name\x00,Kind,Beds\n", "other_encoding"),
        (b" \n ", "empty_file"),
        (b"Id,Name,Kind,Beds,Name\n", "column_twice"),
        (b"Id,Name,Kind\n", "missing_column"),
        (b"Id;Name;Kind;Beds\n", "missing_column"),
    ],
)
def test_a_file_that_is_something_else_is_refused_whole(made_up: MadeUp, content: bytes, code: str) -> None:
    assert refusal(made_up(content)).code == code


def test_a_missing_column_is_named_with_its_line(made_up: MadeUp) -> None:
    problem = refusal(made_up("Id,Name,Kind\n1,North,Prison\n"))

    assert problem.sentence("r.csv") == "r.csv, line 1, column Beds: expected a column of this name in the header"


def test_no_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert {refusal(tmp_path / "absent.csv").code, refusal(tmp_path).code} == {"no_file"}


def test_json_lines_report_what_is_no_object(made_up: MadeUp) -> None:
    lines = [
        '{"id": "a", "title": "A"}',
        "{",
        "[1]",
        '{"id": 1, "id": 2}',
        '{"id": NaN}',
        "",
        '{"id": "b", "title": "B"}',
    ]

    found = read(made_up("\n".join(lines), "x.jsonl"), **JSON_LINES)

    assert [(each.line, each.code if isinstance(each, Problem) else "") for each in found] == [
        (1, ""), (2, "not_json"), (3, "not_json"), (4, "not_json"), (5, "not_json"), (7, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [("id,title\na,A\n", "other_format"), ('[{"id": 1}]', "other_format"), ('{"id": "a"}\n', "missing_column")],
)
def test_json_lines_that_are_something_else_are_refused_whole(made_up: MadeUp, content: str, code: str) -> None:
    assert refusal(made_up(content, "x.jsonl"), **JSON_LINES).code == code


def test_json_lines_with_a_broken_character_lose_only_that_line(made_up: MadeUp) -> None:
    content = b'{"id": "a", "title": "A"}\n{"id": "b", "title": "\xff"}\n'

    row, problem = read(made_up(content, "x.jsonl"), **JSON_LINES)

    assert isinstance(row, Row)
    assert isinstance(problem, Problem)
    assert (problem.line, problem.code) == (2, "bad_encoding")
