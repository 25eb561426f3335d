"""The routes of places: npm and public. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.places import queries, usecases
from services.visits.places.schemas.imports import PlaceImportRow
from services.visits.places.schemas.npm import (
    Place,
    PlaceCreate,
    PlaceFilters,
    PlacePage,
    PlaceTransition,
    PlaceUpdate,
    SignalShown,
)
from services.visits.places.schemas.public import PublicPlace, PublicPlaceFilters, PublicPlacePage
from shared.app import audience_router
from shared.http import NpmWork, PublicWork, created, one, page
from shared.imports.kinds import ImportKind
from shared.imports.routes import mount
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "places")
public = audience_router("public", "places")
ROUTERS = (npm, public)
IMPORT = ImportKind(
    name="places",
    operation="import_places",
    row=PlaceImportRow,
    take=usecases.import_places,
    about="Import the rows of a register.",
)
mount(npm, IMPORT)


@npm.get("", response_model=PlacePage)
async def list_places(work: NpmWork, request: Request, filters: Filtered[PlaceFilters]) -> Response:
    """List the places of the register, by name unless another order is asked for."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=Place)
async def register_place(work: NpmWork, new: Json[PlaceCreate]) -> Response:
    """Register a place of deprivation of liberty.

    It starts as unverified; confirm it once its kind and the mandate basis (OPCAT Art. 4) are known.
    """
    place_id = await work.once(usecases.register_place, new)
    return created(work, await queries.in_full(work, place_id), f"/v1/npm/places/{place_id}")


@npm.get("/{place_id}", response_model=Place)
async def get_place(work: NpmWork, place_id: UUID) -> Response:
    """Read one place with everything the NPM keeps on it."""
    return one(work, await queries.in_full(work, place_id))


@npm.patch("/{place_id}", response_model=Place)
async def update_place(work: NpmWork, place_id: UUID, if_match: IfMatch, changes: MergePatch[PlaceUpdate]) -> Response:
    """Correct a place's entry; a former name is kept as an alias."""
    await usecases.update_place(work, place_id, if_match, changes)
    return one(work, await queries.in_full(work, place_id))


@npm.post("/{place_id}/transitions", response_model=Place)
async def transition_place(work: NpmWork, place_id: UUID, if_match: IfMatch, order: Json[PlaceTransition]) -> Response:
    """Confirm, reject, close, reopen, merge or separate a place.

    What is missing for the act answers 409 with the gaps in `errors`.
    """
    await work.once(usecases.transition_place, place_id, if_match, order)
    return one(work, await queries.in_full(work, place_id))


@npm.get("/{place_id}/signals", response_model=SignalShown)
async def get_place_signals(work: NpmWork, place_id: UUID) -> Response:
    """Read what complaints signal about a place: rates, silence, patterns. Aggregates only, never a case."""
    return one(work, await queries.signals(work, place_id))


@public.get("", response_model=PublicPlacePage, name="list_places")
async def list_public_places(work: PublicWork, request: Request, filters: Filtered[PublicPlaceFilters]) -> Response:
    """List the places of deprivation of liberty that are or were in use."""
    return page(work, request, await queries.published_matching(work, filters))


@public.get("/{place_id}", response_model=PublicPlace, name="get_place")
async def get_public_place(work: PublicWork, place_id: UUID) -> Response:
    """Read one place as the public sees it."""
    return one(work, await queries.published(work, place_id))
