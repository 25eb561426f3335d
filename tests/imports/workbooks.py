"""Made-up workbooks for the tests: a register as an office program writes it, and archives as nobody should."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

HEADER = ("Id", "Name", "Kind", "Beds")


def written(
    path: Path, *rows: Sequence[Any], sheet: str = "Register", touch: Callable[[Any, Any], None] | None = None
) -> Path:
    """Write a workbook with these rows from A1 on; `touch` may do more to book and sheet."""
    with Workbook(path, {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(number, column, cell, day)
                elif cell is not None:
                    page.write(number, column, cell)
        if touch:
            touch(book, page)
    return path


def repacked(path: Path, parts: dict[str, bytes | None]) -> Path:
    """Put other parts into a workbook, or take parts out (None)."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    kept |= {name: content for name, content in parts.items() if content is not None}
    gone = {name for name, content in parts.items() if content is None}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in kept.items():
            if name not in gone:
                archive.writestr(name, content)
    path.write_bytes(made.getvalue())
    return path


def part(path: Path, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """Give a part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)
