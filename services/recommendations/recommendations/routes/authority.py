"""The routes of recommendations for authorities: what was sent to them, with their own deadline."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.recommendations.recommendations import queries
from services.recommendations.recommendations.schemas.authority import (
    AuthorityRecommendation,
    AuthorityRecommendationFilters,
    AuthorityRecommendationPage,
)
from shared.app import audience_router
from shared.http import AuthorityWork, one, page
from shared.schemas import Filtered

authority = audience_router("authority", "recommendations")


@authority.get("", response_model=AuthorityRecommendationPage)
async def list_recommendations(
    work: AuthorityWork, request: Request, filters: Filtered[AuthorityRecommendationFilters]
) -> Response:
    """List the recommendations sent to you, the nearest due date first.

    OPCAT Art. 22: the authorities examine recommendations and enter into dialogue on them. They are not binding.
    """
    return page(work, request, await queries.own_matching(work, filters))


@authority.get("/{recommendation_id}", response_model=AuthorityRecommendation)
async def get_recommendation(work: AuthorityWork, recommendation_id: UUID) -> Response:
    """Read one recommendation sent to you, with your deadline and how it was counted."""
    return one(work, await queries.own_in_full(work, recommendation_id))
