"""What a run reads and writes. It runs as the service itself, over all complaints; nothing of a single one leaves."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.complaints.patterns.tables import Pattern
from services.complaints.projections.tables import WatchedRecommendation
from services.complaints.silences.tables import Silence
from shared.db import Work
from shared.paging import execute, fetch_one, fetch_rows

ONE_AT_A_TIME = "SELECT pg_try_advisory_xact_lock(4202203) AS free"
PLACES = """
SELECT id::text, place_type, type_group, region, operator_id::text, population, vulnerable_groups, complaint_channel_quality
FROM known_place WHERE status IN ('in_use', 'unverified') ORDER BY id
"""
INCIDENTS = """
SELECT coalesce(incident_id, id)::text AS id, coalesce(incident_from, received_on) AS on_day, received_on, seriousness, themes,
  place_id::text, voices
FROM complaint WHERE state <> 'merged' AND cardinality(themes) > 0 AND coalesce(incident_from, received_on) <= :as_of::date
ORDER BY id
"""
DIMENSIONS = {
    "theme": "c.themes[1]",
    "place_type": "p.place_type",
    "seriousness": "c.seriousness",
    "source_role": "c.source_role",
    "channel": "c.channel",
    "kind": "c.kind",
    "state": "c.state",
}
_CELLS = ", ".join(f"('{name}', {column})" for name, column in DIMENSIONS.items())
_COLUMNS = "(id, dimension, key, quarter, n, as_of, is_new, created_at, created_by, updated_at, updated_by, version, confidentiality, origin)"
_STAMPS = "a22_now(), 'system', a22_now(), 'system', 1, 'INT', 'native'"


def counting(complaints: str, *, is_new: bool) -> str:
    """Write the statement that adds up complaints (`c.*` and `sign`) by cell and keeps the sums; needs only the reading of both."""
    return f"""INSERT INTO complaint_count {_COLUMNS}
    SELECT gen_random_uuid(), d.dimension, coalesce(d.key, 'unknown'), to_char(c.received_on, 'YYYY-"Q"Q'), sum(c.sign), a22_today(),
      {str(is_new).lower()}, {_STAMPS}
    FROM ({complaints}) c LEFT JOIN known_place p ON p.id = c.place_id, LATERAL (VALUES {_CELLS}) d(dimension, key)
    WHERE c.state <> 'merged' GROUP BY 2, 3, 4 HAVING sum(c.sign) <> 0"""


_NEEDED = "themes, place_id, seriousness, source_role, channel, kind, state, received_on"
_THERE = f"SELECT {_NEEDED}, 1 AS sign FROM now_there"
_GONE = f"SELECT {_NEEDED}, -1 AS sign FROM were_there"

#: Laid after the migrations. Runs as the owner: who records a complaint may not write counts, nor read those of others.
COUNTING = (
    f"""
CREATE OR REPLACE FUNCTION count_complaints() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    {counting(_THERE, is_new=True)};
    -- what is new is put together now and then, the sooner the more comes at once, without waiting for anybody
    IF random() < (SELECT count(*) FROM now_there) / 2000.0 THEN
      WITH free AS (SELECT k.id FROM complaint_count k WHERE k.is_new FOR UPDATE SKIP LOCKED),
        gone AS (DELETE FROM complaint_count k USING free WHERE k.id = free.id RETURNING k.dimension, k.key, k.quarter, k.n)
      INSERT INTO complaint_count {_COLUMNS}
        SELECT gen_random_uuid(), dimension, key, quarter, sum(n), a22_today(), true, {_STAMPS}
        FROM gone GROUP BY 2, 3, 4 HAVING sum(n) <> 0;
    END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    {counting(f"{_THERE} UNION ALL {_GONE}", is_new=True)};
  ELSE
    {counting(_GONE, is_new=True)};
  END IF;
  RETURN NULL;
END $$""",
    """CREATE OR REPLACE TRIGGER complaint_counted_in AFTER INSERT ON complaint REFERENCING NEW TABLE AS now_there
FOR EACH STATEMENT EXECUTE FUNCTION count_complaints()""",
    """CREATE OR REPLACE TRIGGER complaint_counted_anew AFTER UPDATE ON complaint
REFERENCING OLD TABLE AS were_there NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION count_complaints()""",
    """CREATE OR REPLACE TRIGGER complaint_counted_out AFTER DELETE ON complaint REFERENCING OLD TABLE AS were_there
FOR EACH STATEMENT EXECUTE FUNCTION count_complaints()""",
    "REVOKE EXECUTE ON FUNCTION count_complaints() FROM PUBLIC",
)

#: One statement, one snapshot: what is new meanwhile stays beside it and is counted once.
COUNT_ANEW = f"""
WITH gone AS (DELETE FROM complaint_count)
{counting("SELECT c.*, 1 AS sign FROM complaint c", is_new=False)}
"""
RUN = """
SELECT r.id, r.as_of, r.places,
  CASE WHEN r.incidents < 3 AND NOT string_to_array(current_setting('a22.roles', true), ',') && ARRAY['head', 'complaints_officer']
    THEN NULL ELSE r.incidents END AS incidents,
  r.patterns, r.silences, r.signals_changed FROM analysis_run r WHERE r.id = :run_id::uuid
"""
KEEP_RUN = """
INSERT INTO analysis_run (id, as_of, ordered_by, places, incidents, patterns, silences, signals_changed, created_at, created_by,
  updated_at, updated_by, version, confidentiality, origin)
VALUES (:id::uuid, :as_of::date, :by, :places::int, :incidents::int, :patterns::int, :silences::int, :signals_changed::int, a22_now(),
  :by, a22_now(), :by, 1, 'INT', 'native')
"""


async def take_turn(work: Work) -> bool:
    """Tell whether no other run is under way; holds the place until this transaction ends."""
    return bool((await fetch_rows(work, ONE_AT_A_TIME))[0]["free"])


async def places(work: Work) -> list[dict[str, Any]]:
    """Give every place that a run judges."""
    return await fetch_rows(work, PLACES)


async def incidents(work: Work, as_of: date) -> list[dict[str, Any]]:
    """Give the coded facts of every complaint that counts."""
    return await fetch_rows(work, INCIDENTS, as_of=as_of)


async def patterns(work: Work) -> list[Pattern]:
    """Give every pattern, the newest last."""
    found = await work.session.exec(
        select(Pattern).order_by(col(Pattern.last_found_on), col(Pattern.id)).with_for_update()
    )
    return list(found.all())


async def silences(work: Work) -> list[Silence]:
    """Give every silence that is not closed."""
    found = await work.session.exec(select(Silence).where(col(Silence.state) != "closed").with_for_update())
    return list(found.all())


async def watched(work: Work) -> list[WatchedRecommendation]:
    """Give the watch list."""
    found = await work.session.exec(
        select(WatchedRecommendation).order_by(col(WatchedRecommendation.id)).with_for_update()
    )
    return list(found.all())


async def keep_counts(work: Work) -> None:
    """Count anew for the statistics."""
    await execute(work, COUNT_ANEW)


async def keep_run(work: Work, **told: Any) -> None:
    """Keep what a run did."""
    await execute(work, KEEP_RUN, **told)


async def run(work: Work, run_id: UUID) -> bytes:
    """Give one run."""
    return await fetch_one(work, RUN, run_id=run_id)
