"""Signed heads of the journals, kept outside the database: who writes a chain anew, or cuts its end, cannot write these anew.

One file of JSON lines for each service, only ever added to. A head is a row's number and hash, signed with the service's key.
"""

import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.chain import Head
from shared.identity import PublicKey, SigningKey

log = logging.getLogger("a22.heads")

TYPE = "a22-journal-head+jwt"
#: A head is kept when the journal has moved and the last one is so old.
EVERY_SECONDS = 60.0
LONGEST_LINE = 2_000

PublicKeys = Callable[[str], PublicKey | None]


class NotOurs(ValueError):
    """A line that is no head signed by the service; the text says what is wrong with it."""


@dataclass(frozen=True)
class SignedHead:
    """A head with the service it belongs to, when it was signed (UTC), and the signature."""

    service: str
    head: Head
    at: str
    signed: str

    @classmethod
    def of(cls, service: str, head: Head, key: SigningKey) -> "SignedHead":
        """Sign a head now, by the host's clock."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        claims = {"service": service, "seq": head.seq, "hash": head.hash.hex(), "at": at}
        return cls(service, head, at, key.sign(claims, typ=TYPE))

    def line(self) -> str:
        """Write it as one JSON object: what it says in clear, and the signature that says the same."""
        shown = {"service": self.service, "seq": self.head.seq, "hash": self.head.hash.hex(), "at": self.at}
        return json.dumps({**shown, "signed": self.signed})


def read(line: str, keys: PublicKeys) -> SignedHead:
    """Read one line and verify it (ES256); raises NotOurs."""
    try:
        told: Mapping[str, Any] = json.loads(line[:LONGEST_LINE])
        signed = str(told["signed"])
        vouched = PublicKey.vouched(signed, typ=TYPE, key=keys)
    except (ValueError, KeyError, TypeError):
        raise NotOurs("the signature is not the service's") from None
    if {name: value for name, value in told.items() if name != "signed"} != vouched:
        raise NotOurs("it says something else than what was signed")
    head = Head(int(vouched["seq"]), bytes.fromhex(vouched["hash"]))
    return SignedHead(str(vouched["service"]), head, str(vouched["at"]), signed)


def lines_of(path: Path) -> list[str]:
    """Give the whole lines of a file; a last one that a crash left without its end is none."""
    if not path.exists():
        return []
    return path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]


class HeadFile:
    """The file of one service: adds a head when the journal has moved, about once a minute."""

    def __init__(self, folder: Path, service: str, key: SigningKey, *, every_seconds: float = EVERY_SECONDS) -> None:
        """Write to `<service>.jsonl` in a folder outside the database; it is made when the first head comes."""
        self.path = folder / f"{service}.jsonl"
        self._service = service
        self._key = key
        self._every = every_seconds
        self._asked_at = float("-inf")
        self._seq = 0

    def take_turn(self) -> bool:
        """Tell whether it is time for another head; the next time is so many seconds later, whether this one succeeds or not."""
        is_due = time.monotonic() - self._asked_at >= self._every
        if is_due:
            self._asked_at = time.monotonic()
        return is_due

    def keep(self, head: Head) -> None:
        """Add a head and see it on the disk; one that is not newer than the last is left out."""
        if head.seq <= self._seq:
            return
        line = SignedHead.of(self._service, head, self._key).line()
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            # two processes of one service may add at once: one write of one line is whole
            os.write(descriptor, f"{line}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._seq = head.seq
