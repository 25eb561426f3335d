"""The routes of a visit's team. Parse, one use case, shape."""

from uuid import UUID

from starlette.responses import Response

from services.visits.teams import usecases
from services.visits.teams.schemas import TeamRoleCreate
from services.visits.visits import queries
from services.visits.visits.schemas.npm import Visit
from shared.app import audience_router
from shared.http import NpmWork, created, one
from shared.schemas import IfMatch, Json

npm = audience_router("npm", "visits")
ROUTERS = (npm,)


@npm.post("/{visit_id}/team", status_code=201, response_model=Visit)
async def add_team_role(work: NpmWork, visit_id: UUID, new: Json[TeamRoleCreate]) -> Response:
    """Give somebody a role in a visit.

    An excluding conflict of interest answers 409 with the code `conflict`. Accreditation, standing and preparation are
    asked for when the visit is confirmed.
    """
    await work.once(usecases.add_role, visit_id, new)
    return created(work, await queries.in_full(work, visit_id), f"/v1/npm/visits/{visit_id}")


@npm.delete("/{visit_id}/team/{role_id}", response_model=Visit)
async def remove_team_role(work: NpmWork, visit_id: UUID, role_id: UUID, if_match: IfMatch) -> Response:
    """Take a role in a visit away."""
    await usecases.remove_role(work, visit_id, role_id, if_match)
    return one(work, await queries.in_full(work, visit_id))
