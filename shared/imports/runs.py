"""Carrying an import out: rows are taken in batches, each with its progress in one transaction, so that a kill loses nothing.

What must hold for the file as a whole (a dry run, all or nothing, rows that name each other) is one transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.db import Work
from shared.imports import queries
from shared.imports.envelope import DOUBTFUL, MOST_PROBLEMS, TOLD_COUNTS, ImportOrder, ImportProblem
from shared.imports.kinds import ImportKind
from shared.imports.queries import Counts, Run, Staged
from shared.imports.turns import by_turns
from shared.operations import Runner, Running
from shared.schemas import BadLine

BATCH_ROWS = 1_000
#: So many rows are judged in one go.
READ_ROWS = 200
#: A result names so many problems; the report names all.
FIRST_PROBLEMS = 20


@dataclass
class Taken:
    """What became of some rows."""

    counts: Counts = field(default_factory=Counts)
    problems: list[ImportProblem] = field(default_factory=list)
    bad_lines: set[int] = field(default_factory=set)

    def add(self, other: "Taken") -> None:
        """Add what became of further rows; beyond what a report names, problems are only counted."""
        for name in ("created", "changed", "unchanged", "waiting", "reported", "unverified", "questions"):
            setattr(self.counts, name, getattr(self.counts, name) + getattr(other.counts, name))
        self.bad_lines |= other.bad_lines
        self.problems += other.problems[: MOST_PROBLEMS - len(self.problems)]


def runners(kinds: Sequence[ImportKind]) -> dict[str, Runner]:
    """Give who carries out the imports of these kinds, by the kind of the operation."""
    return {kind.operation: _runner(kind) for kind in kinds}


def _runner(kind: ImportKind) -> Runner:
    async def carry_out(running: Running) -> dict[str, Any]:
        told = running.arguments
        order = ImportOrder(**{name: told[name] for name in ("source", "mapping", "dry_run", "all_or_nothing")})
        is_one = order.dry_run or order.all_or_nothing or kind.takes_whole
        await (_in_one(running, kind, order) if is_one else _in_batches(running, kind, order))
        async with running.work() as work:
            return await _result(work, running)

    return carry_out


async def _in_batches(running: Running, kind: ImportKind, order: ImportOrder) -> None:
    done = running.done
    while True:
        async with running.work() as work:
            run = await queries.run(work, running.id)
            rows = await queries.batch(work, running.id, after=done, most=BATCH_ROWS)
            if not rows:
                await queries.finish(work, running.id)
                return
            await _keep(work, running, await _take(work, kind, order, run, rows))
            done = rows[-1].number
            await running.advance(work, done, run.counts.staged)


async def _in_one(running: Running, kind: ImportKind, order: ImportOrder) -> None:
    taken, is_dropped = Taken(), order.dry_run
    async with running.work() as work:
        run = await queries.run(work, running.id)
        if run.is_finished:
            return
        if order.dry_run:
            work.discard()
        await _take_all(work, running, kind, order, run, taken)
        if order.all_or_nothing and (run.counts.bad or taken.bad_lines):
            is_dropped = True
            work.discard()
            _hold_back(taken)
        if not is_dropped:
            await _keep(work, running, taken)
            await queries.finish(work, running.id)
    if is_dropped:
        async with running.work() as work:
            await _keep(work, running, taken)
            await queries.finish(work, running.id)


async def _take_all(work: Work, running: Running, kind: ImportKind, order: ImportOrder, run: Run, taken: Taken) -> None:
    """Take every row in this transaction; how far it is, is told in others, as this one is seen at its end only."""
    done, most = 0, run.counts.staged if kind.takes_whole else BATCH_ROWS
    while rows := await _given(work, running, after=done, most=most):
        taken.add(await _take(work, kind, order, run, rows))
        done = rows[-1].number
        await work.settle()
        async with running.work() as told:
            await running.advance(told, done, run.counts.staged)


async def _given(work: Work, running: Running, *, after: int, most: int) -> list[Staged]:
    """Give the rows that come next; a whole file is opened piece by piece, so that others have their turn between."""
    given: list[Staged] = []
    while len(given) < most:
        piece = await queries.batch(work, running.id, after=after, most=min(BATCH_ROWS, most - len(given)))
        if not piece:
            break
        given += piece
        after = piece[-1].number
    return given


def _hold_back(taken: Taken) -> None:
    """Count again for a file of which nothing is kept: the rows that are wrong are reported, the others held back."""
    ready = _settled(taken.counts) + taken.counts.reported
    reported = len(taken.bad_lines)
    taken.counts = Counts(reported=reported, held_back=ready - reported)


async def _take(work: Work, kind: ImportKind, order: ImportOrder, run: Run, rows: Sequence[Staged]) -> Taken:
    """Take rows through the feature; a row whose id stood before in the file is reported."""
    taken = Taken()
    given = [row for row in rows if row.content is not None]
    fresh = [row for row in given if row.earlier_line is None]
    found = [_doubled(row) for row in given if row.earlier_line is not None]
    if fresh:
        read = await _read(kind, fresh)
        for row, each in zip(fresh, read, strict=True):
            if isinstance(each, BadLine):
                each.line, each.row = row.line, row.row
        outcome = await kind.take(work, order, read)
        found += outcome.problems
        for name in ("created", "changed", "unchanged", "waiting", "unverified", "questions"):
            setattr(taken.counts, name, getattr(outcome, name))
    taken.counts.reported = len(given) - _settled(taken.counts)
    taken.problems = [_placed(problem, run.facts) for problem in found]
    taken.bad_lines = {problem.line or 0 for problem in found if problem.code != DOUBTFUL}
    return taken


async def _read(kind: ImportKind, rows: Sequence[Staged]) -> list[Any]:
    read: list[Any] = []
    async for start in by_turns(range(0, len(rows), READ_ROWS), most=1):
        read += kind.read([row.content or b"" for row in rows[start : start + READ_ROWS]])
    return read


def _settled(counts: Counts) -> int:
    """Count the rows that were taken, or wait for somebody's decision."""
    return counts.created + counts.changed + counts.unchanged + counts.waiting


