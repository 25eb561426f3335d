"""Walks a journal's chain and names the first row that is not as it was sealed.

Computes every digest itself: a database whose functions were altered is not asked for its own innocence. Changes nothing.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import asyncpg

Kind = Literal["altered", "deleted", "inserted", "reordered", "cut"]

#: What stands before the first row.
BEGINNING = b"\x00"
#: How far from its place a row is looked for before it counts as altered.
NEAR = 1_000
ROWS_AT_ONCE = 2_000

CHAIN = """
SELECT seq, id, extract(epoch FROM queued_at)::text AS at, actor, audience, person, client, operation, action, subject_id,
  confidentiality, payload::text AS payload, prev_hash, hash
FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2
"""
_TOLD = (
    "at",
    "actor",
    "audience",
    "person",
    "client",
    "operation",
    "action",
    "subject_id",
    "confidentiality",
    "payload",
)


@dataclass(frozen=True)
class Fault:
    """The first row that is wrong: its number, and what was done to it."""

    seq: int
    kind: Kind
    sentence: str


@dataclass(frozen=True)
class Head:
    """The last row of a chain: what somebody outside keeps, so that a cut tail or a chain written anew shows."""

    seq: int
    hash: bytes


def digest(row: Mapping[str, Any], *, seq: int, before: bytes) -> bytes:
    """Compute the hash of a row as number `seq` after the hash `before`."""
    told = [seq, str(row["id"]), *(row[name] for name in _TOLD)]
    return hashlib.sha256(before + json.dumps(told, ensure_ascii=False).encode()).digest()


class Walk:
    """Goes from row to row in the order of their numbers; keeps one row in memory."""

    def __init__(self, known: Head | None = None) -> None:
        """Begin before the first row; `known` is a head that was kept elsewhere and must be passed."""
        self.head = Head(0, BEGINNING)
        self._known = known

    def step(self, row: Mapping[str, Any]) -> Fault | None:
        """Take the next row, or say what is wrong with it."""
        fault = self._judged(row)
        if fault is None:
            self.head = Head(row["seq"], bytes(row["hash"]))
        return fault

    def end(self) -> Fault | None:
        """Say whether the chain ends before the head that is known."""
        if self._known is not None and self.head.seq < self._known.seq:
            return Fault(
                self.head.seq + 1, "cut", f"rows {self.head.seq + 1} to {self._known.seq} were cut from the end"
            )
        return None

    def _judged(self, row: Mapping[str, Any]) -> Fault | None:
        seq, due = row["seq"], self.head.seq + 1
        if seq < due:
            return Fault(seq, "inserted", f"row {seq} was put before the first number")
        if seq > due:
            return Fault(due, "deleted", f"row {due} is missing" + (f", up to row {seq - 1}" if seq - 1 > due else ""))
        if digest(row, seq=seq, before=bytes(row["prev_hash"])) != bytes(row["hash"]):
            return self._displaced(row)
        if bytes(row["prev_hash"]) != self.head.hash:
            return Fault(seq, "inserted", f"row {seq} does not continue row {seq - 1}: one of them was put in")
        if self._known is not None and seq == self._known.seq and bytes(row["hash"]) != self._known.hash:
            return Fault(
                seq, "altered", f"row {seq} is not the one that was kept elsewhere: the chain was written anew"
            )
        return None

    def _displaced(self, row: Mapping[str, Any]) -> Fault:
        """Tell a row that stood elsewhere from one whose content was changed."""
        seq = row["seq"]
        for place in range(max(1, seq - NEAR), seq + NEAR + 1):
            if digest(row, seq=place, before=bytes(row["prev_hash"])) == bytes(row["hash"]):
                return Fault(seq, "reordered", f"row {seq} was sealed as row {place}")
        return Fault(seq, "altered", f"row {seq} is not what was sealed")


async def first_fault(connection: asyncpg.Connection, *, known: Head | None = None) -> Fault | None:
    """Walk the whole journal of a database, as a role that may read it; None when every row is as it was sealed."""
    walk = Walk(known)
    async for row in _rows(connection):
        if fault := walk.step(row):
            return fault
    return walk.end()


async def _rows(connection: asyncpg.Connection) -> AsyncIterator[Mapping[str, Any]]:
    after = -(2**63)
    while rows := await connection.fetch(CHAIN, after, ROWS_AT_ONCE):
        for row in rows:
            yield row
        after = rows[-1]["seq"]
