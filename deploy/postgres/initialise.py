"""Makes a data directory whole or not at all: beside its place first, then by one rename.

It must never touch data that is there, nor make data whose superuser has no password.
"""

import os
import secrets
import shutil
import signal
from pathlib import Path

from deploy.postgres import child
from deploy.postgres.binaries import Binaries
from deploy.postgres.places import Place
from deploy.postgres.refusal import ClusterRefused

SUPERUSER = "postgres"
#: The first version with a locale of its own, which is the same on every machine.
BUILT_IN_LOCALE_SINCE = 17


def prepare(place: Place, binaries: Binaries, *, fast: bool) -> str:
    """Make the data directory if there is none, check that it fits, and return the superuser's password."""
    for left in place.home.glob("making-*"):
        shutil.rmtree(left, ignore_errors=True)
    if not place.data.exists():
        _password(place)
        _make(place, binaries, fast=fast)
    version = (place.data / "PG_VERSION").read_text().strip()
    if version != str(binaries.major):
        raise ClusterRefused(
            f"the data in {place.data} is of PostgreSQL {version}, the programs are {binaries.version}: "
            "name a fitting program folder in A22_POSTGRES_BIN, or back up with the old and restore with the new"
        )
    if not place.password.exists():
        raise ClusterRefused(f"{place.password} is missing: put the superuser's password back, or restore a backup")
    return read_password(place.password)


def _make(place: Place, binaries: Binaries, *, fast: bool) -> None:
    making = place.home / f"making-{secrets.token_hex(6)}"
    command = [
        binaries.program("initdb"),
        f"--pgdata={making}",
        f"--username={SUPERUSER}",
        f"--pwfile={place.password}",
        "--auth-local=scram-sha-256",
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--data-checksums",
        "--no-instructions",
        *_locale(binaries),
        *(["--no-sync"] if fast else []),
    ]
    log = place.home / "initdb.log"
    log.unlink(missing_ok=True)
    process = child.spawn(command, account=place.account, log=log, on_parent_death=signal.SIGKILL)
    try:
        code = process.wait()
    except BaseException:
        # The whole session: initdb has a server of its own that would write on for a moment.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(making, ignore_errors=True)
        raise
    if code != 0:
        raise ClusterRefused(f"initdb failed: {last_words(log)}")
    making.rename(place.data)
    _flush(place.home)


def _locale(binaries: Binaries) -> list[str]:
    """Byte order for sorting, Unicode for letters: the same everywhere, and no index breaks when a library changes."""
    if binaries.major >= BUILT_IN_LOCALE_SINCE:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8", "--lc-messages=C"]


def _password(place: Place) -> None:
    """Keep a random password, readable by the server's account alone; one of a killed start is used again."""
    if place.password.exists():
        return
    making = place.home / "superuser.making"
    making.unlink(missing_ok=True)
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    place.account.take(making)
    making.rename(place.password)


def read_password(password: Path) -> str:
    """Give the superuser's password from its file."""
    # The folder is the server's account's: root must not follow a link that was planted there.
    with os.fdopen(os.open(password, os.O_RDONLY | os.O_NOFOLLOW)) as file:
        return file.readline().strip()


def _flush(folder: Path) -> None:
    """Make the rename itself durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def last_words(log: Path) -> str:
    """The end of a log, for the sentence of a refusal."""
    try:
        lines = log.read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return " | ".join(line.strip() for line in lines[-3:]) or "it said nothing"
