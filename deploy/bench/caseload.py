"""The complaints service among few and very many complaints and referrals.

Every list of the NPM, first page and deep page, and the statistics, as the database role of the head, at two sizes.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import asyncpg

from deploy.bench.intake import PARTNER, PLACE, PREPARE
from deploy.bench.system import Amount, Bench, bench
from deploy.bench.table import Row
from services.complaints.complaint_referrals import queries as referrals
from services.complaints.complaint_referrals.schemas import ComplaintReferralFilters
from services.complaints.complaint_statistics import queries as counts
from services.complaints.complaint_statistics.schemas import ComplaintStatisticsAsked
from services.complaints.complaints import queries as complaints
from services.complaints.complaints.schemas import ComplaintFilters
from shared.caller import Caller
from shared.db import Database, Work
from shared.paging import Cursors

SMALL, LARGE, FULL = 10_000, 100_000, 1_000_000
#: As an import brings them: counts that are not put together yet lie behind the statistics.
A_BATCH = 1_000
ROUNDS = 25
HEAD = Caller(subject=str(PARTNER), audience_class="npm", roles=frozenset({"head"}))
_STAMPS = "created_at, created_by, updated_at, updated_by, version, confidentiality, origin"
_STAMPED = "now(), 'bench', now(), 'bench', 1, 'RES', 'native'"
_OTHER = "other_body_level, other_body_due_on, other_body_answered_on, other_body_status, other_body_status_reasons, other_body_is_extended, other_body_earlier_submissions"  # fmt: skip
_OTHERS = """(ARRAY['F','R','A'])[1 + n % 3], date '2001-01-01' + n % 9000 + 20, CASE WHEN n % 40 > 0 THEN date '2001-01-01' + n % 9000 + n % 25 END,
  CASE WHEN n % 40 = 0 THEN 'open' WHEN n % 9 = 0 THEN 'upheld' ELSE 'denied' END, '{}', false, 0"""
FILL_COMPLAINTS = f"""
INSERT INTO complaint (id, ref, state, received_on, channel, source_role, kind, themes, place_id, seriousness, anonymous, person_refs, voices,
  against_person_ids, group_size, has_reprisal_fear, is_emblematic, assignments, assigned_ids, actions, was_classified, {_OTHER}, {_STAMPS})
SELECT gen_random_uuid(), 'B-' || n, (ARRAY['closed','closed','recorded','in_action'])[1 + n % 4], date '2001-01-01' + n % 9000, 'mail',
  'family', 'treatment', ARRAY[(ARRAY['food_and_water','use_of_force_and_weapons','visits','education'])[1 + n % 4]], '{PLACE}',
  (ARRAY['low','medium','high'])[1 + n % 3], true, '{{}}', ARRAY['v' || n % 5000], '{{}}', 1, false, false, '[]', '{{}}', '[]', true, {_OTHERS},
  {_STAMPED} FROM generate_series($1::int, $2::int) n
"""  # noqa: S608 - fixed text
FILL_REFERRALS = f"""
INSERT INTO complaint_referral (id, partner_id, external_id, complaint_id, state, status_on, received_on, submitted, digests, place_id, themes,
  unmapped_codes, is_place_resolved, person_refs, voices, {_OTHER}, {_STAMPS})
SELECT gen_random_uuid(), '{PARTNER}', 'B-' || n, gen_random_uuid(), (ARRAY['received','received','declined'])[1 + n % 3],
  date '2026-01-01', date '2001-01-01' + n % 9000, '{{"kind": "treatment"}}', '{{}}', '{PLACE}', '{{food_and_water}}', '{{}}', true, '{{}}', '{{}}', {_OTHERS},
  {_STAMPED} FROM generate_series($1::int, $2::int) n
"""  # noqa: S608 - fixed text
DEEP = "2013-04-27", "80000000-0000-4000-8000-000000000000"
Asked = Callable[[Work], Awaitable[object]]


def _lists() -> dict[str, Asked]:
    def listed(**said: object) -> Asked:
        return lambda work: complaints.matching(work, ComplaintFilters.model_validate(said))

    def referred(**said: object) -> Asked:
        return lambda work: referrals.matching(work, ComplaintReferralFilters.model_validate(said))

    return {
        "complaints": listed(),
        "complaints, one place": listed(place_id=str(PLACE)),
        "complaints, one state": listed(state=["recorded"]),
        "complaints, one theme": listed(theme=["food_and_water"]),
        "complaints, queue": listed(is_assigned=False),
        "complaints, other body late": listed(is_other_body_timely=False),
        "complaints, other body overdue": listed(is_other_body_overdue=True),
        "complaints, other body upheld": listed(other_body_status=["upheld"]),
        "referrals": referred(),
        "referrals, one state": referred(state=["declined"]),
        "referrals, one partner": referred(partner_id=str(PARTNER)),
        "referrals, level A": referred(other_body_level=["A"]),
        "referrals, one id": referred(external_id="B-77"),
        "statistics": lambda work: counts.counted(work, ComplaintStatisticsAsked()),
        "complaints, deep page": listed(cursor="m"),
        "referrals, deep page": referred(cursor="m"),
    }


class _Deep(Cursors):
    """Names a row in the middle, whatever cursor is asked for."""

    def read(self, bound: bytes, cursor: str) -> tuple[str, str]:  # noqa: ARG002 - the same place for every list
        return DEEP


async def _milliseconds(database: Database, asked: Asked) -> float:
    taken = []
    for _ in range(ROUNDS):
        async with database.work(HEAD, writing=False) as work:
            work.state = SimpleNamespace(cursors=_Deep(os.urandom(32)))
            began = time.perf_counter()
            await asked(work)
            taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def measured(amount: Amount) -> list[Row]:
    """Measure at both sizes; on a database without fsync, as only reads are measured."""
    large = FULL if amount.full else LARGE
    with bench(fast=True) as one:
        found = asyncio.run(_both(one, large))
    rows = [
        Row(
            f"{name}: {large:,} rows, latency",
            f"{SMALL:,}",
            [after / before],
            _goal(name),
            f"{before:.2f} ms, {after:.2f} ms",
        )
        for name, (before, after) in found.items()
    ]
    for name in ("complaints", "referrals"):
        first, deep = found[name][1], found[f"{name}, deep page"][1]
        rows.append(
            Row(
                f"{name}, page in the middle of {large:,}, latency",
                "first page",
                [deep / first],
                "at most 1.5",
                f"{first:.2f} ms, {deep:.2f} ms",
            )
        )
    return rows


def _goal(name: str) -> str:
    return "at most 1.5" if name == "statistics" else ""


async def _both(one: Bench, large: int) -> dict[str, list[float]]:
    """Fill, measure, fill on, measure again; gives the milliseconds of each list by name."""
    owner = await asyncpg.connect(one.database.url("complaints_owner", "complaints"))
    await owner.execute(PREPARE)
    ours = Database(one.database.url("complaints_app", "complaints"), service="complaints")
    found: dict[str, list[float]] = {}
    for begins, size in ((1, SMALL), (SMALL + 1, large)):
        for statement in (FILL_COMPLAINTS, FILL_REFERRALS):
            for start in range(begins, size + 1, A_BATCH):
                await owner.execute(statement, start, min(start + A_BATCH - 1, size))
        await owner.execute("VACUUM ANALYZE")
        for name, asked in _lists().items():
            found.setdefault(name, []).append(await _milliseconds(ours, asked))
    await owner.close()
    await ours.close()
    return found
