"""The routes of ended access: npm for those who keep the list, and inside for the services that go by it."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from gateway.own.revocations import queries, usecases
from gateway.own.revocations.schemas import (
    AccessRevocation,
    AccessRevocationCreate,
    AccessRevocationFilters,
    AccessRevocationPage,
    AccessRevocationTransition,
    ListPosition,
    RevocationChange,
    RevocationChanges,
    RevocationMade,
)
from shared.app import audience_router
from shared.http import JSON, NpmWork, ServiceWork, created, one, page
from shared.revocations.following import Position
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "access-revocations")
inside = audience_router("service", "gateway")
ROUTERS = (npm, inside)


@npm.get("", response_model=AccessRevocationPage)
async def list_access_revocations(
    work: NpmWork, request: Request, filters: Filtered[AccessRevocationFilters]
) -> Response:
    """List whose access was ended, the latest first, with what was lifted since."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=AccessRevocation)
async def create_access_revocation(work: NpmWork, new: Json[AccessRevocationCreate]) -> Response:
    """End access before its tokens end: by subject, client, organisation or token.

    It holds at the gateway and in every service within five seconds, running downloads and orders included. Sessions at
    an identity provider are that provider's: end them there too.
    """
    revocation_id = await work.once(usecases.revoke, new)
    return created(work, await queries.in_full(work, revocation_id), f"/v1/npm/access-revocations/{revocation_id}")


@npm.get("/{revocation_id}", response_model=AccessRevocation)
async def get_access_revocation(work: NpmWork, revocation_id: UUID) -> Response:
    """Read one entry of the list."""
    return one(work, await queries.in_full(work, revocation_id))


@npm.post("/{revocation_id}/transitions", response_model=AccessRevocation)
async def transition_access_revocation(
    work: NpmWork, revocation_id: UUID, if_match: IfMatch, order: Json[AccessRevocationTransition]
) -> Response:
    """Lift an entry; nobody lifts one of the own subject or token."""
    await work.once(usecases.transition_revocation, revocation_id, if_match, order)
    return one(work, await queries.in_full(work, revocation_id))


@inside.get("/revocations", response_model=RevocationChanges)
async def read_revocation_changes(work: ServiceWork, position: Annotated[ListPosition, Query()]) -> Response:
    """Read what changed in the list after a position."""
    found = await queries.changes(work, Position(position.after, str(position.after_id or "")))
    body = RevocationChanges(
        items=[RevocationChange.model_validate(each, from_attributes=True) for each in found.entries],
        after=found.position.after,
        after_id=found.position.after_id,
        is_whole=found.is_whole,
        is_end=found.is_end,
    )
    return Response(body.model_dump_json(), media_type=JSON)


@inside.post("/revocations", status_code=201, response_model=RevocationMade)
async def end_access(work: ServiceWork, new: Json[AccessRevocationCreate]) -> Response:
    """End access because a mandate, contract or account has ended; again is harmless."""
    revocation_id = await work.once(usecases.end_access, new)
    return Response(RevocationMade(id=revocation_id).model_dump_json(), 201, media_type=JSON)
