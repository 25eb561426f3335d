"""The form of a list by its Accept header: ranges, qualities, and what cannot be given."""

import pytest

from shared.errors import NotAcceptable
from shared.exports.media import Form, Format, asked

CSV, MARKED, XLSX, JSONL = Form(Format.CSV), Form(Format.CSV, has_mark=True), Form(Format.XLSX), Form(Format.JSONL)
SHEET = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, None),
        (b"", None),
        (b"nonsense", None),
        (b"*/*", None),
        (b"application/json", None),
        (b"application/json; charset=utf-8", None),
        (b"application/*", None),
        (b"text/html,application/xhtml+xml,*/*;q=0.8", None),
        (b"text/csv", CSV),
        (b"Text/CSV; Charset=UTF-8; header=present", CSV),
        (b"text/csv; bom=true", MARKED),
        (b"text/*", CSV),
        (SHEET, XLSX),
        (b"application/jsonl", JSONL),
        (b"text/csv;q=0.5, application/jsonl;q=0.6", JSONL),
        (b"text/csv, application/json;q=0.9", CSV),
        (b"text/csv, application/json", None),
        (b"application/json;q=0, */*", CSV),
    ],
)
def test_the_form_that_is_liked_best_is_given(accept: bytes | None, form: Form | None) -> None:
    assert asked(accept, is_exported=True) == form


@pytest.mark.parametrize(
    "accept", [b"text/html", b"text/csv; charset=latin-1", b"application/json;q=0", b"text/csv;q=0, text/*"]
)
def test_what_there_is_not_is_refused(accept: bytes) -> None:
    with pytest.raises(NotAcceptable):
        asked(accept, is_exported=True)


@pytest.mark.parametrize("accept", [b"text/csv", SHEET, b"application/jsonl"])
def test_a_list_that_is_not_exported_is_json_alone(accept: bytes) -> None:
    with pytest.raises(NotAcceptable):
        asked(accept, is_exported=False)
    assert asked(accept + b", */*;q=0.1", is_exported=False) is None
