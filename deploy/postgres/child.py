"""Starts a child that ends with its parent, even when the parent is killed.

It must never be called outside the main thread: the kernel means the starting thread when it says parent.
"""

import ctypes
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from deploy.postgres.account import Account
from deploy.postgres.refusal import ClusterRefused

PR_SET_PDEATHSIG = 1
#: Background shells hand SIGINT down as ignored; a child must not inherit that.
RESET = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP)
#: Nothing of the caller's PG* variables or loader paths may steer the server.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

_libc = ctypes.CDLL(None, use_errno=True)


def tie(parent: int, on_parent_death: signal.Signals) -> None:
    """Run in a child between fork and exec: get this signal when `parent` dies, and take signals as they come."""
    # After setuid, which would have cleared it; then look whether the parent died before it was set.
    if _libc.prctl(PR_SET_PDEATHSIG, int(on_parent_death), 0, 0, 0) != 0 or os.getppid() != parent:
        os._exit(127)
    for number in RESET:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def spawn(
    command: Sequence[str], *, account: Account, log: Path, on_parent_death: signal.Signals
) -> subprocess.Popen[bytes]:
    """Run the command as the account, in a session of its own, tied to our life, its words in the log."""
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("PostgreSQL must be started from the main thread, or it ends with the thread")
    parent = os.getpid()
    # The folder belongs to the server's account: a link planted there must not lead root elsewhere.
    words = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        return subprocess.Popen(
            command,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            # Ctrl-C reaches the supervisor alone, which stops the web processes before the database.
            start_new_session=True,
            user=account.uid if account.is_other else None,
            group=account.gid if account.is_other else None,
            extra_groups=[] if account.is_other else None,
            preexec_fn=lambda: tie(parent, on_parent_death),  # noqa: PLW1509 - checked above: the main thread, and nothing here takes a lock
        )
    except OSError as error:
        raise ClusterRefused(f"cannot run {command[0]} as {account.name}: {error.strerror}") from error
    finally:
        os.close(words)
