"""The routes of published recommendations for everybody."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.recommendations.recommendations import queries
from services.recommendations.recommendations.schemas.public import (
    PublicRecommendation,
    PublicRecommendationFilters,
    PublicRecommendationPage,
)
from shared.app import audience_router
from shared.http import PublicWork, one, page
from shared.schemas import Filtered

public = audience_router("public", "recommendations")


@public.get("", response_model=PublicRecommendationPage)
async def list_recommendations(
    work: PublicWork, request: Request, filters: Filtered[PublicRecommendationFilters]
) -> Response:
    """List published recommendations, the latest first."""
    return page(work, request, await queries.published_matching(work, filters))


@public.get("/{recommendation_id}", response_model=PublicRecommendation)
async def get_recommendation(work: PublicWork, recommendation_id: UUID) -> Response:
    """Read one published recommendation with what became of it."""
    return one(work, await queries.published(work, recommendation_id))
