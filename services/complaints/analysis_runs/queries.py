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
FORGET_COUNTS = "DELETE FROM complaint_count"
_DIMENSIONS = (
    ("theme", "c.themes[1]"),
    ("place_type", "p.place_type"),
    ("seriousness", "c.seriousness"),
    ("source_role", "c.source_role"),
    ("channel", "c.channel"),
    ("kind", "c.kind"),
    ("state", "c.state"),
)
COUNT = " UNION ALL ".join(
    f"SELECT '{name}' AS dimension, {column} AS key, c.received_on FROM complaint c LEFT JOIN known_place p ON p.id = c.place_id "
    "WHERE c.state <> 'merged'"
    for name, column in _DIMENSIONS
)
KEEP_COUNTS = f"""
INSERT INTO complaint_count (id, dimension, key, quarter, n, as_of, created_at, created_by, updated_at, updated_by, version,
  confidentiality, origin)
SELECT gen_random_uuid(), dimension, coalesce(key, 'unknown'), to_char(received_on, 'YYYY-"Q"Q'), count(*), :as_of::date, a22_now(),
  'system', a22_now(), 'system', 1, 'INT', 'native'
FROM ({COUNT}) counted GROUP BY 2, 3, 4
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


async def keep_counts(work: Work, as_of: date) -> None:
    """Count anew for the statistics."""
    await execute(work, FORGET_COUNTS)
    await execute(work, KEEP_COUNTS, as_of=as_of)


async def keep_run(work: Work, **told: Any) -> None:
    """Keep what a run did."""
    await execute(work, KEEP_RUN, **told)


async def run(work: Work, run_id: UUID) -> bytes:
    """Give one run."""
    return await fetch_one(work, RUN, run_id=run_id)
