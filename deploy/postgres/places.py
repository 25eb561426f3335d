"""Where a cluster lives: its lock, its home folder, its socket folder.

It must never put data where the server's account cannot reach it, nor a socket where another account could.
"""

import contextlib
import fcntl
import hashlib
import logging
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.postgres import account as accounts
from deploy.postgres import binaries, orphans
from deploy.postgres.account import Account
from deploy.postgres.refusal import ClusterRefused

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the tmpfs itself; names below are made by mkdtemp
#: A socket's path has 107 bytes; its file name takes 14.
LONGEST_SOCKET_FOLDER = 90

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """A locked home (0700, of the account) and the socket folder."""

    home: Path
    sockets: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "postgresql"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "postgresql.log"

    @property
    def password(self) -> Path:
        """The superuser's password."""
        return self.home / "superuser"


@contextlib.contextmanager
def occupied(asked: Path, *, fast: bool) -> Iterator[Place]:
    """Lock the place of the asked folder, clear what an earlier start left there, and leave no socket behind."""
    asked = asked.absolute()
    asked.mkdir(parents=True, exist_ok=True)
    asked = asked.resolve()
    with contextlib.ExitStack() as held:
        if fast:
            held.enter_context(_locked(asked, asked))
            home = held.enter_context(_scratch())
        else:
            home = _home(asked)
            held.enter_context(_locked(home, asked))
        account = accounts.owner_of(home)
        orphans.clear(home / "postgresql")
        yield Place(home, held.enter_context(_sockets(home, account)), account)


@contextlib.contextmanager
def _locked(folder: Path, asked: Path) -> Iterator[None]:
    """Hold the folder for this process; the kernel lets go when it dies."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ClusterRefused(
                f"another start already runs PostgreSQL on {asked}: stop it first, or choose another data folder"
            ) from None
        yield
    finally:
        os.close(handle)


def _home(asked: Path) -> Path:
    """The cluster's folder in the asked one, or, where the account cannot go there, one of root's with a pointer."""
    here, pointer = asked / "cluster", asked / "cluster.place"
    if pointer.exists():
        return _ready(_followed(pointer), asked)
    if here.exists():
        return _ready(here, asked)
    account = accounts.current()
    if account.may_enter(asked):
        return _ready(here, asked)
    elsewhere = _elsewhere(asked)
    making = pointer.with_suffix(".making")
    making.write_text(f"{elsewhere}\n")
    making.rename(pointer)
    return _ready(elsewhere, asked)


def kept(asked: Path) -> Path | None:
    """Give the home that a cluster of the asked folder has already, or None; makes nothing and locks nothing."""
    here, pointer = asked / "cluster", asked / "cluster.place"
    if pointer.exists():
        return _followed(pointer)
    return here if here.is_dir() else None


def _elsewhere(asked: Path) -> Path:
    """A new home among root's; never an old one, which whoever removed the asked folder meant to be rid of."""
    state, name = binaries.state_folder(), _name(asked)
    if left := sorted(str(home) for home in state.glob(f"{name}-*")):
        log.warning("%s once held data in %s, which stays there until somebody removes it", asked, ", ".join(left))
    return state / f"{name}-{secrets.token_hex(4)}"


def _followed(pointer: Path) -> Path:
    """Where the pointer leads; only root's own pointer, and only into root's own folder."""
    if os.geteuid() != 0:
        raise ClusterRefused(f"the data of {pointer.parent} was made by root: start as root, or choose another folder")
    target = Path(pointer.read_text().strip())
    if pointer.lstat().st_uid != 0 or target.parent != binaries.state_folder():
        raise ClusterRefused(f"{pointer} does not lead into {binaries.state_folder()}: remove it, or repair it")
    return target


def _ready(home: Path, asked: Path) -> Path:
    """Make the home if need be, and see that its owner is the account that will serve it."""
    home.mkdir(mode=0o700, exist_ok=True)
    account = accounts.owner_of(home)
    if os.geteuid() not in (0, account.uid):
        raise ClusterRefused(f"the data of {asked} belongs to {account.name}: start as that account, or as root")
    account.take(home)
    if not account.may_enter(home):
        raise ClusterRefused(f"{account.name} can no longer reach {home}: open the folders above it, or move the data")
    return home


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """A throw-away home in memory, named after this process so that a later start can sweep it up."""
    parent = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK | os.X_OK) else _short_temporary()
    _sweep(parent)
    home = Path(tempfile.mkdtemp(prefix=f"a22-{os.getpid()}-", dir=parent)).resolve()
    with _locked(home, home):
        accounts.current().take(home)
        try:
            yield home
        finally:
            shutil.rmtree(home, ignore_errors=True)


def _sweep(parent: Path) -> None:
    """Remove throw-away homes whose maker is dead; the lock tells, where process numbers are another container's."""
    account = accounts.current()
    for home in parent.resolve().glob("a22-*-*"):
        found = re.match(r"a22-(\d+)-", home.name)
        if not found or Path(f"/proc/{found[1]}").exists():
            continue
        with contextlib.suppress(ClusterRefused, OSError):
            if _is_private(home, account) and (home / "postgresql.log").exists():
                with _locked(home, home):
                    orphans.clear(home / "postgresql")
                    shutil.rmtree(_socket_folder(home, account), ignore_errors=True)
                    shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def _sockets(home: Path, account: Account) -> Iterator[Path]:
    """A short folder of the account's alone; the same one at every start, unless a stranger sits there."""
    folder = _socket_folder(home, account)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not _is_private(folder, account):
            folder = Path(tempfile.mkdtemp(prefix="a22-", dir=folder.parent))
    account.take(folder)
    for left in folder.glob(".s.PGSQL.*"):
        # Under the lock and with no server alive, socket and socket lock are stale whatever process they name.
        left.unlink(missing_ok=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _socket_folder(home: Path, account: Account) -> Path:
    return _short_temporary() / f"a22-{account.uid}-{_name(home)}"


def _short_temporary() -> Path:
    """The folder for sockets; not TMPDIR, which may be long, or closed to the account."""
    usual = Path("/tmp")  # noqa: S108 - names in it are made 0700 and checked
    parent = usual if os.access(usual, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
    if len(str(parent)) + 24 > LONGEST_SOCKET_FOLDER:
        raise ClusterRefused(f"{parent} is too long for a socket's path: set TMPDIR to a short folder")
    return parent


def _is_private(folder: Path, account: Account) -> bool:
    """A real folder, of the account (or of us, not yet handed over), closed to everybody else."""
    found = folder.lstat()
    is_ours = found.st_uid in (account.uid, os.geteuid())
    return stat.S_ISDIR(found.st_mode) and is_ours and not stat.S_IMODE(found.st_mode) & 0o077


def _name(path: Path) -> str:
    """A short name for a path."""
    return hashlib.blake2b(os.fsencode(path), digest_size=6).hexdigest()
