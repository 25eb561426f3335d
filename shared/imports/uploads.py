"""Takes the body of an import into an unnamed file that nobody else can open, before any transaction is begun.

Holds no more than a piece in memory; what was sent is gone with the request.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import Annotated, Any, BinaryIO

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect

from shared.errors import BadRequest, FieldError, Unavailable, Unprocessable, UnsupportedMediaType
from shared.imports.mapping_files import MOST_CHARACTERS

ROWS, FILE = "application/jsonl", "multipart/form-data"
_PIECE = 65_536


@dataclass(frozen=True)
class Upload:
    """What was sent: rows in our own fields, or somebody's file and perhaps its mapping; and the digest of it all."""

    file: BinaryIO
    digest: bytes
    is_rows: bool
    name: str = ""
    mapping: str | None = None
    mapping_name: str = ""


async def received(request: Request) -> AsyncIterator[Upload]:
    """Receive the body of an import; the file is closed, and with it gone, when the request ends."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in (ROWS, FILE):
        raise UnsupportedMediaType(f"send {ROWS} or {FILE}")
    async with AsyncExitStack() as stack:
        try:
            upload = await (_rows(request, stack) if kind == ROWS else _file(request, stack))
        except OSError:
            raise Unavailable("there is no room to receive this now; nothing was changed") from None
        except ClientDisconnect:
            raise BadRequest("the body broke off") from None
        # an Idempotency-Key is compared with what was sent, and that is not in memory
        request.scope["a22.body_digest"] = upload.digest
        yield upload


async def _rows(request: Request, stack: AsyncExitStack) -> Upload:
    file, digest = stack.enter_context(TemporaryFile()), hashlib.sha256()  # noqa: SIM115 - the request's stack closes it
    async for piece in request.stream():
        digest.update(piece)
        file.write(piece)
    file.seek(0)
    return Upload(file, digest.digest(), is_rows=True)


async def _file(request: Request, stack: AsyncExitStack) -> Upload:
    try:
        form = await request.form(max_files=2, max_fields=1, max_part_size=4 * MOST_CHARACTERS)
    except (MultiPartException, KeyError, ValueError):
        raise BadRequest("the body is not multipart/form-data with the parts file and mapping") from None
    stack.push_async_callback(form.close)
    strange = set(form) - {"file", "mapping"}
    sent = form.getlist("file")
    if strange or len(sent) != 1 or not isinstance(sent[0], UploadFile) or len(form.getlist("mapping")) > 1:
        told = FieldError("/file", "missing", "one file, as the part `file`, and perhaps the part `mapping`")
        raise Unprocessable("a value is not acceptable", errors=[told])
    file, mapping = sent[0], form.get("mapping")
    text = await _text(mapping) if mapping is not None else None
    whole = _unnamed(file.file)
    digest = hashlib.sha256((text or "").encode() + b"\0")
    await run_in_threadpool(_digest, whole, digest)
    named = (mapping.filename if isinstance(mapping, UploadFile) else None) or "own.yaml"
    return Upload(whole, digest.digest(), is_rows=False, name=_plain(file.filename), mapping=text, mapping_name=named)


def _digest(file: BinaryIO, digest: "hashlib._Hash") -> None:
    while piece := file.read(_PIECE):
        digest.update(piece)
    file.seek(0)


def _unnamed(spooled: Any) -> BinaryIO:
    """Let a small file, that is kept in memory until then, be a real one: the process that reads it needs one."""
    spooled.rollover()
    file: BinaryIO = spooled._file
    file.seek(0)
    return file


async def _text(mapping: UploadFile | str) -> str:
    if isinstance(mapping, str):
        return mapping
    written = await mapping.read(4 * MOST_CHARACTERS)
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        told = FieldError("/mapping", "bad_mapping", "YAML in UTF-8")
        raise Unprocessable("a value is not acceptable", errors=[told]) from None


def _plain(name: str | None) -> str:
    """Give the last part of a file's name, printable and not long."""
    plain = "".join(letter for letter in PurePath((name or "").replace("\\", "/")).name if letter.isprintable())
    return plain[:200] or "file"


Received = Annotated[Upload, Depends(received, scope="function")]
