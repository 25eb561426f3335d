"""What an import of visits looks up and writes: every statement is for a whole batch of rows."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from shared.db import Work
from shared.paging import execute, fetch_rows
from shared.texts import as_json

PLACES = """
SELECT id, code FROM place WHERE (id = ANY(:ids::uuid[]) OR code = ANY(:codes::text[])) AND status NOT IN ('merged', 'rejected')
"""
#: The places that rows of this source made; one that was merged is the one that it was merged into.
PLACES_OF_ROWS = """
SELECT p.source_row, u.id, u.status = 'rejected' AS is_rejected FROM place p JOIN place u ON u.id = coalesce(p.merged_into_id, p.id)
WHERE p.source = :source AND p.source_row = ANY(:rows::text[])
"""
TAKEN = "SELECT id, code, source, source_row FROM visits_held(:ids::uuid[], :codes::text[], :source, :rows::text[])"
#: An id or a code may be held by a visit that the importer does not see: the owner looks it up, for whoever names it.
HELD = (
    """
CREATE OR REPLACE FUNCTION visits_held(ids uuid[], codes text[], named text, rows text[])
RETURNS TABLE (id uuid, code text, source text, source_row text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT v.id, v.code, v.source, v.source_row FROM visit v
  WHERE v.id = ANY(ids) OR v.code = ANY(codes) OR (v.source = named AND v.source_row = ANY(rows))
$$""",
    "REVOKE EXECUTE ON FUNCTION visits_held(uuid[], text[], text, text[]) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION visits_held(uuid[], text[], text, text[]) TO visits_npm",
)
KNOWN = """
SELECT id, source_row, source_digest FROM visit WHERE source = :source AND source_row = ANY(:rows::text[]) FOR UPDATE
"""

KEEP_VISITS = """
INSERT INTO visit (id, code, type, purposes, announcement, status, days, first_on, last_on, justification, team, begun_on, completed_on,
  interview_plan, sessions, meetings, note_to_file, last_reason, source, source_row, source_note, source_digest,
  created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
SELECT x.id, x.code, x.type, x.purposes, x.announcement, x.status, x.days, x.first_on, x.last_on, '', '{}', x.begun_on, x.completed_on,
  '[]', '[]', '[]', '', '', :source, x.source_row, x.source_note, x.source_digest, a22_now(), :by, a22_now(), :by, 1, 'INT', 'imported'
FROM jsonb_populate_recordset(NULL::visit, :visits::jsonb) x
ON CONFLICT (source, source_row) WHERE source IS NOT NULL DO UPDATE SET code = excluded.code, type = excluded.type,
  purposes = excluded.purposes, announcement = excluded.announcement, status = excluded.status, days = excluded.days,
  first_on = excluded.first_on, last_on = excluded.last_on, begun_on = excluded.begun_on, completed_on = excluded.completed_on,
  source_note = excluded.source_note, source_digest = excluded.source_digest, updated_at = a22_now(), updated_by = :by,
  version = visit.version + 1
"""
DROP_PLACES = "DELETE FROM visit_place WHERE visit_id = ANY(:visit_ids::uuid[])"
KEEP_PLACES = """
INSERT INTO visit_place (id, visit_id, place_id, days, first_on, last_on, access, has_begun, people_present, place_name, operator_name,
  created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
SELECT gen_random_uuid(), x.visit_id, x.place_id, x.days, x.first_on, x.last_on, 'full', x.has_begun, x.people_present, x.place_name,
  x.operator_name, a22_now(), :by, a22_now(), :by, 1, 'INT', 'imported'
FROM jsonb_populate_recordset(NULL::visit_place, :places::jsonb) x
"""
#: A standard that the source no longer grades keeps its finding, without a grade: something may refer to it.
UNGRADE = """
UPDATE finding SET grade = NULL, updated_at = a22_now(), updated_by = :by, version = version + 1
WHERE visit_id = ANY(:visit_ids::uuid[]) AND source_row IS NOT NULL AND grade IS NOT NULL
  AND (visit_id, source_row) NOT IN (SELECT x.visit_id, x.source_row FROM jsonb_populate_recordset(NULL::finding, :findings::jsonb) x)
"""
KEEP_FINDINGS = """
INSERT INTO finding (id, code, visit_id, place_id, theme, text, grade, source_row, sources, is_triangulated, warnings, standard_refs,
  created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
SELECT gen_random_uuid(), x.code, x.visit_id, x.place_id, x.theme, x.text, x.grade, x.source_row, '{}', false, '{}', ARRAY[x.source_row],
  a22_now(), :by, a22_now(), :by, 1, 'INT', 'imported'
FROM jsonb_populate_recordset(NULL::finding, :findings::jsonb) x
ON CONFLICT (visit_id, source_row) WHERE source_row IS NOT NULL DO UPDATE SET code = excluded.code, place_id = excluded.place_id,
  theme = excluded.theme, text = excluded.text, grade = excluded.grade, updated_at = a22_now(), updated_by = :by,
  version = finding.version + 1
"""
OBSERVED = """
SELECT vp.place_id, vp.last_on, vp.place_name, vp.operator_name, vp.people_present
FROM visit_place vp WHERE vp.place_id = ANY(:place_ids::uuid[]) AND vp.last_on IS NOT NULL AND vp.place_name IS NOT NULL
ORDER BY vp.place_id, vp.last_on, vp.id
"""


async def places(work: Work, ids: Iterable[UUID], codes: Iterable[str]) -> dict[str, UUID]:
    """Give the ids of places by what they may be named with: their id or their code."""
    rows = await fetch_rows(work, PLACES, ids=list(ids), codes=list(codes))
    return {key: row["id"] for row in rows for key in (str(row["id"]), row["code"])}


async def places_of_rows(work: Work, source: str, rows: Iterable[str]) -> dict[str, UUID | None]:
    """Give the places that came from these rows of a source, by row; None for one that was found to be no place."""
    found = await fetch_rows(work, PLACES_OF_ROWS, source=source, rows=list(rows))
    return {row["source_row"]: None if row["is_rejected"] else row["id"] for row in found}


async def taken(
    work: Work, ids: Iterable[UUID], codes: Iterable[str], source: str, rows: Iterable[str]
) -> list[dict[str, Any]]:
    """Give the visits that hold these ids or codes, or came from these rows of a source, whoever may see them."""
    return await fetch_rows(work, TAKEN, ids=list(ids), codes=list(codes), source=source, rows=list(rows))


async def known(work: Work, source: str, rows: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Give id and fingerprint of the visits that came from these rows of a source, by row, taken for a change."""
    found = await fetch_rows(work, KNOWN, source=source, rows=list(rows))
    return {row["source_row"]: row for row in found}


async def keep(
    work: Work,
    source: str,
    visits: Sequence[dict[str, Any]],
    places: Sequence[dict[str, Any]],
    findings: Sequence[dict[str, Any]],
) -> None:
    """Write visits with their places and findings, new ones and changed ones alike."""
    by, visit_ids = work.caller.person, [visit["id"] for visit in visits]
    await execute(work, KEEP_VISITS, source=source, by=by, visits=as_json(visits))
    await execute(work, DROP_PLACES, visit_ids=visit_ids)
    await execute(work, KEEP_PLACES, by=by, places=as_json(places))
    await execute(work, UNGRADE, by=by, visit_ids=visit_ids, findings=as_json(findings))
    await execute(work, KEEP_FINDINGS, by=by, findings=as_json(findings))


async def observed(work: Work, place_ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """Give what histories say of these places, visit by visit."""
    return await fetch_rows(work, OBSERVED, place_ids=list(place_ids))
