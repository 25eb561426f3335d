"""The routes of access incidents. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.access_incidents import queries, usecases
from services.visits.access_incidents.schemas import (
    AccessIncident,
    AccessIncidentCreate,
    AccessIncidentFilters,
    AccessIncidentPage,
    AccessIncidentTransition,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "access-incidents")
ROUTERS = (npm,)


@npm.get("", response_model=AccessIncidentPage)
async def list_access_incidents(work: NpmWork, request: Request, filters: Filtered[AccessIncidentFilters]) -> Response:
    """List refused, delayed and limited access, the latest first."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=AccessIncident)
async def report_access_incident(work: NpmWork, new: Json[AccessIncidentCreate]) -> Response:
    """Report refused, delayed or limited access. A serious one lifts the priority of the place while it is open."""
    incident_id = await work.once(usecases.report_incident, new)
    return created(work, await queries.in_full(work, incident_id), f"/v1/npm/access-incidents/{incident_id}")


@npm.get("/{incident_id}", response_model=AccessIncident)
async def get_access_incident(work: NpmWork, incident_id: UUID) -> Response:
    """Read one access incident."""
    return one(work, await queries.in_full(work, incident_id))


@npm.post("/{incident_id}/transitions", response_model=AccessIncident)
async def transition_access_incident(
    work: NpmWork, incident_id: UUID, if_match: IfMatch, order: Json[AccessIncidentTransition]
) -> Response:
    """Raise, resolve, leave unresolved, escalate, reopen or close an access incident."""
    await work.once(usecases.transition_incident, incident_id, if_match, order)
    return one(work, await queries.in_full(work, incident_id))