def _doubled(row: Staged) -> ImportProblem:
    detail = f"this row id stands twice in the file, first in line {row.earlier_line}"
    return ImportProblem(line=row.line, row=row.row, field="/row", code="duplicate_row", detail=detail)


def _placed(problem: ImportProblem, facts: Mapping[str, Any]) -> ImportProblem:
    """Say where in the file a field of ours comes from."""
    if not facts.get("columns"):
        return problem
    named = problem.field.strip("/").partition("/")[0]
    column = facts["columns"].get(named) or named or None
    letters = facts["letters"].get((column or "").partition(", ")[0])
    taken = "taken, but doubtful" if problem.code == DOUBTFUL else "not taken"
    return problem.model_copy(
        update={
            "detail": f"{taken}: {problem.detail}", "column": column, "sheet": facts["sheet"],
            "cell": f"{letters}{problem.line}" if letters else None,
        }
    )  # fmt: skip


async def _keep(work: Work, running: Running, taken: Taken) -> None:
    await queries.add(work, running.id, taken.counts)
    await queries.put_problems(work, running.id, taken.problems)


async def _result(work: Work, running: Running) -> dict[str, Any]:
    run = await queries.run(work, running.id)
    await running.advance(work, run.counts.staged, run.counts.staged)
    first = await queries.problems(work, running.id, most=FIRST_PROBLEMS)
    counts = {name: getattr(run.counts, name) for name in TOLD_COUNTS}
    return {
        **counts,
        **{name: run.facts[name] for name in ("source", "mapping", "dry_run", "all_or_nothing")},
        "problems": [problem.model_dump(mode="json") for problem in first],
        "report": f"/v1/npm/{run.facts['kind']}/imports/{running.id}/report",
    }
