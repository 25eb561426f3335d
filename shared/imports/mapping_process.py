"""Has a file read in a process of its own, and gives what that tells as it comes: a slow file holds up nobody else."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from shared.errors import FieldError, Unprocessable
from shared.imports import child
from shared.imports.problems import Problem

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS = 300
_LINE_BYTES = 4_000_000


@dataclass(frozen=True)
class FileFacts:
    """What the mapping and the header of a file say: names, and where the fields of ours stand in it."""

    mapping: str
    kind: str
    source: str
    sheet: str | None
    letters: dict[str, str]
    columns: dict[str, str | None]
    shapes: dict[str, Any]
    """What the mapping says of each field by itself."""


@dataclass(frozen=True)
class FileRow:
    """A row of the file: ready (with its content), or reported."""

    line: int
    row: str | None
    content: bytes | None = None
    problems: tuple[Problem, ...] = ()
    is_left_out: bool = False


@asynccontextmanager
async def reading(
    file: BinaryIO, mapping: str, name: str, folder: Path
) -> AsyncIterator[tuple[FileFacts, AsyncIterator[FileRow]]]:
    """Read a file by the text of a mapping; Unprocessable when either cannot be read, also while the rows come."""
    with TemporaryFile() as sent:
        sent.write(json.dumps({"mapping": mapping, "name": name, "folder": str(folder)}).encode())
        sent.seek(0)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-s", "-m", child.__name__, str(sent.fileno()), stdin=file.fileno(),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, pass_fds=(sent.fileno(),), cwd=ROOT,
            env={"PATH": os.defpath, "PYTHONPATH": str(ROOT)}, limit=_LINE_BYTES,
        )  # fmt: skip
    try:
        async with asyncio.timeout(MOST_SECONDS):
            kind, rest = await _line(process)
            if kind != child.START:
                raise refused(Problem(**json.loads(rest)))
            yield FileFacts(**json.loads(rest)), _rows(process)
    except TimeoutError:
        raise _gave_up() from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def _rows(process: asyncio.subprocess.Process) -> AsyncIterator[FileRow]:
    while True:
        kind, rest = await _line(process)
        if kind == child.END:
            return
        if kind == child.REFUSED:
            raise refused(Problem(**json.loads(rest)))
        if kind == child.READY:
            line, row, content = rest.split(b"\t", 2)
            yield FileRow(int(line), json.loads(row), content)
            continue
        told: dict[str, Any] = json.loads(rest)
        problems = tuple(Problem(**each) for each in told["problems"])
        yield FileRow(told["line"], told["row"], None, problems, told["left_out"])


async def _line(process: asyncio.subprocess.Process) -> tuple[bytes, bytes]:
    assert process.stdout is not None
    try:
        line = await process.stdout.readline()
    except ValueError:
        raise _gave_up() from None
    if not line.endswith(b"\n"):
        raise _gave_up()
    kind, _tab, rest = line.rstrip(b"\n").partition(b"\t")
    return kind, rest


def refused(problem: Problem) -> Unprocessable:
    """Make the refusal of a file as a whole; the place stands in the sentence, as a file has no pointers."""
    told = problem.sentence("the file")
    return Unprocessable(f"{told}; nothing was taken", code=problem.code, errors=[FieldError("", problem.code, told)])


def _gave_up() -> Unprocessable:
    return refused(
        Problem(
            code="too_much_work", expected="expected a file and patterns that can be read in minutes and little memory"
        )
    )
