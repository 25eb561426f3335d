"""Reads of silences; small counts are hidden from whoever works outside the complaints service."""

from uuid import UUID

from sqlmodel import col, select

from services.complaints.silences.rules import SILENCE
from services.complaints.silences.schemas import SilenceFilters
from services.complaints.silences.tables import Silence
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page
from shared.texts import as_json

_SMALL = "(t.observed < 3 AND NOT string_to_array(current_setting('a22.roles', true), ',') && ARRAY['head', 'complaints_officer'])"
_COLUMNS = f"""t.id, t.state, json_build_object('id', t.place_id, 'name', coalesce(p.name, '')) AS place, t.flags,
  round(t.q::numeric, 3) AS q, CASE WHEN {_SMALL} THEN NULL ELSE t.observed END AS observed,
  round(t.expected::numeric, 3) AS expected, t.status, t.compared_with, t.is_boosted, t.has_no_channel, t.raised_on, t.last_found_on,
  CASE WHEN {_SMALL} THEN NULL ELSE t.sentence END AS sentence, t.review,
  coalesce(:allowed::jsonb -> t.state, '[]') AS allowed_actions"""
_SOURCE = "silence t LEFT JOIN known_place p ON p.id = t.place_id"
SILENCES = Listing(
    columns=_COLUMNS,
    source=_SOURCE,
    identity="t.id",
    sorts={"raised_on": Sort("t.raised_on", "date")},
    default_sort="-raised_on",
    filters={
        "state": "t.state = ANY(:state::text[])",
        "flag": "t.flags && :flag::text[]",
        "place_id": "t.place_id = :place_id::uuid",
    },
)
SILENCE_IN_FULL = f"SELECT {_COLUMNS} FROM {_SOURCE} WHERE t.id = :silence_id::uuid"


def _allowed(work: Work) -> str:
    return as_json(work.allowed_actions(SILENCE, "transition_silence"))


async def matching(work: Work, filters: SilenceFilters) -> Page:
    """Give a page of silences."""
    return await fetch_page(work, SILENCES, filters, allowed=_allowed(work))


async def in_full(work: Work, silence_id: UUID) -> bytes:
    """Give one silence, or raise NotFound."""
    return await fetch_one(work, SILENCE_IN_FULL, silence_id=silence_id, allowed=_allowed(work))


async def lock(work: Work, silence_id: UUID) -> Silence:
    """Take a silence for a judgement, or raise NotFound."""
    found = await work.session.exec(select(Silence).where(col(Silence.id) == silence_id).with_for_update())
    silence = found.one_or_none()
    if silence is None:
        raise NotFound
    return silence
