"""Reads and writes of partner profiles."""

from uuid import UUID

from sqlmodel import col, select

from services.complaints.partner_profiles.schemas import PartnerProfileFilters
from services.complaints.partner_profiles.tables import PartnerProfile
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page

_PARTNER = "json_build_object('id', f.partner_id, 'name', coalesce(s.name, ''))"
_SOURCE = "partner_profile f LEFT JOIN known_stakeholder s ON s.id = f.partner_id"
PROFILES = Listing(
    columns=f"f.id, {_PARTNER} AS partner, f.mou_state, jsonb_array_length(f.theme_map) AS mapped_themes",
    source=_SOURCE,
    identity="f.id",
    sorts={"created_at": Sort("f.created_at", "timestamptz")},
    default_sort="created_at",
)
PROFILE = f"""
SELECT f.id, {_PARTNER} AS partner, f.theme_map, f.place_codes, f.place_names, f.mou_state, f.agreed_on,
  coalesce((SELECT json_agg(json_build_object('code', w.code, 'waiting', w.waiting) ORDER BY w.code) FROM (
    SELECT code, count(*) AS waiting FROM complaint_referral r, unnest(r.unmapped_codes) AS code
    WHERE r.partner_id = f.partner_id AND r.state = 'needs_mapping' GROUP BY code) w), '[]') AS unmapped,
  (SELECT count(*) FROM complaint_referral r
    WHERE r.partner_id = f.partner_id AND r.state = 'needs_mapping' AND NOT r.is_place_resolved) AS waiting_for_place
FROM {_SOURCE} WHERE f.id = :profile_id::uuid
"""
KEEP_MOU = """
INSERT INTO partner_profile (id, partner_id, theme_map, place_codes, place_names, mou_id, mou_state, created_at, created_by, updated_at,
  updated_by, version, confidentiality, origin)
VALUES (gen_random_uuid(), :partner_id::uuid, '[]', '[]', '[]', :mou_id::uuid, :mou_state, a22_now(), 'system', a22_now(), 'system', 1,
  'INT', 'native')
ON CONFLICT (partner_id) DO UPDATE SET mou_id = excluded.mou_id, mou_state = excluded.mou_state, updated_at = a22_now()
"""


async def matching(work: Work, filters: PartnerProfileFilters) -> Page:
    """Give a page of profiles."""
    return await fetch_page(work, PROFILES, filters)


async def in_full(work: Work, profile_id: UUID) -> bytes:
    """Give one profile with what waits for it."""
    return await fetch_one(work, PROFILE, profile_id=profile_id)


async def lock(work: Work, profile_id: UUID) -> PartnerProfile:
    """Take a profile for a change, or raise NotFound."""
    found = await work.session.exec(
        select(PartnerProfile).where(col(PartnerProfile.id) == profile_id).with_for_update()
    )
    profile = found.one_or_none()
    if profile is None:
        raise NotFound
    return profile


async def of_partner(work: Work, partner_id: UUID) -> PartnerProfile | None:
    """Give the profile of a partner for a change, if there is one."""
    found = await work.session.exec(
        select(PartnerProfile).where(col(PartnerProfile.partner_id) == partner_id).with_for_update()
    )
    return found.one_or_none()


async def keep_mou(work: Work, partner_id: UUID, mou_id: UUID, state: str) -> None:
    """Keep the agreement behind a partner."""
    await execute(work, KEEP_MOU, partner_id=partner_id, mou_id=mou_id, mou_state=state)
