"""What an earlier start left behind: a server that outlived its supervisor, or a pid file that lies.

To be called under the lock of the data directory. It must never signal a process that does not serve that directory.
"""

import os
import signal
import time
from pathlib import Path

from deploy.postgres.refusal import ClusterRefused

PROCESSES = Path("/proc")
PROGRAMS = (b"postgres", b"postmaster")
#: Wait for the signal of the parent's death to work, then ask for a fast stop, then for an immediate one.
STEPS = ((None, 5.0), (signal.SIGINT, 15.0), (signal.SIGQUIT, 10.0))


def clear(data: Path) -> None:
    """End an orphaned server of this data directory, and remove a pid file that names a stranger."""
    for number, seconds in STEPS:
        if not living(data):
            break
        if number is not None:
            _signal(data, number)
        _wait_until_empty(data, seconds)
    if left := living(data):
        raise ClusterRefused(f"PostgreSQL (process {left[0]}) still works in {data} and does not end: end it first")
    named = recorded_process(data)
    # A dead process is left to PostgreSQL, which also looks for shared memory still attached; a living stranger
    # would make it refuse.
    if named is not None and (PROCESSES / str(named)).exists():
        (data / "postmaster.pid").unlink(missing_ok=True)


def living(data: Path) -> list[int]:
    """The processes that serve this data directory: the server and what is left of its workers."""
    return [int(each.name) for each in PROCESSES.iterdir() if each.name.isdigit() and serves(int(each.name), data)]


def serves(process: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL of this data directory, by its command line and where it works."""
    try:
        words = (PROCESSES / str(process) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    if words[0].split(b":")[0].rpartition(b"/")[2] not in PROGRAMS:
        return False
    try:
        return (PROCESSES / str(process) / "cwd").readlink() == data
    except OSError:
        # Of another account in a container without ptrace rights: the server names its directory as an argument.
        return os.fsencode(data) in words


def recorded_process(data: Path) -> int | None:
    """The process that the pid file names."""
    try:
        return abs(int((data / "postmaster.pid").read_text().split("\n", 1)[0]))
    except (OSError, ValueError):
        return None


def _signal(data: Path, number: signal.Signals) -> None:
    """Signal the server, or the workers it left; by pidfd, so that a reused number is never hit."""
    found = living(data)
    server = recorded_process(data)
    for process in [server] if server in found and server is not None else found:
        try:
            handle = os.pidfd_open(process)
        except ProcessLookupError:
            continue
        try:
            if serves(process, data):
                signal.pidfd_send_signal(handle, number)
        except ProcessLookupError:
            continue
        finally:
            os.close(handle)


def _wait_until_empty(data: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    while living(data) and time.monotonic() < until:
        time.sleep(0.05)
