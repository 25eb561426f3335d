"""The routes of recommendations for experts: those of their own visits, drafts included."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.recommendations.recommendations import queries, usecases
from services.recommendations.recommendations.schemas.expert import (
    ExpertComment,
    ExpertCommentCreate,
    ExpertRecommendation,
    ExpertRecommendationFilters,
    ExpertRecommendationPage,
)
from shared.app import audience_router
from shared.http import ExpertWork, created, one, page
from shared.schemas import Filtered, Json

expert = audience_router("expert", "recommendations")


@expert.get("", response_model=ExpertRecommendationPage)
async def list_recommendations(
    work: ExpertWork, request: Request, filters: Filtered[ExpertRecommendationFilters]
) -> Response:
    """List the recommendations of the visits on whose team you are."""
    return page(work, request, await queries.of_visits_matching(work, filters))


@expert.get("/{recommendation_id}", response_model=ExpertRecommendation)
async def get_recommendation(work: ExpertWork, recommendation_id: UUID) -> Response:
    """Read one recommendation of a visit of yours, with your own comments."""
    return one(work, await queries.of_visit_in_full(work, recommendation_id))


@expert.post("/{recommendation_id}/comments", status_code=201, response_model=ExpertComment)
async def comment_on_draft(work: ExpertWork, recommendation_id: UUID, new: Json[ExpertCommentCreate]) -> Response:
    """Comment on a draft; the text stays the NPM's."""
    comment_id = await work.once(usecases.comment_on_draft, recommendation_id, new.text)
    shown = await queries.one_comment(work, recommendation_id, comment_id)
    return created(work, shown, f"/v1/expert/recommendations/{recommendation_id}/comments/{comment_id}")


@expert.get("/{recommendation_id}/comments/{comment_id}", response_model=ExpertComment)
async def get_comment(work: ExpertWork, recommendation_id: UUID, comment_id: UUID) -> Response:
    """Read one of your comments."""
    return one(work, await queries.one_comment(work, recommendation_id, comment_id))
