"""The routes of the log of engagements: npm. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.stakeholders.engagements import queries, usecases
from services.stakeholders.engagements.schemas import (
    DialogueEngagement,
    DialogueEngagementCreate,
    DialogueEngagementFilters,
    DialogueEngagementPage,
    DialogueEngagementTransition,
    DialogueEngagementUpdate,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "engagements")
ROUTERS = (npm,)


@npm.get("", response_model=DialogueEngagementPage)
async def list_engagements(work: NpmWork, request: Request, filters: Filtered[DialogueEngagementFilters]) -> Response:
    """List meetings, calls and letters, the latest first."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=DialogueEngagement)
async def create_engagement(work: NpmWork, new: Json[DialogueEngagementCreate]) -> Response:
    """Plan a meeting, or log a contact that has taken place."""
    engagement_id = await work.once(usecases.create_engagement, new)
    return created(work, await queries.in_full(work, engagement_id), f"/v1/npm/engagements/{engagement_id}")


@npm.get("/{engagement_id}", response_model=DialogueEngagement)
async def get_engagement(work: NpmWork, engagement_id: UUID) -> Response:
    """Read one engagement with what came of it."""
    return one(work, await queries.in_full(work, engagement_id))


@npm.patch("/{engagement_id}", response_model=DialogueEngagement)
async def update_engagement(
    work: NpmWork, engagement_id: UUID, if_match: IfMatch, changes: MergePatch[DialogueEngagementUpdate]
) -> Response:
    """Correct an engagement, or say which commitments were kept."""
    await usecases.update_engagement(work, engagement_id, if_match, changes)
    return one(work, await queries.in_full(work, engagement_id))


@npm.post("/{engagement_id}/transitions", response_model=DialogueEngagement)
async def transition_engagement(
    work: NpmWork, engagement_id: UUID, if_match: IfMatch, order: Json[DialogueEngagementTransition]
) -> Response:
    """Prepare, reschedule, hold, record, follow up, close, reopen or cancel.

    What is missing for the act answers 409 with the gaps in `errors`.
    """
    await work.once(usecases.transition_engagement, engagement_id, if_match, order)
    return one(work, await queries.in_full(work, engagement_id))
