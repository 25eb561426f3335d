"""The statements of imports: rows put aside in pieces, read back in batches, counted, and dropped.

PostgreSQL refuses COPY into a table under row-level security, so that a piece is one INSERT from arrays.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.db import Work
from shared.errors import NotFound
from shared.imports.envelope import MOST_PROBLEMS, ImportProblem
from shared.imports.tables import COUNTS

PIECE_ROWS = 1_000

INSERT_RUN = "INSERT INTO import_run (operation_id, facts) VALUES ($1, $2::text::jsonb)"
PUT_ROWS = """
INSERT INTO import_row (operation_id, number, line, row_id, content)
SELECT $1, * FROM unnest($2::integer[], $3::integer[], $4::text[], $5::bytea[])
"""
PUT_PROBLEMS = """
INSERT INTO import_problem (operation_id, line, row_id, column_name, sheet, cell, field, code, detail)
SELECT $1, * FROM unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
LIMIT greatest($10 - (SELECT count(*) FROM import_problem p WHERE p.operation_id = $1), 0)
"""
RUN = f"SELECT facts::text AS facts, is_finished, {', '.join(COUNTS)} FROM import_run WHERE operation_id = $1"
BATCH = """
SELECT r.number, r.line, r.row_id, r.content, earlier.line AS earlier_line FROM import_row r
LEFT JOIN LATERAL (
  SELECT e.line FROM import_row e WHERE e.operation_id = r.operation_id AND e.row_id = r.row_id AND e.number < r.number
  ORDER BY e.number LIMIT 1) earlier ON true
WHERE r.operation_id = $1 AND r.number > $2 ORDER BY r.number LIMIT $3
"""
ADD = f"UPDATE import_run SET {', '.join(f'{name} = {name} + ${at}' for at, name in enumerate(COUNTS, start=2))} WHERE operation_id = $1"
FINISH = "UPDATE import_run SET is_finished = true WHERE operation_id = $1"
DROP_ROWS = "DELETE FROM import_row WHERE operation_id = $1"
DROP_LEFT_BEHIND = """
DELETE FROM import_row r USING operation o WHERE o.id = r.operation_id AND o.state IN ('done', 'failed', 'cancelled')
"""
PROBLEMS = """
SELECT line, row_id AS row, field, code, detail, column_name AS column, sheet, cell FROM import_problem
WHERE operation_id = $1 ORDER BY line NULLS FIRST, id LIMIT $2
"""


@dataclass(frozen=True)
class Staged:
    """A row that waits: its place in the order, its line, its id and its content, and where its id stood before."""

    number: int
    line: int
    row: str | None
    content: bytes | None
    earlier_line: int | None = None


@dataclass
class Counts:
    """How many rows there are, and what became of them."""

    rows: int = 0
    staged: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    waiting: int = 0
    reported: int = 0
    held_back: int = 0
    bad: int = 0
    unverified: int = 0
    questions: int = 0


@dataclass(frozen=True)
class Run:
    """One import: what was ordered and from which file, how far it is, and what became of its rows so far."""

    operation_id: UUID
    facts: dict[str, Any]
    is_finished: bool
    counts: Counts = field(default_factory=Counts)


async def begin(work: Work, operation_id: UUID, facts: dict[str, Any]) -> None:
    """Keep what is known of an import before its first row."""
    await work.flush()
    await work.connection.execute(INSERT_RUN, operation_id, json.dumps(facts))


async def put_rows(work: Work, operation_id: UUID, rows: Sequence[Staged]) -> None:
    """Put rows aside, sealed."""
    seal = work.state.seal
    sealed = [
        None if row.content is None else seal.seal(row.content, operation_id=operation_id, number=row.number)
        for row in rows
    ]
    columns = ([row.number for row in rows], [row.line for row in rows], [row.row for row in rows], sealed)
    await work.connection.execute(PUT_ROWS, operation_id, *columns)


async def put_problems(work: Work, operation_id: UUID, problems: Sequence[ImportProblem]) -> None:
    """Keep what is wrong with rows; beyond the most that a report names, nothing."""
    names = ("line", "row", "column", "sheet", "cell", "field", "code", "detail")
    columns = [[getattr(problem, name) for problem in problems] for name in names]
    if problems:
        await work.connection.execute(PUT_PROBLEMS, operation_id, *columns, MOST_PROBLEMS)


async def run(work: Work, operation_id: UUID) -> Run:
    """Give an import of the caller's own; NotFound when there is none."""
    found = await work.connection.fetchrow(RUN, operation_id)
    if found is None:
        raise NotFound
    counts = Counts(**{name: found[name] for name in COUNTS})
    return Run(operation_id, json.loads(found["facts"]), found["is_finished"], counts)


async def batch(work: Work, operation_id: UUID, *, after: int, most: int) -> list[Staged]:
    """Give the rows that come next."""
    rows = await work.connection.fetch(BATCH, operation_id, after, most)
    return [
        Staged(row["number"], row["line"], row["row_id"], _opened(work, operation_id, row), row["earlier_line"])
        for row in rows
    ]


def _opened(work: Work, operation_id: UUID, row: Any) -> bytes | None:
    if row["content"] is None:
        return None
    opened: bytes = work.state.seal.open(row["content"], operation_id=operation_id, number=row["number"])
    return opened


async def add(work: Work, operation_id: UUID, counts: Counts) -> None:
    """Add to the counts of an import."""
    await work.flush()
    await work.connection.execute(ADD, operation_id, *(getattr(counts, name) for name in COUNTS))


async def finish(work: Work, operation_id: UUID) -> None:
    """Drop the rows and note that every one has been taken or reported."""
    await work.flush()
    await work.connection.execute(FINISH, operation_id)
    await work.connection.execute(DROP_ROWS, operation_id)


async def drop_left_behind(work: Work) -> None:
    """Drop the rows of imports that were cancelled or have failed."""
    await work.connection.execute(DROP_LEFT_BEHIND)


async def problems(work: Work, operation_id: UUID, *, most: int) -> list[ImportProblem]:
    """Give what is wrong with the rows of an import, by line."""
    return [ImportProblem(**dict(row)) for row in await work.connection.fetch(PROBLEMS, operation_id, most)]
