"""The walk along the chain: each way of tampering is named with its row, and an honest journal is left in peace."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from deploy.postgres.server import Server
from shared.chain import BEGINNING, Fault, Head, Walk, digest, first_fault
from shared.db import Database
from tests.shared.test_journal import database, settled, write

__all__ = ["database"]

Row = dict[str, Any]


def chained(count: int) -> list[Row]:
    """Seal made-up rows."""
    rows: list[Row] = []
    before = BEGINNING
    for seq in range(1, count + 1):
        row: Row = {
            "seq": seq, "id": UUID(int=seq), "at": f"{1_700_000_000 + seq}.000000", "day": "2026-11-01", "actor": "a", "audience": "visits_npm",
            "person": "p", "client": "c", "operation": "o", "action": f"visits.test.{seq}", "subject_id": str(seq),
            "confidentiality": "INT", "leaves": True, "payload": '{"note": "Ж \\"quoted\\""}', "prev_hash": before,
        }  # fmt: skip
        before = row["hash"] = digest(row, seq=seq, before=before)
        rows.append(row)
    return rows


def found(rows: list[Row], known: Head | None = None) -> Fault | None:
    """Walk."""
    walk = Walk([known] if known else [])
    for row in sorted(rows, key=lambda each: int(each["seq"])):
        if fault := walk.step(row):
            return fault
    return walk.end()


def altered(rows: list[Row]) -> None:
    rows[4]["actor"] = "somebody else"


def altered_with_a_fitting_hash(rows: list[Row]) -> None:
    rows[4]["actor"] = "somebody else"
    rows[4]["hash"] = digest(rows[4], seq=5, before=rows[4]["prev_hash"])


def deleted(rows: list[Row]) -> None:
    del rows[4:6]


def the_first_deleted(rows: list[Row]) -> None:
    del rows[0]


def swapped(rows: list[Row]) -> None:
    rows[4]["seq"], rows[7]["seq"] = 8, 5


def moved_up(rows: list[Row]) -> None:
    del rows[4]
    for seq, row in enumerate(rows, start=1):
        row["seq"] = seq


def inserted(rows: list[Row]) -> None:
    for row in rows[4:]:
        row["seq"] += 1
    forged = {**rows[3], "seq": 5, "id": UUID(int=99), "prev_hash": rows[3]["hash"]}
    rows.insert(4, {**forged, "hash": digest(forged, seq=5, before=forged["prev_hash"])})


def put_before_all(rows: list[Row]) -> None:
    rows.insert(0, {**rows[0], "seq": 0})


def replaced(rows: list[Row]) -> None:
    forged = {**rows[4], "id": UUID(int=99), "prev_hash": bytes(32)}
    rows[4] = {**forged, "hash": digest(forged, seq=5, before=bytes(32))}


@pytest.mark.parametrize(
    ("tamper", "seq", "kind"),
    [
        (altered, 5, "altered"),
        (altered_with_a_fitting_hash, 6, "inserted"),
        (deleted, 5, "deleted"),
        (the_first_deleted, 1, "deleted"),
        (swapped, 5, "reordered"),
        (moved_up, 5, "reordered"),
        (inserted, 6, "reordered"),
        (put_before_all, 0, "inserted"),
        (replaced, 5, "inserted"),
    ],
)
def test_the_first_wrong_row_is_named(tamper: Callable[[list[Row]], None], seq: int, kind: str) -> None:
    rows = chained(12)
    assert found(rows) is None

    tamper(rows)

    fault = found(rows)
    assert fault is not None
    assert (fault.seq, fault.kind) == (seq, kind)


def test_a_cut_tail_and_a_chain_written_anew_show_against_a_head_kept_elsewhere() -> None:
    rows = chained(12)
    known = Head(12, rows[-1]["hash"])
    anew = chained(12)
    anew[11]["actor"] = "somebody else"
    anew[11]["hash"] = digest(anew[11], seq=12, before=anew[11]["prev_hash"])

    assert found(rows, known) is None
    assert found(rows[:10], known) == Fault(11, "cut", "rows 11 to 12 were cut from the end")
    assert (fault := found(anew, known)) is not None
    assert (fault.seq, fault.kind) == (12, "altered")


@pytest.mark.parametrize(
    ("attack", "kind"),
    [
        ("UPDATE journal SET payload = '{\"number\": 2}' WHERE seq = $1", "altered"),
        ("UPDATE journal SET subject_id = 'another' WHERE seq = $1", "altered"),
        ("UPDATE journal SET leaves = NOT leaves WHERE seq = $1", "altered"),
        ("UPDATE journal SET occurred_on = occurred_on - 1 WHERE seq = $1", "altered"),
        ("DELETE FROM journal WHERE seq = $1", "deleted"),
        ("UPDATE journal SET seq = -seq WHERE seq = $1", "inserted"),
        ("UPDATE journal SET seq = CASE seq WHEN $1 THEN -1 ELSE seq - 1 END WHERE seq >= $1", "inserted"),
    ],
)
async def test_the_walk_agrees_with_what_the_database_sealed_and_sees_what_its_owner_does(
    cluster: Server, database: Database, attack: str, kind: str
) -> None:
    for number in range(9):
        await write(database, f'visits.test.{number} "Ж"\t\\')
    await settled(database)
    connection = await asyncpg.connect(cluster.url("visits_owner", "visits"))
    tampering = connection.transaction()
    await tampering.start()
    try:
        target = await connection.fetchval("SELECT max(seq) - 4 FROM journal")
        before = await first_fault(connection)

        await connection.execute(attack, target)
        fault = await first_fault(connection)
    finally:
        await tampering.rollback()
        await connection.close()

    assert before is None
    assert fault is not None
    assert fault.kind == kind
    assert kind == "inserted" or fault.seq == target
