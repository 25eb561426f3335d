"""Wrapped keys of many owners in a few files: a thousand new keys cost one wait for the disk, not a file each.

Knows no secret and opens nothing. A record is never changed; taking one out writes its file anew without it.
"""

import ctypes
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

#: So many that a look-up among a million keys reads about a megabyte.
PACKS = 64
_OWNER = 16


class KeyPacks:
    """The packs of one kind of owner, all in one folder. Records have one length; half a one at the end is no record."""

    def __init__(self, folder: Path, record_bytes: int) -> None:
        """Keep records of `record_bytes` bytes each under their owner's id."""
        self._folder = folder
        self._length = _OWNER + record_bytes

    def add(self, wrapped: Mapping[UUID, bytes]) -> None:
        """Add records of owners that are new, and wait until they are on the disk; OSError when that cannot be."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        packs: dict[int, list[bytes]] = {}
        for owner, record in wrapped.items():
            named = owner.bytes
            packs.setdefault(named[0] % PACKS, []).append(named + record)
        with self._turn():
            for pack, records in packs.items():
                self._append(self._pack(pack), b"".join(records))
            _sync_all_below(self._folder)

    def find(self, owner: UUID) -> bytes | None:
        """Give the record of an owner, if there is one."""
        try:
            content = self._path(owner).read_bytes()
        except FileNotFoundError:
            return None
        at = self._place(content, owner)
        return None if at is None else content[at + _OWNER : at + self._length]

    def remove(self, owner: UUID) -> None:
        """Take a record out for good: the file is written anew without it. Repeating it does no harm."""
        path = self._path(owner)
        if not path.exists():
            return
        with self._turn():
            content = path.read_bytes()
            at = self._place(content, owner)
            if at is None:
                return
            draft = path.with_suffix(".draft")
            with draft.open("wb") as file:
                file.write(content[:at] + content[at + self._length :])
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            _sync_all_below(self._folder)

    def _path(self, owner: UUID) -> Path:
        return self._pack(owner.bytes[0] % PACKS)

    def _pack(self, number: int) -> Path:
        return self._folder / f"{number:02d}.keys"

    def _place(self, content: bytes, owner: UUID) -> int | None:
        at = content.find(owner.bytes)
        while at >= 0:
            if at % self._length == 0 and at + self._length <= len(content):
                return at
            at = content.find(owner.bytes, at + 1)
        return None

    def _append(self, path: Path, records: bytes) -> None:
        file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            end = os.lseek(file, 0, os.SEEK_END)
            # what a crash cut off in the middle belonged to nobody
            os.lseek(file, end - end % self._length, os.SEEK_SET)
            written = os.write(file, records)
            if written != len(records):
                raise OSError("the disk took only a part")
        finally:
            os.close(file)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Take turns with every other process that writes here."""
        with (self._folder / "turn").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _sync_all_below(folder: Path) -> None:
    """Wait until everything written to the file system of a folder is on the disk: one wait for all files."""
    together = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if together is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if together(descriptor) != 0:
            raise OSError(ctypes.get_errno(), "syncfs")
    finally:
        os.close(descriptor)
