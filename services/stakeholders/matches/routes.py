"""The routes of rows that may be an institution of the directory: npm only."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.stakeholders.matches import queries, usecases
from services.stakeholders.matches.schemas import (
    AuthorityMatch,
    AuthorityMatchFilters,
    AuthorityMatchPage,
    AuthorityMatchTransition,
)
from shared.app import audience_router
from shared.http import NpmWork, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "authority-matches")
ROUTERS = (npm,)


@npm.get("", response_model=AuthorityMatchPage)
async def list_authority_matches(work: NpmWork, request: Request, filters: Filtered[AuthorityMatchFilters]) -> Response:
    """List the rows of imported lists that may be an institution of the directory: its name or its website, not both."""
    return page(work, request, await queries.matching(work, filters))


@npm.get("/{match_id}", response_model=AuthorityMatch)
async def get_authority_match(work: NpmWork, match_id: UUID) -> Response:
    """Read one such row with its candidates."""
    return one(work, await queries.in_full(work, match_id))


@npm.post("/{match_id}/transitions", response_model=AuthorityMatch)
async def transition_authority_match(
    work: NpmWork, match_id: UUID, if_match: IfMatch, order: Json[AuthorityMatchTransition]
) -> Response:
    """Say that a row is an institution of the directory, one of its own, or not to be taken.

    Until then the row is no institution, and rows that name it as their parent stand without it. A second import
    neither doubles nor reopens the decision.
    """
    await work.once(usecases.decide_match, match_id, if_match, order)
    return one(work, await queries.in_full(work, match_id))
