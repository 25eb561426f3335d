"""The worker of one service, inside its process: procrastinate's queue in the schema `jobs` of the service's database.

It outlives the database: while that is away it waits and tries again, without a restart. A job whose process died is
taken again within seconds. What a job does is the business of `shared.operations`.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import DeleteJobCondition, Job
from procrastinate.worker import Worker
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from shared.operations.carrying_out import Again, Carrier
from shared.operations.rules import LONGEST_WAIT_SECONDS, MOST_ATTEMPTS
from shared.operations.running import Interrupted, Runner

log = logging.getLogger("a22.jobs")
# both write arguments, addresses and the texts of errors into their lines; what there is to say is said here
for _name in ("procrastinate", "psycopg.pool"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

QUEUE = "operations"
CARRY_OUT = "carry_out"
CONCURRENCY = 2
HEARTBEAT_SECONDS = 2.0
#: A worker that was not heard of for so long is dead, and its jobs are taken again.
DEAD_AFTER_SECONDS = 10.0
POLL_SECONDS = 2.0
#: How long a running job may go on when the process is told to stop; it is interrupted then and resumed at the next start.
GRACE_SECONDS = 3.0
AGAIN_SECONDS = 1.0
#: A tick that was missed is made up for once, if it is not older than this.
OLDEST_TICK_SECONDS = 8 * 24 * 3600.0

#: A worker that only seemed dead finds its operation taken over and writes nothing more (shared.operations.running).
RESCUE = """
UPDATE procrastinate_jobs j SET status = 'todo', attempts = attempts + 1, scheduled_at = NULL, worker_id = NULL
WHERE j.status = 'doing' AND NOT EXISTS (
  SELECT 1 FROM procrastinate_workers w
  WHERE w.id = j.worker_id AND w.last_heartbeat > now() - make_interval(secs => %(seconds)s::float8))
"""
BEGIN_TICKS = """
INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
SELECT %(name)s::varchar, '', %(timestamp)s::bigint
WHERE NOT EXISTS (SELECT 1 FROM procrastinate_periodic_defers WHERE task_name = %(name)s::varchar)
"""


@dataclass(frozen=True)
class Periodic:
    """Work that the service does by itself: its name, when (cron, in UTC by the host's clock), and what."""

    name: str
    cron: str
    run: Runner


class _Patience(BaseRetryStrategy):
    """A stopped run goes on at once, a failure that may pass after its wait.

    An operation itself says when it is given up; a tick that was never kept as one is given up here.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Give when to try again, or None."""
        if job.task_name != CARRY_OUT and job.attempts >= MOST_ATTEMPTS:
            return None
        if isinstance(exception, Interrupted | asyncio.CancelledError):
            return RetryDecision()
        seconds = exception.seconds if isinstance(exception, Again) else min(2**job.attempts, LONGEST_WAIT_SECONDS)
        return RetryDecision(retry_in={"seconds": seconds})


class Jobs:
    """Runs the jobs of one service while its process lives."""

    def __init__(self, url: str, service: str, carrier: Carrier, periodic: Iterable[Periodic]) -> None:
        """Take the service's address of its database (as its app role), who carries out, and what comes periodically."""
        self._url = url
        self._service = service
        self._carrier = carrier
        self._periodic = tuple(periodic)
        self._worker: Worker | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_away = False
        self.is_stopping = False

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End: a running job gets a moment, is then interrupted, and goes on at the next start. Again is harmless."""
        self.is_stopping = True
        if self._worker:
            self._worker.stop()  # type: ignore[no-untyped-call]
        if self._task:
            await asyncio.wait({self._task}, timeout=GRACE_SECONDS + 2)
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while not self.is_stopping:
            try:
                await self._serve()
            except Exception as error:  # noqa: BLE001 - a worker never ends; what failed is in the queue
                self._note(error)
            if not self.is_stopping:
                await asyncio.sleep(AGAIN_SECONDS)

    def _note(self, error: Exception | None) -> None:
        """Say once that the queue is out of reach, and once that it is back."""
        if error and not self._is_away:
            log.warning("%s: the queue is out of reach: %s", self._service, type(error.__cause__ or error).__name__)
        elif self._is_away and not error:
            log.warning("%s: the queue is back", self._service)
        self._is_away = error is not None

    async def _serve(self) -> None:
        async with self._connected() as app:
            await self._begin_ticks(app)
            worker = self._worker = Worker(
                app, queues=[QUEUE], name=self._service, concurrency=CONCURRENCY, install_signal_handlers=False,
                fetch_job_polling_interval=POLL_SECONDS, shutdown_graceful_timeout=GRACE_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS, stalled_worker_timeout=DEAD_AFTER_SECONDS,
                delete_jobs=DeleteJobCondition.ALWAYS,
            )  # fmt: skip
            self._note(None)
            rescuing = asyncio.create_task(self._rescue(app, worker))
            try:
                if not self.is_stopping:
                    await worker.run()  # type: ignore[no-untyped-call]
            finally:
                self._worker = None
                rescuing.cancel()
                await asyncio.wait({rescuing})

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[App]:
        options = f"-c role={self._service}_worker -c search_path=jobs,public"
        pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            self._url, min_size=1, max_size=2, num_workers=1, timeout=5, open=False,
            kwargs={"options": options, "application_name": f"{self._service} jobs", "connect_timeout": 5},
            check=AsyncConnectionPool.check_connection,
        )  # fmt: skip
        try:
            await pool.open(wait=True, timeout=5)
            app = App(connector=PsycopgConnector(), periodic_defaults={"max_delay": OLDEST_TICK_SECONDS})
            self._register(app)
            await app.connector.open_async(pool)
            yield app
        finally:
            await pool.close(timeout=2)

    def _register(self, app: App) -> None:
        patience = _Patience()

        async def carry_out(operation_id: str) -> None:
            _forget_outcome()
            await self._carrier.carry_out(UUID(operation_id))

        app.task(carry_out, name=CARRY_OUT, queue=QUEUE, retry=patience)  # type: ignore[call-overload]
        for each in self._periodic:
            name = f"periodic {each.name}"
            task = app.task(self._ticking(each), name=name, queue=QUEUE, retry=patience, lock=each.name, queueing_lock=each.name)  # type: ignore[call-overload]  # fmt: skip
            app.periodic(cron=each.cron)(task)

    def _ticking(self, periodic: Periodic) -> Any:
        async def tick(timestamp: int) -> None:
            _forget_outcome()
            await self._carrier.carry_out(await self._carrier.begin_periodic(periodic.name, timestamp))

        return tick

    async def _begin_ticks(self, app: App) -> None:
        """Let work that is new here begin with its next tick; only what was known before is made up for."""
        for each in app.periodic_registry.periodic_tasks.values():
            last = round(each.croniter.get_prev(ret_type=float, start_time=time.time()))
            await app.connector.execute_query_async(BEGIN_TICKS, name=each.task.name, timestamp=last)

    async def _rescue(self, app: App, worker: Worker) -> None:
        """Put the jobs of dead workers back, again and again; without the database this worker begins anew."""
        try:
            while True:
                await app.connector.execute_query_async(RESCUE, seconds=DEAD_AFTER_SECONDS)
                await asyncio.sleep(HEARTBEAT_SECONDS)
        except Exception as error:  # noqa: BLE001 - the worker is told, and begins anew
            self._note(error)
            worker.stop()  # type: ignore[no-untyped-call]


def _forget_outcome() -> None:
    """Take note of how the job's task ends, so that the event loop does not write its error into the log."""
    task = asyncio.current_task()
    if task:
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
