"""The routes of information on places for the NPM. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.information import queries, usecases
from services.visits.information.schemas.npm import (
    PlaceInformation,
    PlaceInformationCreate,
    PlaceInformationFilters,
    PlaceInformationPage,
    PlaceInformationTransition,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "places")


@npm.get("/{place_id}/information", response_model=PlaceInformationPage)
async def list_place_information(
    work: NpmWork, request: Request, place_id: UUID, filters: Filtered[PlaceInformationFilters]
) -> Response:
    """List what others told about a place, the latest first."""
    await queries.require_place(work, place_id)
    return page(work, request, await queries.matching(work, place_id, filters))


@npm.post("/{place_id}/information", status_code=201, response_model=PlaceInformation)
async def record_place_information(work: NpmWork, place_id: UUID, new: Json[PlaceInformationCreate]) -> Response:
    """Record what somebody told about a place. It counts in the priority once it is accepted."""
    made = await work.once(usecases.record_information, place_id, new)
    shown = await queries.in_full(work, place_id, made)
    return created(work, shown, f"/v1/npm/places/{place_id}/information/{made}")


@npm.get("/{place_id}/information/{information_id}", response_model=PlaceInformation)
async def get_place_information(work: NpmWork, place_id: UUID, information_id: UUID) -> Response:
    """Read one piece of information on a place."""
    return one(work, await queries.in_full(work, place_id, information_id))


@npm.post("/{place_id}/information/{information_id}/transitions", response_model=PlaceInformation)
async def transition_place_information(
    work: NpmWork, place_id: UUID, information_id: UUID, if_match: IfMatch, order: Json[PlaceInformationTransition]
) -> Response:
    """Accept a piece of information with its reliability and severity, dismiss it, or take it out of use."""
    await work.once(usecases.transition_information, place_id, information_id, if_match, order)
    return one(work, await queries.in_full(work, place_id, information_id))
