"""Statistics of complaints, small and large: latency of one reader, whom the number of complaints must not concern."""

import asyncio
import statistics

from deploy.bench import load
from deploy.bench.load import Target
from deploy.bench.system import GATEWAY_PORT, Amount, bench, token
from deploy.bench.table import Row

SMALL, LARGE, FULL = 10_000, 100_000, 1_000_000
FILL = """
INSERT INTO complaint (id, created_at, created_by, updated_at, updated_by, version, confidentiality, origin, ref, state, received_on,
  channel, source_role, kind, themes, seriousness, anonymous, person_refs, voices, against_person_ids, group_size, has_reprisal_fear,
  is_emblematic, assignments, assigned_ids, actions, was_classified, other_body_is_extended, other_body_status_reasons,
  other_body_earlier_submissions)
SELECT gen_random_uuid(), now(), 'bench', now(), 'bench', 1, 'CON', 'native', 'BENCH-' || n, 'received',
  CURRENT_DATE - (n % 1500)::int, 'mail', (ARRAY['deprived_person', 'family', 'lawyer'])[1 + n % 3],
  (ARRAY['treatment', 'conditions'])[1 + n % 2],
  ARRAY[(ARRAY['use_of_force_and_weapons', 'medical_screening_at_entry', 'food'])[1 + n % 3]], 'low', true, '{}', '{}', '{}', 1, false,
  false, '[]', '{}', '[]', true, false, '{}', 0
FROM generate_series($1::int, $2::int) n
"""
DIMENSIONS = ("theme", "state")


def measured(amount: Amount) -> list[Row]:
    """Keep a small and a large system side by side in time: measure, grow, measure."""
    large = FULL if amount.full else LARGE
    found: dict[int, dict[str, list[float]]] = {}
    with bench() as one:
        for begins, size in ((1, SMALL), (SMALL + 1, large)):
            parts = [(FILL, start, min(start + 19_999, size)) for start in range(begins, size + 1, 20_000)]
            one.execute("complaints", *parts, ("VACUUM ANALYZE",))
            with one.served():
                found[size] = {by: _latencies(by, amount) for by in DIMENSIONS}
    return [
        Row(
            f"statistics of {large:,} complaints by {by}, latency",
            f"of {SMALL:,}",
            [after / statistics.median(found[SMALL][by]) for after in found[large][by]],
            "at most 1.5",
            f"{statistics.median(found[SMALL][by]) * 1000:.2f} ms, {statistics.median(found[large][by]) * 1000:.2f} ms",
        )
        for by in DIMENSIONS
    ]


def _latencies(by: str, amount: Amount) -> list[float]:
    target = Target(GATEWAY_PORT, "GET", f"/v1/npm/complaint-statistics?by={by}", token(GATEWAY_PORT, "head"))
    rounds = [asyncio.run(load.measure(target, seconds=amount.seconds, connections=1)) for _ in range(amount.rounds)]
    return [each.p50 for each in rounds]
