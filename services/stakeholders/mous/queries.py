"""Every read of memoranda, each starting from what the caller may see."""

from uuid import UUID

from sqlmodel import col, select

from services.stakeholders import acting
from services.stakeholders.mous.rules import MOU
from services.stakeholders.mous.schemas import MouFilters
from services.stakeholders.mous.tables import Mou
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page
from shared.texts import as_json

_IN_FORCE = (
    "coalesce(m.status IN ('signed', 'under_review') AND m.from_on <= a22_today() AND a22_today() <= m.to_on, false)"
)
_PARTNER = "json_build_object('id', s.id, 'name', s.name)"
_TEXT = "m.title, m.purposes, m.objectives, m.modalities, m.responsibilities, m.limits, m.confidentiality_clause"

MOUS = Listing(
    columns=f"m.id, {_PARTNER} AS partner, m.title, m.purposes, m.status, {_IN_FORCE} AS is_in_force, m.from_on, m.to_on, m.review_due_on",
    source="mou m JOIN stakeholder s ON s.id = m.partner_id",
    identity="m.id",
    sorts={"title": Sort("m.title", "text")},
    default_sort="title",
    filters={"partner_id": "m.partner_id = :partner_id::uuid", "status": "m.status = ANY(:status::text[])"},
)
IN_FULL = f"""
SELECT m.id, {_PARTNER} AS partner, {_TEXT}, m.independence_flags, m.status, {_IN_FORCE} AS is_in_force, m.from_on, m.to_on,
  m.review_due_on, m.signed_on, m.reason, m.origin, coalesce(:allowed::jsonb -> m.status, '[]') AS allowed_actions
FROM mou m JOIN stakeholder s ON s.id = m.partner_id WHERE m.id = :mou_id
"""
OWN = f"""
SELECT m.id, {_TEXT}, m.status, {_IN_FORCE} AS is_in_force, m.from_on, m.to_on, m.signed_on FROM mou m
WHERE m.partner_id = :partner_id ORDER BY {_IN_FORCE} DESC, m.from_on DESC NULLS LAST, m.id LIMIT 1
"""
STANDING = f"""
SELECT EXISTS (SELECT 1 FROM mou m WHERE m.id = :mou_id AND m.partner_id = :partner_id AND {_IN_FORCE}) AS is_in_force
"""


async def matching(work: Work, filters: MouFilters) -> Page:
    """Give a page of memoranda."""
    return await fetch_page(work, MOUS, filters)


async def in_full(work: Work, mou_id: UUID) -> bytes:
    """Give one memorandum, or raise NotFound."""
    allowed = as_json(acting.allowed_actions(work, MOU, "transition_mou"))
    return await fetch_one(work, IN_FULL, mou_id=mou_id, allowed=allowed)


async def own(work: Work) -> bytes:
    """Give the calling partner's own memorandum, the one in force before others; NotFound."""
    return await fetch_one(work, OWN, partner_id=UUID(work.caller.partner_id))


async def standing(work: Work, mou_id: UUID, partner_id: UUID) -> bytes:
    """Say whether a memorandum with this partner is in force today; one that there is not is not."""
    return await fetch_one(work, STANDING, mou_id=mou_id, partner_id=partner_id)


async def lock(work: Work, mou_id: UUID) -> Mou:
    """Take a memorandum for a change, or raise NotFound."""
    found = await work.session.exec(select(Mou).where(col(Mou.id) == mou_id).with_for_update())
    mou = found.one_or_none()
    if mou is None:
        raise NotFound
    return mou
