"""Watches the room on the cluster's disk: before it ends, PostgreSQL only reads, and writes again once there is room.

A full disk would end PostgreSQL in the middle of its log, reads included. It must never need the disk itself to act: the
setting lies ready and is put in force by a rename, which needs no room.
"""

import contextlib
import logging
import os
import signal
from pathlib import Path

from deploy.postgres.places import Place

#: What is kept free; on a small disk a tenth of it. The log grows by 16 MB at a time.
RESERVE_BYTES = 200_000_000
SMALLEST_SHARE = 10
#: More than the reserve must be free before writing goes on, or it would flicker.
EASED = 1.25

INCLUDED = "article22-reading-only.conf"
SETTING = "# laid and taken away by the supervisor: the disk is nearly full\ndefault_transaction_read_only = on\n"

log = logging.getLogger(__name__)


class Room:
    """The room on the disk of one cluster."""

    def __init__(self, place: Place) -> None:
        """Look after the disk of this place; nothing is read or written yet."""
        self._data = place.data
        self._place = place

    @property
    def in_force(self) -> Path:
        """The file that PostgreSQL reads."""
        return self._data / INCLUDED

    @property
    def spare(self) -> Path:
        """The same file while it is not in force."""
        return self.in_force.with_suffix(".spare")

    def lay_ready(self) -> None:
        """Before a start: have the setting at hand and PostgreSQL told where it would be; begin with writing, if there is room."""
        configuration = self._data / "postgresql.conf"
        line = f"include_if_exists '{INCLUDED}'\n"
        if line not in configuration.read_text():
            with configuration.open("a") as file:
                file.write(line)
        if not self.in_force.exists():
            self.spare.write_text(SETTING)
            self._place.account.take(self.spare)
        self.look(None)

    def look(self, server: int | None) -> None:
        """Turn writing off or on as the room demands, and tell the server (its process number) to read its settings."""
        free, needed = self._free()
        if free < needed and self.spare.exists():
            log.error("%d MB are left on the disk of %s: reading only, until there is room", free // 10**6, self._data)
            self._turn(self.spare, self.in_force, server)
        elif free > needed * EASED and self.in_force.exists():
            log.warning("there is room again on the disk of %s: writing goes on", self._data)
            self._turn(self.in_force, self.spare, server)

    def _free(self) -> tuple[int, int]:
        disk = os.statvfs(self._data)
        return disk.f_bavail * disk.f_frsize, min(RESERVE_BYTES, disk.f_blocks * disk.f_frsize // SMALLEST_SHARE)

    @staticmethod
    def _turn(old: Path, new: Path, server: int | None) -> None:
        old.rename(new)
        if server is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(server, signal.SIGHUP)
