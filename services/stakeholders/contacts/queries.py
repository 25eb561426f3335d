"""Every read of the people of institutions, each starting from the institution."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.stakeholders.contacts.schemas import ContactFilters, FocalPointFilters
from services.stakeholders.contacts.tables import Contact
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page
from shared.texts import as_json

_SHOWN = (
    "c.id, c.name, c.post, c.contact_level, c.channels, coalesce(c.safe_channels, '[]'::jsonb) AS safe_channels, "
    "c.position_on_issue, c.notes, c.designations, c.is_confirmed"
)
_SORTS = {"name": Sort("c.sort_name", "text")}

CONTACTS = Listing(
    columns=_SHOWN,
    source="contact c",
    where="c.stakeholder_id = :authority_id::uuid",
    identity="c.id",
    sorts=_SORTS,
    default_sort="name",
    filters={"is_confirmed": "c.is_confirmed = :is_confirmed::boolean"},
)
FOCAL_POINTS = Listing(
    columns="c.id, c.name, c.post, d.kind, d.since, d.until, c.channels",
    source="contact c CROSS JOIN LATERAL jsonb_to_recordset(c.designations) AS d(kind text, since date, until date)",
    where="c.stakeholder_id = :authority_id::uuid AND c.is_confirmed AND d.since <= a22_today() "
    "AND (d.until IS NULL OR a22_today() <= d.until) AND d.kind IN ('focal_point', 'alternate')",
    identity="c.id",
    sorts=_SORTS,
    default_sort="name",
)
CONTACT = f"SELECT {_SHOWN} FROM contact c WHERE c.id = :contact_id AND c.stakeholder_id = :authority_id"
PROPOSE = """
INSERT INTO contact (id, stakeholder_id, name, sort_name, post, contact_level, channels, designations, is_confirmed,
  created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
VALUES (:id, :stakeholder_id, :name, :sort_name, :post, :contact_level, :channels::jsonb, :designations::jsonb, false,
  a22_now(), :by, a22_now(), :by, 1, 'INT', 'native')
"""


async def of_authority(work: Work, authority_id: UUID, filters: ContactFilters) -> Page:
    """Give a page of an institution's people."""
    return await fetch_page(work, CONTACTS, filters, authority_id=authority_id)


async def focal_points(work: Work, authority_id: UUID, filters: FocalPointFilters) -> Page:
    """Give a page of who is focal point or alternate today."""
    return await fetch_page(work, FOCAL_POINTS, filters, authority_id=authority_id)


async def in_full(work: Work, authority_id: UUID, contact_id: UUID) -> bytes:
    """Give one of an institution's people, or raise NotFound."""
    return await fetch_one(work, CONTACT, authority_id=authority_id, contact_id=contact_id)


async def lock_all(work: Work, authority_id: UUID) -> dict[UUID, Contact]:
    """Take an institution's people for a change: who is focal point is a question to all of them."""
    found = await work.session.exec(
        select(Contact).where(col(Contact.stakeholder_id) == authority_id).order_by(col(Contact.id)).with_for_update()
    )
    return {contact.id: contact for contact in found.all()}


async def lock(work: Work, authority_id: UUID, contact_id: UUID) -> tuple[Contact, list[Contact]]:
    """Take one of an institution's people for a change, with the others beside; NotFound."""
    everybody = await lock_all(work, authority_id)
    contact = everybody.pop(contact_id, None)
    if contact is None:
        raise NotFound
    return contact, list(everybody.values())


async def propose(work: Work, values: Mapping[str, Any]) -> None:
    """Enter somebody whom their institution proposes."""
    await execute(
        work,
        PROPOSE,
        **{
            **values,
            "channels": as_json(values["channels"]),
            "designations": as_json(values["designations"]),
            "by": work.caller.person,
        },
    )
