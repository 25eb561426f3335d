"""Judges the ZIP archive that a workbook is, before anything of it is read: what it unpacks to, and what kind it is.

Never trusts a size that is announced: every part is unpacked once, in small pieces, and counted.
"""

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from shared.imports.problems import FileRefused

MOST_PARTS = 100
MOST_UNPACKED = 100_000_000
MOST_RATIO = 100
#: Small parts of empty sheets shrink to nearly nothing.
_RATIO_COUNTS_FROM = 1_000_000
_PIECE = 65_536
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_ARCHIVES = (".zip", ".xlsx", ".xlsm", ".docx", ".pptx", ".ods", ".jar", ".7z", ".gz")
_OPEN_DOCUMENT = "an OpenDocument file (ODS)"


def checked(file: BinaryIO) -> zipfile.ZipFile:
    """Give the archive of an XLSX workbook that is safe to unpack; FileRefused says what it is instead."""
    try:
        archive = zipfile.ZipFile(file)
        _judge(archive)
        unpacked = sum(_unpacked(file, part) for part in archive.infolist())
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError, NotImplementedError):
        raise FileRefused("other_format", "an XLSX workbook; this archive is broken") from None
    if unpacked > MOST_UNPACKED:
        raise FileRefused("too_large", _BOUND)
    return archive


_BOUND = (
    f"a workbook of at most {MOST_PARTS} parts that unpacks to at most {MOST_UNPACKED // 1_000_000} MB "
    f"and {MOST_RATIO} times its size"
)


def _judge(archive: zipfile.ZipFile) -> None:
    parts = {part.filename: part for part in archive.infolist()}
    if len(archive.infolist()) > MOST_PARTS or sum(part.file_size for part in parts.values()) > MOST_UNPACKED:
        raise FileRefused("too_large", _BOUND)
    if len(parts) != len(archive.infolist()) or any(part.flag_bits & _ENCRYPTED for part in parts.values()):
        raise FileRefused("other_format", "an XLSX workbook without a password, each of its parts once")
    if any(name.lower().endswith(_ARCHIVES) for name in parts):
        raise FileRefused("other_format", "a workbook that holds no other archives or documents")
    names = {name.lower() for name in parts}
    found = next((what for what, is_so in _others(names) if is_so), None)
    if found is not None:
        raise FileRefused("other_format", f"an XLSX workbook; this file is {found}")


def _others(names: set[str]) -> Iterator[tuple[str, bool]]:
    yield "a workbook with macros (XLSM); save it as XLSX", any(name.endswith("vbaproject.bin") for name in names)
    yield "a binary workbook (XLSB); save it as XLSX", "xl/workbook.bin" in names
    yield _OPEN_DOCUMENT + "; save it as XLSX", "mimetype" in names or "content.xml" in names
    yield "a Word document", "word/document.xml" in names
    yield "another kind of archive", "xl/workbook.xml" not in names


def _unpacked(file: BinaryIO, part: zipfile.ZipInfo) -> int:
    """Unpack a part into nothing and give its true size, a little more than the bound where it is beyond."""
    file.seek(part.header_offset)
    header = file.read(_LOCAL_HEADER)
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    if part.compress_type == zipfile.ZIP_STORED:
        return part.compress_size
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise FileRefused("other_format", "a workbook packed as office programs do")
    stream, left, size = zlib.decompressobj(-15), part.compress_size, 0
    most = max(_RATIO_COUNTS_FROM, MOST_RATIO * part.compress_size)
    while left > 0 and not stream.eof:
        packed = file.read(min(_PIECE, left))
        if not packed:
            raise EOFError
        left -= len(packed)
        while packed and not stream.eof:
            size += len(stream.decompress(packed, _PIECE))
            packed = stream.unconsumed_tail
            if size > min(most, MOST_UNPACKED):
                raise FileRefused("too_large", _BOUND)
    return size
