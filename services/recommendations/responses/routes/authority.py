"""The routes of an authority's own answers, under the recommendation they answer."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.recommendations.responses import queries, usecases
from services.recommendations.responses.schemas.authority import (
    AuthorityResponse,
    AuthorityResponseCreate,
    AuthorityResponseFilters,
    AuthorityResponsePage,
    AuthorityResponseTransition,
    AuthorityResponseUpdate,
)
from shared.app import audience_router
from shared.http import AuthorityWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

authority = audience_router("authority", "recommendations")


@authority.get("/{recommendation_id}/responses", response_model=AuthorityResponsePage)
async def list_responses(
    work: AuthorityWork, recommendation_id: UUID, request: Request, filters: Filtered[AuthorityResponseFilters]
) -> Response:
    """List the versions of your answer, drafts included."""
    return page(work, request, await queries.own_matching(work, recommendation_id, filters))


@authority.post("/{recommendation_id}/responses", status_code=201, response_model=AuthorityResponse)
async def draft_response(work: AuthorityWork, recommendation_id: UUID, new: Json[AuthorityResponseCreate]) -> Response:
    """Draft a version of your answer.

    Nobody outside your authority sees it until your validating official submits it. One draft at a time.
    """
    version_id = await work.once(usecases.draft_response, recommendation_id, new)
    shown = await queries.own_version(work, recommendation_id, version_id)
    return created(work, shown, f"/v1/authority/recommendations/{recommendation_id}/responses/{version_id}")


@authority.get("/{recommendation_id}/responses/{response_id}", response_model=AuthorityResponse)
async def get_response(work: AuthorityWork, recommendation_id: UUID, response_id: UUID) -> Response:
    """Read one version of your answer."""
    return one(work, await queries.own_version(work, recommendation_id, response_id))


@authority.patch("/{recommendation_id}/responses/{response_id}", response_model=AuthorityResponse)
async def update_response(
    work: AuthorityWork,
    recommendation_id: UUID,
    response_id: UUID,
    if_match: IfMatch,
    changes: MergePatch[AuthorityResponseUpdate],
) -> Response:
    """Change a draft; what was submitted stays, and a new version takes its place."""
    await usecases.update_response(work, recommendation_id, response_id, if_match, changes)
    return one(work, await queries.own_version(work, recommendation_id, response_id))


@authority.post("/{recommendation_id}/responses/{response_id}/transitions", response_model=AuthorityResponse)
async def transition_response(
    work: AuthorityWork,
    recommendation_id: UUID,
    response_id: UUID,
    if_match: IfMatch,
    order: Json[AuthorityResponseTransition],
) -> Response:
    """Submit a draft, or throw it away. Submitting is for the validating official."""
    await work.once(usecases.transition_response, recommendation_id, response_id, if_match, order)
    return one(work, await queries.own_version(work, recommendation_id, response_id))
