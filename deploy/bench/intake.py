"""Bulk intake against raw COPY of the very same rows.

A partner's JSON Lines go through everything (gateway, token, scope, validation, vault, policies, journal). What that left in the
tables is then copied into equal tables with the same indexes, by the owner, without any of it; both in every round.
"""

import asyncio
import json
import statistics
import time
from http.client import HTTPConnection
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from deploy.bench.system import GATEWAY_PORT, Amount, Bench, bench, token
from deploy.bench.table import Row

ROWS, FULL = 5_000, 20_000
PARTNER = UUID("ba2deaa0-6eff-4e02-b04b-5c1defb731a2")
PLACE = UUID("11111111-1111-4111-8111-111111111111")
_STAMPS = "created_at, created_by, updated_at, updated_by, version, confidentiality, origin"
_STAMPED = "now(), 'bench', now(), 'bench', 1, 'INT', 'native'"
PREPARE = f"""
INSERT INTO known_place (id, code, name, folded_names, status, place_type, type_group, region, folded_region, vulnerable_groups,
  complaint_channel_quality, {_STAMPS})
VALUES ('{PLACE}', 'P-1', 'North Prison', '{{north prison}}', 'in_use', 'prison', 'prison', 'North', 'north', '{{}}', 'unknown', {_STAMPED});
INSERT INTO partner_profile (id, partner_id, theme_map, place_codes, place_names, {_STAMPS})
VALUES (gen_random_uuid(), '{PARTNER}', '[{{"code": "34A", "theme": "use_of_force_and_weapons"}}]', '[]', '[]', {_STAMPED});
CREATE TABLE copied_complaint_referral (LIKE complaint_referral INCLUDING ALL);
CREATE TABLE copied_case_text (LIKE case_text INCLUDING ALL);
"""  # noqa: S608 - fixed text
READ = {
    "complaint_referral": "SELECT * FROM complaint_referral WHERE complaint_id = ANY($1::uuid[])",
    "case_text": "SELECT * FROM case_text WHERE case_id = ANY($1::uuid[])",
}
NARRATIVE = "They came at night and searched the cell again; nobody said why, and nobody wrote it down. " * 6


def measured(amount: Amount) -> list[Row]:
    """Measure both in every round, and the serving process's memory, which many rows must not concern."""
    rows = FULL if amount.full else ROWS
    with bench() as one, one.served() as serving:
        idle = serving.resident_megabytes()
        pairs = asyncio.run(_rounds(one, amount.rounds, rows))
        after = serving.resident_megabytes()
    ours = statistics.median(rows / taken for taken, _ in pairs)
    return [
        Row(
            f"bulk intake of {rows:,} complaint referrals with their narratives",
            "COPY of the same rows",
            [copied / taken for taken, copied in pairs],
            "0.25",
            f"{ours:.0f} rows a second, {idle:.0f} MB before, {after:.0f} MB after",
        )
    ]


async def _rounds(one: Bench, rounds: int, rows: int) -> list[tuple[float, float]]:
    """Give the seconds of intake and COPY of each round."""
    owner = await asyncpg.connect(one.database.url("complaints_owner", "complaints"))
    await owner.execute(PREPARE)
    found = []
    for number in range(rounds):
        body = b"\n".join(_line(f"R{number}-{line}") for line in range(rows))
        taken = await asyncio.to_thread(_sent, token(GATEWAY_PORT, "partner"), body, rows)
        found.append((taken, await _copied(owner, rows)))
    await owner.close()
    return found


def _line(external_id: str) -> bytes:
    """Write one grievance as a partner's system does: coded facts, the other body's days, a narrative of some lines."""
    return json.dumps(
        {
            "external_id": external_id, "received_on": "2026-10-04", "place": {"code": "P-1"}, "kind": "treatment",
            "themes": [{"code": "34A", "label": "Staff: conduct"}], "source_role": "deprived_person", "anonymous": True,
            "consent": {"state": "not_asked"}, "narrative": {"language": "en", "text": NARRATIVE},
            "other_body": {"reference": external_id, "level": "F", "received_on": "2026-10-04", "due_on": "2026-10-24",
                           "answered_on": "2026-10-20", "status": "denied", "status_reasons": ["DNY"]},
        }
    ).encode()  # fmt: skip


def _sent(given: str, body: bytes, rows: int) -> float:
    headers = {
        "Authorization": f"Bearer {given}",
        "Content-Type": "application/jsonl",
        "Idempotency-Key": uuid4().hex,
    }
    connection = HTTPConnection("127.0.0.1", GATEWAY_PORT, timeout=600)
    began = time.perf_counter()
    connection.request("POST", "/v1/partner/complaint-referrals/bulk", body, headers)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    seconds = time.perf_counter() - began
    connection.close()
    if answer.status != 200 or told["created"] != rows:
        raise RuntimeError(f"the intake answered {answer.status}: {told}")
    return seconds


async def _copied(owner: asyncpg.Connection, rows: int) -> float:
    """Copy what the round left into equal tables; gives the seconds of the copying alone."""
    newest: list[UUID] = [
        row["complaint_id"]
        for row in await owner.fetch("SELECT complaint_id FROM complaint_referral ORDER BY created_at DESC LIMIT $1", rows)
    ]  # fmt: skip
    read: dict[str, tuple[list[str], list[Any]]] = {}
    for table, statement in READ.items():
        found = await owner.fetch(statement, newest)
        read[table] = (list(found[0].keys()), [tuple(row.values()) for row in found])
    began = time.perf_counter()
    async with owner.transaction():
        for table, (columns, records) in read.items():
            await owner.copy_records_to_table(f"copied_{table}", records=records, columns=columns)
    return time.perf_counter() - began
