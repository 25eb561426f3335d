"""The routes of recommendations for the NPM, addressees included. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.recommendations.addressees import usecases as addressees
from services.recommendations.addressees.schemas import AddresseeCreate
from services.recommendations.recommendations import queries, usecases
from services.recommendations.recommendations.schemas.npm import (
    Recommendation,
    RecommendationCreate,
    RecommendationFilters,
    RecommendationPage,
    RecommendationTransition,
    RecommendationUpdate,
)
from services.recommendations.responses import queries as responses
from services.recommendations.responses.schemas.npm import ResponseShown
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "recommendations")


@npm.get("", response_model=RecommendationPage)
async def list_recommendations(work: NpmWork, request: Request, filters: Filtered[RecommendationFilters]) -> Response:
    """List recommendations, by code unless another order is asked for.

    What is claimed and what was found stand beside each other, and overdue is told at reading.
    """
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=Recommendation)
async def create_recommendation(work: NpmWork, new: Json[RecommendationCreate]) -> Response:
    """Draft a recommendation, with its addressees if they are known."""
    recommendation_id = await work.once(usecases.create_recommendation, new)
    shown = await queries.in_full(work, recommendation_id)
    return created(work, shown, f"/v1/npm/recommendations/{recommendation_id}")


@npm.get("/{recommendation_id}", response_model=Recommendation)
async def get_recommendation(work: NpmWork, recommendation_id: UUID) -> Response:
    """Read one recommendation with everything the NPM keeps on it."""
    return one(work, await queries.in_full(work, recommendation_id))


@npm.patch("/{recommendation_id}", response_model=Recommendation)
async def update_recommendation(
    work: NpmWork, recommendation_id: UUID, if_match: IfMatch, changes: MergePatch[RecommendationUpdate]
) -> Response:
    """Change a draft; an approved text is fixed."""
    await usecases.update_recommendation(work, recommendation_id, if_match, changes)
    return one(work, await queries.in_full(work, recommendation_id))


@npm.post("/{recommendation_id}/transitions", response_model=Recommendation)
async def transition_recommendation(
    work: NpmWork, recommendation_id: UUID, if_match: IfMatch, order: Json[RecommendationTransition]
) -> Response:
    """Submit, approve, transmit, publish, close, reopen, withdraw or drop a recommendation.

    Approving takes another person than drafting and submitting. Transmitting counts every addressee's deadline in
    working days, and each date explains itself. What is missing answers 409 with the gaps in `errors`.
    """
    await work.once(usecases.transition_recommendation, recommendation_id, if_match, order)
    return one(work, await queries.in_full(work, recommendation_id))


@npm.post("/{recommendation_id}/addressees", status_code=201, response_model=ResponseShown)
async def add_addressee(work: NpmWork, recommendation_id: UUID, new: Json[AddresseeCreate]) -> Response:
    """Add an addressee: to a draft for later, to a sent recommendation with a request at once."""
    addressee_id = await work.once(addressees.add_addressee, recommendation_id, new)
    return created(work, await responses.in_full(work, addressee_id), f"/v1/npm/responses/{addressee_id}")


@npm.delete("/{recommendation_id}/addressees/{addressee_id}", response_model=Recommendation)
async def remove_addressee(work: NpmWork, recommendation_id: UUID, addressee_id: UUID, if_match: IfMatch) -> Response:
    """Take an addressee off a draft, with the ETag of the recommendation; once asked it can only be released."""
    await addressees.remove_addressee(work, recommendation_id, addressee_id, if_match)
    return one(work, await queries.in_full(work, recommendation_id))
