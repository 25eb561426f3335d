"""The routes of an institution's people: npm. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.stakeholders.authorities import queries as authorities
from services.stakeholders.contacts import queries, usecases
from services.stakeholders.contacts.schemas import (
    ContactCreate,
    ContactFilters,
    ContactUpdate,
    FocalPointFilters,
    FocalPointPage,
    InstitutionContact,
    InstitutionContactPage,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "authorities")
ROUTERS = (npm,)


@npm.get("/{authority_id}/contacts", response_model=InstitutionContactPage)
async def list_contacts(
    work: NpmWork, request: Request, authority_id: UUID, filters: Filtered[ContactFilters]
) -> Response:
    """List the people of an institution, those it only proposed among them."""
    await authorities.must_exist(work, authority_id)
    return page(work, request, await queries.of_authority(work, authority_id, filters))


@npm.post("/{authority_id}/contacts", status_code=201, response_model=InstitutionContact)
async def register_contact(work: NpmWork, authority_id: UUID, new: Json[ContactCreate]) -> Response:
    """Enter somebody of an institution; a second focal point at the same time is refused with 409."""
    contact_id = await work.once(usecases.register_contact, authority_id, new)
    shown = await queries.in_full(work, authority_id, contact_id)
    return created(work, shown, f"/v1/npm/authorities/{authority_id}/contacts/{contact_id}")


@npm.get("/{authority_id}/contacts/{contact_id}", response_model=InstitutionContact)
async def get_contact(work: NpmWork, authority_id: UUID, contact_id: UUID) -> Response:
    """Read one of an institution's people."""
    return one(work, await queries.in_full(work, authority_id, contact_id))


@npm.patch("/{authority_id}/contacts/{contact_id}", response_model=InstitutionContact)
async def update_contact(
    work: NpmWork, authority_id: UUID, contact_id: UUID, if_match: IfMatch, changes: MergePatch[ContactUpdate]
) -> Response:
    """Correct somebody's entry, end a designation, or take over what the institution proposed."""
    await usecases.update_contact(work, authority_id, contact_id, if_match, changes)
    return one(work, await queries.in_full(work, authority_id, contact_id))


@npm.get("/{authority_id}/focal-points", response_model=FocalPointPage)
async def list_focal_points(
    work: NpmWork, request: Request, authority_id: UUID, filters: Filtered[FocalPointFilters]
) -> Response:
    """List who is focal point of an institution today, and who stands in."""
    await authorities.must_exist(work, authority_id)
    return page(work, request, await queries.focal_points(work, authority_id, filters))
