"""The routes of patterns: npm."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.complaints.patterns import queries, usecases
from services.complaints.patterns.schemas import Pattern, PatternFilters, PatternPage, PatternTransition
from shared.app import audience_router
from shared.http import NpmWork, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "patterns")
ROUTERS = (npm,)


@npm.get("", response_model=PatternPage)
async def list_patterns(work: NpmWork, request: Request, filters: Filtered[PatternFilters]) -> Response:
    """List the patterns that runs found: theme, place and time. Aggregates only."""
    return page(work, request, await queries.matching(work, filters))


@npm.get("/{pattern_id}", response_model=Pattern)
async def get_pattern(work: NpmWork, pattern_id: UUID) -> Response:
    """Read one pattern."""
    return one(work, await queries.in_full(work, pattern_id))


@npm.post("/{pattern_id}/transitions", response_model=Pattern)
async def transition_pattern(
    work: NpmWork, pattern_id: UUID, if_match: IfMatch, order: Json[PatternTransition]
) -> Response:
    """Accept, explain, dismiss, reopen or close a pattern. A run finds; you judge."""
    await work.once(usecases.transition_pattern, pattern_id, if_match, order)
    return one(work, await queries.in_full(work, pattern_id))
