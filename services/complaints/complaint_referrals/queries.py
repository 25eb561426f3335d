"""Reads and writes of referrals on the NPM's side: every complaints officer takes from the unit's rota."""

from uuid import UUID

from sqlmodel import col, select

from services.complaints.complaint_referrals.rules import COMPLAINT_REFERRAL
from services.complaints.complaint_referrals.schemas import ComplaintReferralFilters
from services.complaints.complaint_referrals.tables import ComplaintReferral
from services.complaints.other_bodies import queries as other_bodies
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page
from shared.texts import as_json

_PARTNER = "json_build_object('id', r.partner_id, 'name', coalesce(s.name, '')) AS partner"
_PLACE = "CASE WHEN r.place_id IS NULL THEN NULL ELSE json_build_object('id', r.place_id, 'name', coalesce(p.name, '')) END AS place"
_SOURCE = """complaint_referral r LEFT JOIN known_stakeholder s ON s.id = r.partner_id LEFT JOIN known_place p ON p.id = r.place_id"""

REFERRALS = Listing(
    columns=f"r.id, r.external_id, {_PARTNER}, r.state, r.received_on, r.submitted ->> 'kind' AS kind, r.themes, {_PLACE}, "
    f"r.submitted ->> 'urgency_hint' AS urgency_hint, r.unmapped_codes, r.is_place_resolved, {other_bodies.shown('r')}",
    source=_SOURCE,
    identity="r.id",
    sorts={"received_on": Sort("r.received_on", "date")},
    default_sort="received_on",
    filters={
        "state": "r.state = ANY(:state::text[])",
        "partner_id": "r.partner_id = :partner_id::uuid",
        "external_id": "r.external_id = :external_id",
        **other_bodies.filters("r"),
    },
)
REFERRAL = f"""
SELECT r.id, r.external_id, {_PARTNER}, r.state, r.status_on, r.received_on,
  CASE WHEN r.state IN ('accepted', 'concluded') THEN json_build_object('id', r.complaint_id,
    'name', 'C-' || upper(left(replace(r.complaint_id::text, '-', ''), 10))) END AS complaint,
  r.submitted -> 'place' AS place_as_sent, {_PLACE},
  CASE WHEN r.present_place_id IS NULL THEN NULL
    ELSE json_build_object('id', r.present_place_id, 'name', coalesce(n.name, '')) END AS present_place,
  CASE WHEN r.authority_id IS NULL THEN NULL
    ELSE json_build_object('id', r.authority_id, 'name', coalesce(a.name, '')) END AS authority,
  r.is_place_resolved, r.submitted ->> 'kind' AS kind, r.submitted -> 'themes' AS themes_as_sent, r.themes, r.unmapped_codes,
  r.submitted -> 'incident' AS incident, r.submitted ->> 'source_role' AS source_role, r.submitted -> 'group_size' AS group_size,
  r.submitted -> 'anonymous' AS anonymous, r.submitted ->> 'seriousness_hint' AS seriousness_hint,
  r.submitted ->> 'urgency_hint' AS urgency_hint, r.submitted -> 'reprisal_fear' AS reprisal_fear,
  cardinality(r.person_refs) AS person_count, r.submitted -> 'consent' AS consent, {other_bodies.shown("r")},
  r.question, r.decline_reason, r.concluded_note, coalesce(:allowed::jsonb -> r.state, '[]') AS allowed_actions
FROM {_SOURCE} LEFT JOIN known_place n ON n.id = r.present_place_id LEFT JOIN known_stakeholder a ON a.id = r.authority_id
WHERE r.id = :referral_id::uuid
"""


async def matching(work: Work, filters: ComplaintReferralFilters) -> Page:
    """Give a page of the rota."""
    return await fetch_page(work, REFERRALS, filters)


async def in_full(work: Work, referral_id: UUID) -> bytes:
    """Give one referral, or raise NotFound."""
    allowed = work.allowed_actions(COMPLAINT_REFERRAL, "transition_complaint_referral")
    return await fetch_one(work, REFERRAL, referral_id=referral_id, allowed=as_json(allowed))


async def lock(work: Work, referral_id: UUID) -> ComplaintReferral:
    """Take a referral for a change, or raise NotFound."""
    found = await work.session.exec(
        select(ComplaintReferral).where(col(ComplaintReferral.id) == referral_id).with_for_update()
    )
    referral = found.one_or_none()
    if referral is None:
        raise NotFound
    return referral


async def waiting(work: Work, partner_id: UUID) -> list[ComplaintReferral]:
    """Give what waits for a mapping of one partner, taken for a change."""
    found = await work.session.exec(
        select(ComplaintReferral)
        .where(col(ComplaintReferral.partner_id) == partner_id, col(ComplaintReferral.state) == "needs_mapping")
        .order_by(col(ComplaintReferral.id))
        .with_for_update()
    )
    return list(found.all())
