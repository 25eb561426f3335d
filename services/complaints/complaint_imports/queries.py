"""The statements of an import: one for all rows that are new or differ."""

from typing import Any
from uuid import UUID

from services.complaints.other_bodies.tables import COLUMNS as OTHER_BODY
from shared.db import Work
from shared.paging import execute, fetch_rows
from shared.texts import as_json

KNOWN = "SELECT source_row, id, source_digest FROM complaint WHERE source = :source AND source_row = ANY(:rows::text[])"
TAKEN = "SELECT id FROM complaint WHERE id = ANY(:ids::uuid[])"
_COLUMNS = (
    "id, ref, state, received_on, channel, source_role, kind, themes, place_id, incident_from, incident_to, seriousness, anonymous, "
    "person_refs, voices, against_person_ids, group_size, has_reprisal_fear, is_emblematic, assignments, assigned_ids, actions, "
    "was_classified, source, source_row, source_digest, source_note, created_at, created_by, updated_at, updated_by, version, "
    "confidentiality, origin, present_place_id, " + ", ".join(OTHER_BODY)
)
_TOLD = ", ".join(f"{column} = excluded.{column}" for column in OTHER_BODY)
TAKE = f"""
INSERT INTO complaint ({_COLUMNS}) SELECT {_COLUMNS} FROM jsonb_populate_recordset(null::complaint, :rows::jsonb)
ON CONFLICT (source, source_row) WHERE source IS NOT NULL DO UPDATE SET state = excluded.state, received_on = excluded.received_on,
  channel = excluded.channel, source_role = excluded.source_role, kind = excluded.kind, themes = excluded.themes,
  place_id = excluded.place_id, present_place_id = excluded.present_place_id, {_TOLD}, incident_from = excluded.incident_from, incident_to = excluded.incident_to,
  seriousness = excluded.seriousness, voices = excluded.voices, group_size = excluded.group_size,
  source_digest = excluded.source_digest, source_note = excluded.source_note, updated_at = excluded.updated_at,
  updated_by = excluded.updated_by, version = complaint.version + 1
"""


async def known(work: Work, source: str, rows: list[str]) -> dict[str, dict[str, Any]]:
    """Give what came before from these rows of a source."""
    found = await fetch_rows(work, KNOWN, source=source, rows=rows)
    return {each["source_row"]: each for each in found}


async def taken(work: Work, ids: list[UUID]) -> set[UUID]:
    """Give those ids that stand for a complaint already."""
    return {row["id"] for row in await fetch_rows(work, TAKEN, ids=ids)}


async def take(work: Work, rows: list[dict[str, Any]]) -> None:
    """Keep rows that are new or differ."""
    if rows:
        await execute(work, TAKE, rows=as_json(rows))
