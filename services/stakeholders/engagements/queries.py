"""Every read of the log of engagements, and what recommendations tell of answers."""

from datetime import date
from uuid import UUID

from sqlmodel import col, select

from services.stakeholders import acting
from services.stakeholders.engagements.rules import ENGAGEMENT
from services.stakeholders.engagements.schemas import DialogueEngagementFilters
from services.stakeholders.engagements.tables import DialogueEngagement
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page
from shared.texts import as_json

_COUNTERPARTS = """(SELECT coalesce(json_agg(json_build_object('id', c.id, 'name', coalesce(s.name, '')) ORDER BY s.sort_name), '[]')
  FROM unnest(g.counterpart_ids) AS c(id) LEFT JOIN stakeholder s ON s.id = c.id)"""
_PARTICIPANTS = """(SELECT coalesce(json_agg(json_build_object('id', c.id, 'name', coalesce(p.name, '')) ORDER BY p.sort_name), '[]')
  FROM unnest(g.participant_ids) AS c(id) LEFT JOIN person p ON p.id = c.id)"""
_OUTCOMES = """(SELECT coalesce(json_agg(o.part || jsonb_build_object('is_overdue', o.part ->> 'kind' = 'commitment'
    AND o.part ->> 'kept_on' IS NULL AND o.part ->> 'broken_on' IS NULL AND coalesce((o.part ->> 'due_on')::date < a22_today(), false))
    ORDER BY o.place), '[]')
  FROM jsonb_array_elements(g.outcomes) WITH ORDINALITY AS o(part, place))"""

ENGAGEMENTS = Listing(
    columns=f"g.id, g.format, g.channel, g.purposes, g.held_on, {_COUNTERPARTS} AS counterparts, g.status, g.summary",
    source="engagement g",
    identity="g.id",
    sorts={"held_on": Sort("g.held_on", "date")},
    default_sort="-held_on",
    filters={
        "authority_id": "g.counterpart_ids @> ARRAY[:authority_id::uuid]",
        "channel": "g.channel = ANY(:channel::text[])",
        "status": "g.status = ANY(:status::text[])",
        "held_on_from": "g.held_on >= :held_on_from::date",
        "held_on_to": "g.held_on <= :held_on_to::date",
    },
)
ONE = f"""
SELECT g.id, g.format, g.channel, g.timing, g.purposes, g.held_on, {_COUNTERPARTS} AS counterparts, {_PARTICIPANTS} AS participants,
  g.agenda_set_by, g.aims, g.summary, g.is_shared_in_confidence, {_OUTCOMES} AS outcomes, g.status, g.reason,
  coalesce(:allowed::jsonb -> g.status, '[]') AS allowed_actions
FROM engagement g WHERE g.id = :engagement_id
"""
KEEP_ANSWER = """
INSERT INTO answer_record (id, authority_id, submitted_on, overdue_since, created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
VALUES (:id, :authority_id, :submitted_on, :overdue_since, a22_now(), 'system', a22_now(), 'system', 1, 'INT', 'native')
ON CONFLICT (id) DO UPDATE SET submitted_on = coalesce(answer_record.submitted_on, excluded.submitted_on),
  overdue_since = coalesce(answer_record.overdue_since, excluded.overdue_since), updated_at = a22_now()
"""


async def matching(work: Work, filters: DialogueEngagementFilters) -> Page:
    """Give a page of the log."""
    return await fetch_page(work, ENGAGEMENTS, filters)


async def in_full(work: Work, engagement_id: UUID) -> bytes:
    """Give one engagement, or raise NotFound."""
    allowed = as_json(acting.allowed_actions(work, ENGAGEMENT, "transition_engagement"))
    return await fetch_one(work, ONE, engagement_id=engagement_id, allowed=allowed)


async def lock(work: Work, engagement_id: UUID) -> DialogueEngagement:
    """Take an engagement for a change, or raise NotFound."""
    found = await work.session.exec(
        select(DialogueEngagement).where(col(DialogueEngagement.id) == engagement_id).with_for_update()
    )
    engagement = found.one_or_none()
    if engagement is None:
        raise NotFound
    return engagement


async def keep_answer(
    work: Work, addressee_id: UUID, authority_id: UUID, *, submitted_on: date | None, overdue_since: date | None
) -> None:
    """Keep whether and when an authority answered, and since when it was late."""
    await execute(
        work,
        KEEP_ANSWER,
        id=addressee_id,
        authority_id=authority_id,
        submitted_on=submitted_on,
        overdue_since=overdue_since,
    )
