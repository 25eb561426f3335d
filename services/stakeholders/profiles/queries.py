"""What an institution reads of its own entry: named columns, never an entity; the row policies keep the rest away."""

from uuid import UUID

from shared.db import Work
from shared.paging import fetch_one

_DESIGNATED = """SELECT c.id, c.name, d.kind, d.since FROM contact c,
  jsonb_to_recordset(c.designations) AS d(kind text, since date, until date)
  WHERE c.stakeholder_id = s.id AND c.is_confirmed AND d.kind IN ('focal_point', 'alternate') AND d.since <= a22_today()
  AND (d.until IS NULL OR a22_today() <= d.until) ORDER BY c.sort_name, c.id"""
_OWN_CONTACT = "SELECT c.id, c.name, c.post, c.contact_level, c.channels, c.designations, c.is_confirmed FROM contact c"

AUTHORITY_PROFILE = f"""
SELECT s.id, s.kind, s.name, s.abbreviation, s.category, s.competence, s.website,
  (SELECT coalesce(json_agg(people), '[]') FROM ({_OWN_CONTACT} WHERE c.stakeholder_id = s.id ORDER BY c.sort_name, c.id) people) AS contacts,
  (SELECT coalesce(json_agg(designated), '[]') FROM ({_DESIGNATED}) designated) AS focal_points
FROM stakeholder s WHERE s.id = :organisation_id
"""
AUTHORITY_CONTACT = f"{_OWN_CONTACT} WHERE c.id = :contact_id"
PARTNER_PROFILE = """
SELECT s.id, s.kind, s.name, s.abbreviation, s.competence, s.website,
  (SELECT coalesce(json_agg(people), '[]') FROM (SELECT c.id, c.name, c.post, c.channels, c.designations FROM contact c
    WHERE c.stakeholder_id = s.id AND c.is_confirmed ORDER BY c.sort_name, c.id) people) AS contacts
FROM stakeholder s WHERE s.id = :organisation_id
"""


async def of_authority(work: Work) -> bytes:
    """Give the calling authority's own entry, or raise NotFound."""
    return await fetch_one(work, AUTHORITY_PROFILE, organisation_id=UUID(work.caller.authority_id))


async def of_partner(work: Work) -> bytes:
    """Give the calling partner's own entry, or raise NotFound."""
    return await fetch_one(work, PARTNER_PROFILE, organisation_id=UUID(work.caller.partner_id))


async def contact(work: Work, contact_id: UUID) -> bytes:
    """Give one of the calling authority's own people, or raise NotFound."""
    return await fetch_one(work, AUTHORITY_CONTACT, contact_id=contact_id)
