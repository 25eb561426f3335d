"""Carries operations out: takes one, runs its runner, keeps result or problem. Knows no queue; `shared.jobs` calls it.

A failure that may pass (a part out of reach, somebody in the way) is tried again later; any other ends the operation.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from shared.access import decided_by
from shared.answers import as_problem, traced
from shared.caller import Caller
from shared.db import told_of
from shared.errors import AppError, Internal, Unavailable, problem_body
from shared.journal import Event
from shared.operations import queries
from shared.operations.rules import (
    MOST_ATTEMPTS,
    MOST_FAILURES,
    OPERATION,
    OperationAction,
    OperationState,
    states_before,
    wait_seconds,
)
from shared.operations.running import SYSTEM_CLASS, Cancelled, Interrupted, Runner, Running
from shared.operations.usecases import read, written

if TYPE_CHECKING:
    from shared.app import ServiceState

log = logging.getLogger("a22.operations")

_PERIODIC = UUID("5e6f1f0e-3c56-4c5e-9d0f-0f2c1b8a7d11")


class Again(Exception):
    """The run failed in a way that may pass: try again after `seconds`."""

    def __init__(self, seconds: int) -> None:
        """Ask for another try."""
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True)
class Carrier:
    """Carries out the operations of one service."""

    state: "ServiceState"
    runners: Mapping[str, Runner]
    is_stopping: Callable[[], bool]

    async def carry_out(self, operation_id: UUID) -> None:
        """Run an operation to its end, whatever that is; one that has ended, or is gone, needs nothing.

        Raises Again for a failure that may pass, Interrupted when the process stops.
        """
        running = await self._taken(operation_id)
        if running is None:
            return
        try:
            runner = self.runners.get(running.kind)
            if runner is None or running.attempt > MOST_ATTEMPTS:
                raise Internal
            result = await runner(running)
        except Cancelled:
            return
        except Interrupted:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a runner raises ends in a problem
            await self._failed(running, error)
        else:
            await self._end(running, OperationAction.FINISH, result=result)

    async def begin_periodic(self, name: str, timestamp: int) -> UUID:
        """Keep the operation of one tick of periodic work, once for each tick; gives its id."""
        service = self.state.database.service
        operation_id = uuid5(_PERIODIC, f"{service} {name} {timestamp}")
        caller = Caller(subject=f"{service}-service", audience_class=SYSTEM_CLASS, roles=frozenset({"system"}))
        async with self.state.database.inside(SYSTEM_CLASS, operation=name) as work:
            kept = await work.connection.execute(
                queries.INSERT_PERIODIC, operation_id, name, "{}", written(caller), None, self.state.settings.operation_days
            )  # fmt: skip
            if kept == "INSERT 0 1":
                event = OPERATION.create[OperationAction.ORDER].event
                work.record(Event(event, operation_id, {"kind": name}, leaves=False))
        return operation_id

    async def _taken(self, operation_id: UUID) -> Running | None:
        async with self.state.database.inside(SYSTEM_CLASS, operation="begin_operation") as work:
            row = await work.connection.fetchrow(
                queries.TAKE, operation_id, states_before(OperationAction.BEGIN)
            )  # fmt: skip
        if row is None:
            return None
        caller, under = read(row["caller"]), json.loads(row["ordered_under"])
        running = Running(
            id=operation_id, kind=row["kind"], arguments=json.loads(row["arguments"]), caller=caller, state=self.state,
            done=row["done"], attempt=row["attempt"], row=self.state.table.get(under["operation"]),
            is_stopping=self.is_stopping,
        )  # fmt: skip
        # the caller that was written down is the one that PostgreSQL saw, or nothing is done in its name
        decided = decided_by(caller, running.row) if running.row else frozenset()
        is_same = told_of(caller, under["operation"], decided) == under
        if not is_same or row["audience"] != f"{self.state.database.service}_{caller.audience_class}":
            log.error("operation %s was not ordered by the caller it names", operation_id)
            await self._end(running, OperationAction.FAIL, problem=Internal())
            return None
        return running

    async def _failed(self, running: Running, error: Exception) -> None:
        problem = as_problem(error)
        if isinstance(problem, Unavailable):
            failures = await self._noted(running)
            if failures is None:
                return
            if failures < MOST_FAILURES:
                raise Again(wait_seconds(failures)) from None
        if problem.status >= 500:
            log.error("operation %s (%s) failed: %s", running.id, running.kind, traced(error))
        await self._end(running, OperationAction.FAIL, problem=problem)

    async def _noted(self, running: Running) -> int | None:
        async with self.state.database.inside(SYSTEM_CLASS, operation="note_failure") as work:
            failures: int | None = await work.connection.fetchval(queries.NOTE_FAILURE, running.id, running.attempt)
        return failures

    async def _end(
        self, running: Running, action: OperationAction, *, result: Any = None, problem: AppError | None = None
    ) -> None:
        step = OPERATION.step(OperationState.RUNNING, action)
        async with self.state.database.inside(SYSTEM_CLASS, operation="end_operation") as work:
            ended = await work.connection.execute(
                queries.END, running.id, running.attempt, step.to.value,
                None if result is None else json.dumps(result, default=str), _told(problem, running.id),
                problem.problem_code if problem else None, self.state.settings.operation_days, states_before(action),
            )  # fmt: skip
            if ended == "UPDATE 1":
                told = {"kind": running.kind, "state": step.to.value}
                work.record(Event(step.event, running.id, told, leaves=False))


def _told(problem: AppError | None, operation_id: UUID) -> str | None:
    """Write the problem as its document, without a request's id: there is no request any more."""
    if problem is None:
        return None
    document = json.loads(problem_body(problem, str(operation_id)))
    del document["instance"]
    return json.dumps({**document, "errors": document.get("errors", [])})
