"""The operating-system account PostgreSQL runs as. It must never make an account, and never be root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.postgres.refusal import ClusterRefused

#: Accounts that systems bring along, the more private one first.
EXISTING = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An account by name and numbers."""

    name: str
    uid: int
    gid: int

    @classmethod
    def named(cls, entry: pwd.struct_passwd) -> Self:
        """Take the account from its line in the password database."""
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    @property
    def is_other(self) -> bool:
        """Whether the server must drop from root to this account."""
        return self.uid != os.geteuid()

    def may_enter(self, folder: Path) -> bool:
        """Ask the kernel, as that account: mode bits of every parent, access lists and mounts all count."""
        return self.runs(["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)])

    def runs(self, command: list[str]) -> bool:
        """Whether the command can be run as this account and ends well."""
        try:
            ended = subprocess.run(
                command,
                check=False,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                user=self.uid if self.is_other else None,
                group=self.gid if self.is_other else None,
                extra_groups=[] if self.is_other else None,
            )
        except OSError:
            return False
        return ended.returncode == 0

    def take(self, path: Path) -> None:
        """Become the owner of a path that root has just made."""
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def current() -> Account:
    """Ourselves, or for root the first unprivileged account the system already has."""
    if os.geteuid() != 0:
        return _by_number(os.geteuid(), os.getegid())
    for name in EXISTING:
        try:
            return Account.named(pwd.getpwnam(name))
        except KeyError:
            continue
    raise ClusterRefused(
        f"PostgreSQL does not run as root and there is no account {' or '.join(EXISTING)}: start as a plain user"
    )


def owner_of(path: Path) -> Account:
    """The owner of the path; what root still owns is meant for the current account."""
    found = path.lstat()
    return current() if found.st_uid == 0 else _by_number(found.st_uid, found.st_gid)


def _by_number(uid: int, gid: int) -> Account:
    """Containers run as numbers without a name; PostgreSQL gets along with that as long as we name the superuser."""
    try:
        return Account.named(pwd.getpwuid(uid))
    except KeyError:
        return Account(str(uid), uid, gid)
