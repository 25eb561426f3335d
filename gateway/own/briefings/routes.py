"""The route of briefings: npm."""

from uuid import UUID

from starlette.responses import Response

from gateway.own.briefings import usecases
from gateway.own.briefings.schemas import AuthorityBriefing
from gateway.own.work import Own
from shared.app import audience_router
from shared.http import JSON, etag_of

npm = audience_router("npm", "briefings")
ROUTERS = (npm,)


@npm.get("/authorities/{authority_id}", response_model=AuthorityBriefing)
async def get_authority_briefing(work: Own, authority_id: UUID) -> Response:
    """Read the briefing for a meeting with an authority.

    Profile and focal points, the relation and its health, recommendations with claims beside what was verified, patterns
    (masked), places, questions to ask, and what must not be said. It is put together at this moment; what could not be
    had is marked as unavailable. For the NPM only: hand nothing of it over.
    """
    body = (await usecases.authority_briefing(work, str(authority_id))).model_dump_json().encode()
    return Response(body, headers={"ETag": etag_of(body), "Cache-Control": "no-store"}, media_type=JSON)
