"""The routes of silences: npm."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.complaints.silences import queries, usecases
from services.complaints.silences.schemas import Silence, SilenceFilters, SilencePage, SilenceTransition
from shared.app import audience_router
from shared.http import NpmWork, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "silences")
ROUTERS = (npm,)


@npm.get("", response_model=SilencePage)
async def list_silences(work: NpmWork, request: Request, filters: Filtered[SilenceFilters]) -> Response:
    """List places that are suspiciously silent: it may be absence of problems, fear, no access, vulnerability."""
    return page(work, request, await queries.matching(work, filters))


@npm.get("/{silence_id}", response_model=Silence)
async def get_silence(work: NpmWork, silence_id: UUID) -> Response:
    """Read one silence."""
    return one(work, await queries.in_full(work, silence_id))


@npm.post("/{silence_id}/transitions", response_model=Silence)
async def transition_silence(
    work: NpmWork, silence_id: UUID, if_match: IfMatch, order: Json[SilenceTransition]
) -> Response:
    """Take a silence up, explain it, reopen or close it. Absence of problems needs evidence of its own."""
    await work.once(usecases.transition_silence, silence_id, if_match, order)
    return one(work, await queries.in_full(work, silence_id))
