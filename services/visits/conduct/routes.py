"""The routes of preparing, making and debriefing a visit. Parse, one use case, shape."""

from uuid import UUID

from starlette.responses import Response

from services.visits.conduct import usecases
from services.visits.conduct.schemas import DebriefingRecord, MeetingRecord, PreparationRecord, SessionRecord
from services.visits.visits import queries
from services.visits.visits.schemas.npm import Visit
from shared.app import audience_router
from shared.http import NpmWork, created, one
from shared.schemas import IfMatch, Json

npm = audience_router("npm", "visits")
ROUTERS = (npm,)


@npm.put("/{visit_id}/preparation", response_model=Visit)
async def record_preparation(
    work: NpmWork, visit_id: UUID, if_match: IfMatch, told: Json[PreparationRecord]
) -> Response:
    """Record how a visit is prepared: who took part, the interview plan, the agreement of a joint visit."""
    await usecases.record_preparation(work, visit_id, if_match, told)
    return one(work, await queries.in_full(work, visit_id))


@npm.post("/{visit_id}/sessions", status_code=201, response_model=Visit)
async def record_session(work: NpmWork, visit_id: UUID, told: Json[SessionRecord]) -> Response:
    """Record a stretch of work at a place. An expert without a member or staff answers 409."""
    await work.once(usecases.record_session, visit_id, told)
    return created(work, await queries.in_full(work, visit_id), f"/v1/npm/visits/{visit_id}")


@npm.post("/{visit_id}/meetings", status_code=201, response_model=Visit)
async def record_meeting(work: NpmWork, visit_id: UUID, told: Json[MeetingRecord]) -> Response:
    """Record a talk with the place, or why there was none."""
    await work.once(usecases.record_meeting, visit_id, told)
    return created(work, await queries.in_full(work, visit_id), f"/v1/npm/visits/{visit_id}")


@npm.put("/{visit_id}/debriefing", response_model=Visit)
async def record_debriefing(work: NpmWork, visit_id: UUID, if_match: IfMatch, told: Json[DebriefingRecord]) -> Response:
    """Record the debriefing of a visit. Each expert who went was there or wrote."""
    await usecases.record_debriefing(work, visit_id, if_match, told)
    return one(work, await queries.in_full(work, visit_id))
