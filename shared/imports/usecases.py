"""Ordering an import: the rows of an upload are put aside in the same transaction as the operation that will take them."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from shared import operations
from shared.db import Work
from shared.errors import FieldError, NotFound, Unprocessable, invalid
from shared.imports import mapping_files, mapping_process, queries, targets
from shared.imports.envelope import MOST_PROBLEMS, TOLD_COUNTS, ImportProblem, ImportQuery, ImportReport
from shared.imports.kinds import ImportKind
from shared.imports.mapping_process import FileFacts, FileRow
from shared.imports.problems import Problem
from shared.imports.queries import Counts, Staged
from shared.imports.rows import MOST_ID_CHARACTERS
from shared.imports.uploads import Upload
from shared.settings import Limits

_LONGEST_LINE = 10_000_000
#: Read once: a line is looked at for every row.
_LINE_BYTES = Limits().bulk_line_bytes


async def order(work: Work, kind: ImportKind, upload: Upload, query: ImportQuery) -> UUID:
    """Order an import and put its rows aside; Unprocessable when the file cannot be read, and nothing is kept."""
    if upload.is_rows:
        for name in ("source", "mapping"):
            if getattr(query, name) is None:
                invalid(f"/{name}", "missing", "JSON Lines say neither source nor mapping; name both")
        return await _put_aside(
            work, kind, query, _rows(upload), facts={"source": query.source, "mapping": query.mapping}
        )
    text, name = _mapping(work, upload, query)
    async with mapping_process.reading(upload.file, text, name, work.state.settings.mappings) as (told, rows):
        _check(kind, query, told)
        facts = {
            "source": told.source, "mapping": told.mapping, "file": upload.name, "sheet": told.sheet,
            "letters": told.letters, "columns": told.columns,
        }  # fmt: skip
        return await _put_aside(work, kind, query, rows, facts=facts)


def _mapping(work: Work, upload: Upload, query: ImportQuery) -> tuple[str, str]:
    """Give text and file name of the mapping: the one sent along, or a shipped one by its name."""
    if upload.mapping is not None:
        return upload.mapping, upload.mapping_name
    folder: Path = work.state.settings.mappings
    path = mapping_files.shipped(folder).get(query.mapping or "")
    if path is None:
        invalid(
            "/mapping",
            "no_mapping",
            f"one of {', '.join(mapping_files.shipped(folder))}, or one sent along as the part mapping",
        )
    return path.read_text(encoding="utf-8"), path.name


def _check(kind: ImportKind, query: ImportQuery, told: FileFacts) -> None:
    if told.kind != kind.name:
        invalid("/mapping", "other_kind", f"a mapping that makes {kind.name}; this one makes {told.kind}")
    if query.source not in (None, told.source):
        invalid("/source", "other_source", "the source that the mapping names, or none")
    wrong = targets.problems(kind.row, told.shapes)
    if wrong:
        raise Unprocessable(
            f"the mapping {told.mapping} does not fit {kind.name}; nothing was read",
            code="bad_mapping",
            errors=[FieldError("/mapping", "bad_mapping", each) for each in wrong],
        )


async def _rows(upload: Upload) -> AsyncIterator[FileRow]:
    """Give the lines of a body of JSON Lines as rows; a service judges their content when it takes them."""
    number = 0
    while lines := await run_in_threadpool(upload.file.readlines, 4_000_000):
        for line in lines:
            number += 1
            if line.strip():
                yield _row(line.rstrip(b"\r\n"), number)


def _row(line: bytes, number: int) -> FileRow:
    try:
        told = json.loads(line) if len(line) <= _LINE_BYTES else None
    except (ValueError, RecursionError):
        told = None
    members: dict[str, Any] = told if isinstance(told, dict) else {}
    row, at = members.get("row"), members.get("line")
    known = row if isinstance(row, str) and len(row) <= MOST_ID_CHARACTERS and row.isprintable() else None
    told_line = at if isinstance(at, int) and not isinstance(at, bool) and 0 < at <= _LONGEST_LINE else number
    return FileRow(told_line, known, line[: _LINE_BYTES + 1])


@dataclass
class _Piece:
    """Rows and problems that go into the database together."""

    rows: list[Staged] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)


async def _put_aside(
    work: Work, kind: ImportKind, query: ImportQuery, rows: AsyncIterator[FileRow], *, facts: dict[str, Any]
) -> UUID:
    said = {"dry_run": query.dry_run, "all_or_nothing": query.all_or_nothing}
    arguments = {"source": facts["source"], "mapping": facts["mapping"], **said}
    operation_id = await operations.begin(work, kind.operation, arguments=arguments)
    await queries.begin(work, operation_id, {**facts, **said, "kind": kind.name})
    counts, piece, most = Counts(), _Piece(), work.state.settings.limits.bulk_rows
    async for row in rows:
        counts.rows += 1
        if counts.rows > most:
            raise Unprocessable(f"at most {most} rows at once", code="too_many_rows")
        if row.content is None:
            counts.reported += 1
            counts.bad += not row.is_left_out
            piece.problems += [shown(problem) for problem in row.problems]
        if row.content is not None or row.row is not None:
            # a bad row keeps its id: another one of the file may not have it
            counts.staged += 1
            piece.rows.append(Staged(counts.staged, row.line, row.row, row.content))
        if max(len(piece.rows), len(piece.problems)) >= queries.PIECE_ROWS:
            await _put(work, operation_id, piece)
            piece = _Piece()
    if not counts.rows:
        raise Unprocessable(
            "a file with rows; this one has none", code="no_rows", errors=[FieldError("", "no_rows", "rows")]
        )
    await _put(work, operation_id, piece)
    await queries.add(work, operation_id, counts)
    return operation_id


async def _put(work: Work, operation_id: UUID, piece: _Piece) -> None:
    await queries.put_rows(work, operation_id, piece.rows)
    await queries.put_problems(work, operation_id, piece.problems)


def shown(problem: Problem) -> ImportProblem:
    """Turn what is wrong with a row of the file into what the report says."""
    return ImportProblem(
        line=problem.line, row=problem.row, field="", code=problem.code, detail=problem.expected, column=problem.column,
        sheet=problem.sheet, cell=problem.cell,
    )  # fmt: skip


async def report(work: Work, kind: ImportKind, operation_id: UUID) -> ImportReport:
    """Give the report of an import of the caller's own; NotFound for one of another kind."""
    run = await queries.run(work, operation_id)
    if run.facts["kind"] != kind.name:
        raise NotFound
    counts = {name: getattr(run.counts, name) for name in TOLD_COUNTS}
    said = {name: run.facts[name] for name in ("source", "mapping", "dry_run", "all_or_nothing")}
    problems = await queries.problems(work, operation_id, most=MOST_PROBLEMS)
    return ImportReport(
        operation_id=operation_id,
        file=run.facts.get("file"),
        is_finished=run.is_finished,
        **counts,
        **said,
        problems=problems,
    )
