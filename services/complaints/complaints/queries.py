"""Every read of case cores, each starting from what the row policies let the caller see."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.complaints.complaints.rules import COMPLAINT
from services.complaints.complaints.schemas import ComplaintFilters
from services.complaints.complaints.tables import Complaint
from services.complaints.other_bodies import queries as other_bodies
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_PLACE = (
    "CASE WHEN c.place_id IS NULL THEN NULL ELSE json_build_object('id', c.place_id, 'name', coalesce(p.name, '')) END"
)
_OVERDUE = """(c.state IN ('received', 'recorded') AND c.acknowledgement ->> 'sent_on' IS NULL
  AND NOT coalesce((c.acknowledgement ->> 'is_unsafe')::boolean, false)
  AND NOT coalesce((c.acknowledgement ->> 'is_impossible')::boolean, false)
  AND coalesce((c.acknowledgement ->> 'due_on')::date < a22_today(), false))"""
_ASSIGNMENTS = """coalesce((SELECT json_agg(json_build_object('person', json_build_object('id', a ->> 'person_id',
    'name', coalesce(k.name, '')), 'role', a ->> 'role', 'since_on', a ->> 'since_on') ORDER BY number)
  FROM jsonb_array_elements(c.assignments) WITH ORDINALITY AS listed(a, number)
  LEFT JOIN known_person k ON k.id = (a ->> 'person_id')::uuid), '[]')"""
_ACTIONS = """coalesce((SELECT json_agg(json_build_object('id', a ->> 'id', 'kind', a ->> 'kind', 'due_on', a ->> 'due_on',
    'consent_id', a ->> 'consent_id', 'is_anonymised', a -> 'is_anonymised', 'decided_on', a ->> 'decided_on',
    'started_on', a ->> 'started_on', 'effect_of_withdrawal', CASE WHEN s.state = 'withdrawn'
      THEN CASE WHEN a ->> 'started_on' IS NULL THEN 'cancelled' ELSE 'flagged' END END) ORDER BY number)
  FROM jsonb_array_elements(c.actions) WITH ORDINALITY AS listed(a, number)
  LEFT JOIN consent s ON s.id = (a ->> 'consent_id')::uuid), '[]')"""

COMPLAINTS = Listing(
    columns=f"c.id, c.ref, c.state, c.received_on, c.kind, c.themes, {_PLACE} AS place, c.seriousness, c.urgency, "
    f"{_OVERDUE} AS is_acknowledgement_overdue, c.origin, {other_bodies.shown('c')}",
    source="complaint c LEFT JOIN known_place p ON p.id = c.place_id",
    identity="c.id",
    sorts={"received_on": Sort("c.received_on", "date")},
    default_sort="-received_on",
    filters={
        "state": "c.state = ANY(:state::text[])",
        "theme": "c.themes && :theme::text[]",
        "place_id": "c.place_id = :place_id::uuid",
        "seriousness": "c.seriousness = ANY(:seriousness::text[])",
        "received_from": "c.received_on >= :received_from::date",
        "received_to": "c.received_on <= :received_to::date",
        "is_assigned": "(cardinality(c.assigned_ids) > 0) = :is_assigned::boolean",
        **other_bodies.filters("c"),
    },
)

IN_FULL = f"""
SELECT c.id, c.ref, c.state, c.received_on, c.channel, c.source_role,
  CASE WHEN c.partner_id IS NULL THEN NULL ELSE json_build_object('id', c.partner_id, 'name', coalesce(s.name, '')) END AS partner,
  c.kind, c.themes, {_PLACE} AS place,
  CASE WHEN c.present_place_id IS NULL THEN NULL
    ELSE json_build_object('id', c.present_place_id, 'name', coalesce(n.name, '')) END AS present_place,
  CASE WHEN c.authority_id IS NULL THEN NULL
    ELSE json_build_object('id', c.authority_id, 'name', coalesce(a.name, '')) END AS authority,
  c.incident_from, c.incident_to, c.seriousness, c.urgency, c.anonymous, c.person_refs, c.group_size, c.has_reprisal_fear,
  CASE WHEN c.duplicate_of IS NULL THEN NULL
    ELSE json_build_object('id', c.duplicate_of, 'name', coalesce(d.ref, '')) END AS duplicate_of,
  c.is_emblematic, c.acknowledgement, {_OVERDUE} AS is_acknowledgement_overdue, c.position_assessment, c.risk_assessment,
  {_ASSIGNMENTS} AS assignments, {_ACTIONS} AS actions, c.outcome, {other_bodies.shown("c")}, c.origin,
  CASE WHEN c.source IS NULL THEN NULL ELSE json_build_object('source', c.source, 'row', c.source_row,
    'note', c.source_note - 'imported') END AS imported_from,
  coalesce(:allowed::jsonb -> c.state, '[]') AS allowed_actions
FROM complaint c LEFT JOIN known_place p ON p.id = c.place_id LEFT JOIN known_place n ON n.id = c.present_place_id
LEFT JOIN known_stakeholder a ON a.id = c.authority_id LEFT JOIN known_stakeholder s ON s.id = c.partner_id
LEFT JOIN complaint d ON d.id = c.duplicate_of
WHERE c.id = :complaint_id::uuid
"""
ASSIGNED = f"SELECT c.id, c.ref, {_ASSIGNMENTS} AS assignments FROM complaint c WHERE c.id = :complaint_id::uuid"
CONSENT_TERMS = """
SELECT id, state, purposes, recipients, content_level, given_on, expires_on, withdrawn_on FROM consent
WHERE case_id = :case_id::uuid AND id = ANY(:consent_ids::uuid[]) FOR SHARE
"""


async def matching(work: Work, filters: ComplaintFilters) -> Page:
    """Give a page of the cases that the caller may see."""
    return await fetch_page(work, COMPLAINTS, filters)


async def in_full(work: Work, complaint_id: UUID) -> bytes:
    """Give one case core, or raise NotFound."""
    allowed = work.allowed_actions(COMPLAINT, "transition_complaint")
    return await fetch_one(work, IN_FULL, complaint_id=complaint_id, allowed=as_json(allowed))


async def assigned(work: Work, complaint_id: UUID) -> bytes:
    """Give who works on a case."""
    return await fetch_one(work, ASSIGNED, complaint_id=complaint_id)


async def lock(work: Work, complaint_id: UUID) -> Complaint:
    """Take a case for a change, or raise NotFound."""
    await work.flush()
    found = await work.session.exec(select(Complaint).where(col(Complaint.id) == complaint_id).with_for_update())
    complaint = found.one_or_none()
    if complaint is None:
        raise NotFound
    return complaint


async def consent_terms(work: Work, case_id: UUID, consent_ids: list[UUID]) -> dict[str, dict[str, Any]]:
    """Give the consents of a case by id, held still until this transaction ends."""
    rows = await fetch_rows(work, CONSENT_TERMS, case_id=case_id, consent_ids=consent_ids)
    return {str(row["id"]): row for row in rows}
