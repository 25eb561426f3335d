"""The routes of experts and their engagements: npm. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.stakeholders.experts import queries, usecases
from services.stakeholders.experts.schemas import (
    EngagementProposal,
    ExpertCreate,
    ExpertEngagement,
    ExpertEngagementFilters,
    ExpertEngagementPage,
    ExpertEngagementTransition,
    ExpertFilters,
    ExpertPage,
    ExpertUpdate,
    ExternalExpert,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "experts")
ROUTERS = (npm,)


@npm.get("", response_model=ExpertPage)
async def list_experts(work: NpmWork, request: Request, filters: Filtered[ExpertFilters]) -> Response:
    """List external experts with the state of their latest engagement."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=ExternalExpert)
async def register_expert(work: NpmWork, new: Json[ExpertCreate]) -> Response:
    """Enter an external expert; conflicts that the past speaks for are entered as detected."""
    expert_id = await work.once(usecases.register_expert, new)
    return created(work, await usecases.in_full(work, expert_id), f"/v1/npm/experts/{expert_id}")


@npm.get("/{expert_id}", response_model=ExternalExpert)
async def get_expert(work: NpmWork, expert_id: UUID) -> Response:
    """Read an expert's profile, and whether the expert may work today, with the reasons."""
    return one(work, await usecases.in_full(work, expert_id))


@npm.patch("/{expert_id}", response_model=ExternalExpert)
async def update_expert(
    work: NpmWork, expert_id: UUID, if_match: IfMatch, changes: MergePatch[ExpertUpdate]
) -> Response:
    """Correct an expert's entry."""
    await usecases.update_expert(work, expert_id, if_match, changes)
    return one(work, await usecases.in_full(work, expert_id))


@npm.get("/{expert_id}/engagements", response_model=ExpertEngagementPage)
async def list_expert_engagements(
    work: NpmWork, request: Request, expert_id: UUID, filters: Filtered[ExpertEngagementFilters]
) -> Response:
    """List an expert's engagements."""
    return page(work, request, await queries.engagements(work, expert_id, filters))


@npm.post("/{expert_id}/engagements", status_code=201, response_model=ExpertEngagement)
async def propose_expert_engagement(work: NpmWork, expert_id: UUID, new: Json[EngagementProposal]) -> Response:
    """Propose to work with an expert."""
    engagement_id = await work.once(usecases.propose_expert_engagement, expert_id, new)
    shown = await queries.engagement(work, expert_id, engagement_id)
    return created(work, shown, f"/v1/npm/experts/{expert_id}/engagements/{engagement_id}")


@npm.get("/{expert_id}/engagements/{engagement_id}", response_model=ExpertEngagement)
async def get_expert_engagement(work: NpmWork, expert_id: UUID, engagement_id: UUID) -> Response:
    """Read one engagement; the terms of its contract stand apart."""
    return one(work, await queries.engagement(work, expert_id, engagement_id))


@npm.post("/{expert_id}/engagements/{engagement_id}/transitions", response_model=ExpertEngagement)
async def transition_expert_engagement(
    work: NpmWork, expert_id: UUID, engagement_id: UUID, if_match: IfMatch, order: Json[ExpertEngagementTransition]
) -> Response:
    """Pool, contract, train, accredit, suspend, reinstate or end.

    What is missing for the act answers 409 with the gaps in `errors`.
    """
    await work.once(usecases.transition_expert_engagement, expert_id, engagement_id, if_match, order)
    return one(work, await queries.engagement(work, expert_id, engagement_id))
