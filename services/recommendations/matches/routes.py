"""The routes of written names that wait for a decision: npm only."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.recommendations.matches import queries, usecases
from services.recommendations.matches.schemas import (
    AddresseeMatch,
    AddresseeMatchFilters,
    AddresseeMatchPage,
    AddresseeMatchTransition,
)
from shared.app import audience_router
from shared.http import NpmWork, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "addressee-matches")
ROUTERS = (npm,)


@npm.get("", response_model=AddresseeMatchPage)
async def list_addressee_matches(work: NpmWork, request: Request, filters: Filtered[AddresseeMatchFilters]) -> Response:
    """List the names that imported sources write to, each once: whose they are, or who it might be.

    A name that one entry of the directory alone has is accepted by itself; every other waits in state `open`.
    """
    return page(work, request, await queries.matching(work, filters))


@npm.get("/{match_id}", response_model=AddresseeMatch)
async def get_addressee_match(work: NpmWork, match_id: UUID) -> Response:
    """Read one written name with its candidates."""
    return one(work, await queries.in_full(work, match_id))


@npm.post("/{match_id}/transitions", response_model=AddresseeMatch)
async def transition_addressee_match(
    work: NpmWork, match_id: UUID, if_match: IfMatch, order: Json[AddresseeMatchTransition]
) -> Response:
    """Accept an authority for a written name, or leave the name as it is written.

    Accepting ties every recommendation of the source that is written to this name, and later imports of it. The
    authority sees nothing of them: who is to answer is added to a recommendation as an addressee.
    """
    await work.once(usecases.decide_match, match_id, if_match, order)
    return one(work, await queries.in_full(work, match_id))
