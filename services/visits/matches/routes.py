"""The routes of rows that wait for a decision. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.match_decisions import usecases
from services.visits.matches import queries
from services.visits.matches.schemas import PlaceMatch, PlaceMatchFilters, PlaceMatchPage, PlaceMatchTransition
from shared.app import audience_router
from shared.http import NpmWork, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "place-matches")
ROUTERS = (npm,)


@npm.get("", response_model=PlaceMatchPage)
async def list_place_matches(work: NpmWork, request: Request, filters: Filtered[PlaceMatchFilters]) -> Response:
    """List the rows of imports that a person decides, with the places that may be meant.

    `review`: the row is by its name no place, and none was made. `twin`: the place was made, and may be one that the
    register had. `alias`: a name that may mean several places.
    """
    return page(work, request, await queries.matching(work, filters))


@npm.get("/{match_id}", response_model=PlaceMatch)
async def get_place_match(work: NpmWork, match_id: UUID) -> Response:
    """Read one row that waits, or waited, for a decision."""
    return one(work, await queries.in_full(work, match_id))


@npm.post("/{match_id}/transitions", response_model=PlaceMatch)
async def transition_place_match(
    work: NpmWork, match_id: UUID, if_match: IfMatch, order: Json[PlaceMatchTransition]
) -> Response:
    """Decide a row.

    `accept` makes its name an alias of the place that is meant, or merges a double into it; `make_new` makes the place
    with all that the row says, or lets a supposed double stay; `drop` ends the question. A later import asks it no more.
    """
    await work.once(usecases.transition_place_match, match_id, if_match, order)
    return one(work, await queries.in_full(work, match_id))
