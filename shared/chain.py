"""Walks a journal's chain and names the first row that is not as it was sealed.

Computes every digest itself: a database whose functions were altered is not asked for its own innocence. Changes nothing.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Mapping
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
SELECT seq, id, extract(epoch FROM queued_at)::text AS at, to_char(occurred_on, 'YYYY-MM-DD') AS day, actor, audience, person, client, operation,
  action, subject_id, confidentiality, leaves, payload::text AS payload, prev_hash, hash
FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2
"""
_TOLD = (
    "at",
    "day",
    "actor",
    "audience",
    "person",
    "client",
    "operation",
    "action",
    "subject_id",
    "confidentiality",
    "leaves",
    "payload",
)


@dataclass(frozen=True)
class Fault:
    """The first row that is wrong: its number, what was done to it, and its id where there still is one."""

    seq: int
    kind: Kind
    sentence: str
    id: str = ""


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

    def __init__(self, known: Iterable[Head] = ()) -> None:
        """Begin before the first row; `known` are heads that were kept elsewhere, each of which must be passed."""
        self.head = Head(0, BEGINNING)
        self._known: dict[int, set[bytes]] = {}
        for each in known:
            self._known.setdefault(each.seq, set()).add(each.hash)
        self._last_known = max(self._known, default=0)

    def step(self, row: Mapping[str, Any]) -> Fault | None:
        """Take the next row, or say what is wrong with it."""
        fault = self._judged(row)
        if fault is None:
            self.head = Head(row["seq"], bytes(row["hash"]))
        return fault

    def end(self) -> Fault | None:
        """Say whether the chain ends before the head that is known."""
        first, last = self.head.seq + 1, self._last_known
        if first > last:
            return None
        return Fault(first, "cut", f"rows {first} to {last} were cut from the end")

    def _judged(self, row: Mapping[str, Any]) -> Fault | None:
        seq, due, identity = row["seq"], self.head.seq + 1, str(row["id"])
        if seq < due:
            return Fault(seq, "inserted", f"row {seq} was put before the first number", identity)
        if seq > due:
            return Fault(due, "deleted", f"row {due} is missing" + (f", up to row {seq - 1}" if seq - 1 > due else ""))
        if digest(row, seq=seq, before=bytes(row["prev_hash"])) != bytes(row["hash"]):
            return self._displaced(row)
        if bytes(row["prev_hash"]) != self.head.hash:
            return Fault(
                seq, "inserted", f"row {seq} does not continue row {seq - 1}: one of them was put in", identity
            )
        if self._known.get(seq, {bytes(row["hash"])}) != {bytes(row["hash"])}:
            told = f"row {seq} is not the one that was kept elsewhere: the chain was written anew, here or before it"
            return Fault(seq, "altered", told, identity)
        return None

    def _displaced(self, row: Mapping[str, Any]) -> Fault:
        """Tell a row that stood elsewhere from one whose content was changed."""
        seq = row["seq"]
        for place in range(max(1, seq - NEAR), seq + NEAR + 1):
            if digest(row, seq=place, before=bytes(row["prev_hash"])) == bytes(row["hash"]):
                return Fault(seq, "reordered", f"row {seq} was sealed as row {place}", str(row["id"]))
        return Fault(seq, "altered", f"row {seq} is not what was sealed", str(row["id"]))


async def first_fault(connection: asyncpg.Connection, *, known: Iterable[Head] = ()) -> Fault | None:
    """Walk the whole journal of a database, as a role that may read it; None when every row is as it was sealed."""
    return (await walked(connection, known=known))[0]


async def walked(connection: asyncpg.Connection, *, known: Iterable[Head] = ()) -> tuple[Fault | None, Head]:
    """Walk as `first_fault` does, and give the last sound row too."""
    walk = Walk(known)
    async for row in _rows(connection):
        if fault := walk.step(row):
            return fault, walk.head
    return walk.end(), walk.head


async def _rows(connection: asyncpg.Connection) -> AsyncIterator[Mapping[str, Any]]:
    after = -(2**63)
    while rows := await connection.fetch(CHAIN, after, ROWS_AT_ONCE):
        for row in rows:
            yield row
        after = rows[-1]["seq"]
