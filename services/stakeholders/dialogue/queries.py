"""The reads of a relation: its state, and what the last six months counted."""

from typing import Any
from uuid import UUID

from services.stakeholders import acting
from services.stakeholders.dialogue.rules import DIALOGUE_RELATION, WINDOW_MONTHS
from services.stakeholders.engagements.rules import DIRECT_CHANNELS
from shared.db import Work
from shared.errors import NotFound
from shared.paging import fetch_one, fetch_rows
from shared.texts import as_json

_TAKEN_PLACE = "g.status IN ('held', 'recorded', 'followed_up', 'closed') AND g.held_on <= a22_today()"
_WITH = "g.counterpart_ids @> ARRAY[:authority_id::uuid]"
_SINCE = "(a22_today() - make_interval(months => :months::int))::date"

RELATION = """
SELECT json_build_object('id', s.id, 'name', s.name) AS authority, s.relation_state AS state, s.relation_account AS account,
  (SELECT json_build_object('id', c.id, 'name', c.name) FROM contact c WHERE c.id = s.retained_channel_id) AS retained_channel,
  :health::jsonb AS health, coalesce(:allowed::jsonb -> s.relation_state, '[]') AS allowed_actions
FROM stakeholder s WHERE s.id = :authority_id AND s.relation_state IS NOT NULL
"""
COUNTED = f"""
SELECT contacts.whole AS contacts, contacts.direct AS direct_contacts, answers.whole AS answers_due, answers.on_time AS answered_on_time,
  promises.whole AS commitments, promises.kept AS commitments_kept,
  EXISTS (SELECT 1 FROM contact c, jsonb_to_recordset(c.designations) AS d(kind text, since date, until date)
    WHERE c.stakeholder_id = :authority_id AND c.is_confirmed AND d.kind = 'focal_point' AND d.since <= a22_today()
    AND (d.until IS NULL OR a22_today() <= d.until)) AS has_focal_point
FROM (SELECT count(*) AS whole, count(*) FILTER (WHERE g.channel = ANY(:direct::text[])) AS direct
    FROM engagement g WHERE {_WITH} AND {_TAKEN_PLACE} AND g.held_on > {_SINCE}) contacts,
  (SELECT count(*) AS whole, count(*) FILTER (WHERE a.submitted_on IS NOT NULL
      AND (a.overdue_since IS NULL OR a.submitted_on <= a.overdue_since)) AS on_time
    FROM answer_record a WHERE a.authority_id = :authority_id AND coalesce(a.submitted_on, a.overdue_since) > {_SINCE}) answers,
  (SELECT count(*) AS whole, count(*) FILTER (WHERE o.kept_on IS NOT NULL) AS kept
    FROM engagement g, jsonb_to_recordset(g.outcomes) AS o(kind text, due_on date, kept_on date, broken_on date, with_id uuid)
    WHERE {_WITH} AND o.kind = 'commitment' AND (o.with_id IS NULL OR o.with_id = :authority_id)
    AND coalesce(o.kept_on, o.broken_on, o.due_on) BETWEEN {_SINCE} AND a22_today()) promises
"""
MEETINGS = f"""
SELECT count(*) FILTER (WHERE 'mandate_introduction' = ANY(g.purposes)) AS introductions,
  count(*) FILTER (WHERE g.channel = ANY(:direct::text[])) AS direct
FROM engagement g WHERE {_WITH} AND {_TAKEN_PLACE}
"""
CONTACT_OF = (
    "SELECT c.id FROM contact c WHERE c.id = :contact_id AND c.stakeholder_id = :authority_id AND c.is_confirmed"
)

_DIRECT = sorted(channel.value for channel in DIRECT_CHANNELS)


async def counted(work: Work, authority_id: UUID) -> dict[str, Any]:
    """Give what the last six months counted."""
    return (await fetch_rows(work, COUNTED, authority_id=authority_id, months=WINDOW_MONTHS, direct=_DIRECT))[0]


async def meetings(work: Work, authority_id: UUID) -> dict[str, int]:
    """Give how many introductions and direct meetings there ever were."""
    return (await fetch_rows(work, MEETINGS, authority_id=authority_id, direct=_DIRECT))[0]


async def in_full(work: Work, authority_id: UUID, health: Any) -> bytes:
    """Give the relation with an authority, or raise NotFound."""
    allowed = as_json(acting.allowed_actions(work, DIALOGUE_RELATION, "transition_authority_relation"))
    return await fetch_one(work, RELATION, authority_id=authority_id, health=as_json(health), allowed=allowed)


async def must_be_contact(work: Work, authority_id: UUID, contact_id: UUID) -> None:
    """Raise NotFound unless somebody is a contact at this authority."""
    if not await fetch_rows(work, CONTACT_OF, authority_id=authority_id, contact_id=contact_id):
        raise NotFound
