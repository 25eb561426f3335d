"""Waits beside a cluster and the processes that use it, until somebody says stop or one of them dies.

It must never go on without its database, and never report a death as a clean end.
"""

import contextlib
import logging
import os
import select
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from types import FrameType

from deploy.postgres.cluster import Cluster

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
#: What a process beside the database gets to finish its requests.
CHILD_ENDS_WITHIN_SECONDS = 20.0
LOOK_EVERY_MILLISECONDS = 500

log = logging.getLogger(__name__)


def heed_signals() -> None:
    """Make SIGINT and SIGTERM stop a start half-way and undo it, even where a background shell had them ignored."""
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)


def until_stopped(cluster: Cluster, *, children: Sequence[subprocess.Popen[bytes]] = ()) -> int:
    """Wait for SIGINT, SIGTERM or a death; end the children, then the cluster; return the exit code.

    0 after a signal, 1 when PostgreSQL or a child ended by itself, whatever its own code was.
    """
    with _woken_by_signals() as woken:
        died = _first_death([cluster.process, *children], woken, lambda: cluster.room.look(cluster.process.pid))
        # A second signal must not cut the stop short: it is bounded in time.
        end(children)
        cluster.stop()
    if died is None:
        return 0
    name = "PostgreSQL" if died is cluster.process else "a child process"
    log.error("%s (process %s) ended by itself with code %s", name, died.pid, died.returncode)
    return 1


@contextlib.contextmanager
def _woken_by_signals() -> Iterator[int]:
    """A descriptor that becomes readable at the first signal; own handlers, so that inherited ignoring ends."""
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def note(_number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(wake, b".")

    before = {number: signal.signal(number, note) for number in STOP_SIGNALS}
    try:
        yield woken
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(woken)
        os.close(wake)


def _first_death(
    processes: Sequence[subprocess.Popen[bytes]], woken: int, look: Callable[[], None]
) -> subprocess.Popen[bytes] | None:
    """The process that ended by itself, or None when a signal came first; `look` runs from time to time meanwhile."""
    handles = {}
    watch = select.poll()
    watch.register(woken, select.POLLIN)
    try:
        for process in processes:
            if process.poll() is not None:
                return process
            handle = os.pidfd_open(process.pid)
            handles[handle] = process
            watch.register(handle, select.POLLIN)
        while not (ready := {handle for handle, _ in watch.poll(LOOK_EVERY_MILLISECONDS)}):
            look()
        # Both at once: whoever signalled a whole group meant a stop.
        if woken in ready:
            return None
        process = handles[ready.pop()]
        process.wait()
        return process
    finally:
        for handle in handles:
            os.close(handle)


def end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """End the last one first, which is the door: what it is answering still needs the others. Then these together."""
    for group in (children[-1:], children[:-1]):
        for process in group:
            if process.poll() is None:
                process.terminate()
        for process in group:
            try:
                process.wait(CHILD_ENDS_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
