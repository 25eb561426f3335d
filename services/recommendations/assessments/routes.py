"""The routes of assessments, under their recommendation: npm only."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.recommendations.assessments import queries, usecases
from services.recommendations.assessments.schemas import (
    Assessment,
    AssessmentCreate,
    AssessmentFilters,
    AssessmentPage,
    AssessmentTransition,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "recommendations")
ROUTERS = (npm,)


@npm.get("/{recommendation_id}/assessments", response_model=AssessmentPage)
async def list_assessments(
    work: NpmWork, recommendation_id: UUID, request: Request, filters: Filtered[AssessmentFilters]
) -> Response:
    """List the NPM's own findings on implementation, the newest first."""
    return page(work, request, await queries.matching(work, recommendation_id, filters))


@npm.post("/{recommendation_id}/assessments", status_code=201, response_model=Assessment)
async def open_assessment(work: NpmWork, recommendation_id: UUID, new: Json[AssessmentCreate]) -> Response:
    """Look at what became of a recommendation; with a proposal it goes to the approver at once.

    Implemented, in whole or in part, needs evidence other than the authority's own answer: on its word alone it
    stays a claim, and this answers 409.
    """
    assessment_id = await work.once(usecases.open_assessment, recommendation_id, new)
    shown = await queries.in_full(work, recommendation_id, assessment_id)
    return created(work, shown, f"/v1/npm/recommendations/{recommendation_id}/assessments/{assessment_id}")


@npm.get("/{recommendation_id}/assessments/{assessment_id}", response_model=Assessment)
async def get_assessment(work: NpmWork, recommendation_id: UUID, assessment_id: UUID) -> Response:
    """Read one assessment."""
    return one(work, await queries.in_full(work, recommendation_id, assessment_id))


@npm.post("/{recommendation_id}/assessments/{assessment_id}/transitions", response_model=Assessment)
async def transition_assessment(
    work: NpmWork, recommendation_id: UUID, assessment_id: UUID, if_match: IfMatch, order: Json[AssessmentTransition]
) -> Response:
    """Gather, propose, return, approve or drop an assessment; approving takes another person than proposing."""
    await work.once(usecases.transition_assessment, recommendation_id, assessment_id, if_match, order)
    return one(work, await queries.in_full(work, recommendation_id, assessment_id))
