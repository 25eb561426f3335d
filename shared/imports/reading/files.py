"""Opens a file as what its mapping says it is, and refuses every other with a sentence. It never repairs one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from shared.imports.mapping import Mapping
from shared.imports.problems import FileRefused
from shared.imports.reading import delimited, exports, json_lines, workbooks
from shared.imports.reading.layout import Opened

MOST_BYTES = 200_000_000
_HEAD = 65_536
_KINDS_OF_FILE = (
    (b"PK\x03\x04", "a ZIP archive, as XLSX and ODS files are"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (XLS), or a workbook with a password"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "XML"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_WORDS = {"csv": "CSV", "jsonl": "JSON Lines", "xlsx": "an XLSX workbook"}
_READERS = {"csv": delimited.opened, "jsonl": json_lines.opened, "xlsx": workbooks.opened}


@contextmanager
def at(path: Path) -> Iterator[BinaryIO]:
    """Open the file at a path; FileRefused when there is none that can be read."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileRefused("no_file", f"a file that can be read ({error.strerror})") from None
    with file:
        yield file


def opened(file: BinaryIO, mapping: Mapping) -> Opened:
    """Read the header of a file and give its rows as a stream; FileRefused when it cannot be read as a whole.

    The refusal may come late: of a text that ends in the middle of a character only the end tells.
    """
    size = file.seek(0, os.SEEK_END)
    if size > MOST_BYTES:
        raise FileRefused("too_large", f"at most {MOST_BYTES // 1_000_000} MB; cut the file into parts")
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if not head.strip():
        raise FileRefused("empty_file", "a file with rows; this one is empty")
    if mapping.format == "export":
        return exports.nested(opened(file, exports.as_found(head, mapping)), mapping)
    _check_kind(head, mapping)
    return _READERS[mapping.format](file, mapping)


def _check_kind(head: bytes, mapping: Mapping) -> None:
    start, is_workbook = head.lstrip()[:20].lower(), mapping.format == "xlsx"
    for magic, what in _KINDS_OF_FILE:
        if start.startswith(magic.lower()) and not (is_workbook and magic.startswith(b"PK")):
            raise FileRefused("other_format", f"{_WORDS[mapping.format]}; this file is {what}")
    if is_workbook:
        if not head.startswith(b"PK\x03\x04"):
            raise FileRefused("other_format", f"{_WORDS['xlsx']}; this file is something else")
        return
    is_utf16 = head.startswith(_UTF16)
    if is_utf16 != (mapping.encoding == "utf-16") or (not is_utf16 and b"\x00" in head):
        found = "is UTF-16" if is_utf16 else "is not"
        raise FileRefused("other_encoding", f"text in {mapping.encoding.upper()}; this file {found}")
