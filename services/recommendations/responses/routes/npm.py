"""The routes of answers for the NPM: what is owed, review, publication, answers on paper."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.recommendations.responses import queries, usecases
from services.recommendations.responses.schemas.npm import (
    PaperAnswer,
    ResponseFilters,
    ResponsePage,
    ResponseShown,
    ResponseTransition,
    ResponseUpdate,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json, MergePatch

npm = audience_router("npm", "responses")


@npm.get("", response_model=ResponsePage)
async def list_responses(work: NpmWork, request: Request, filters: Filtered[ResponseFilters]) -> Response:
    """List what addressees owe, the nearest due date first; being overdue is told at reading."""
    return page(work, request, await queries.matching(work, filters))


@npm.get("/{response_id}", response_model=ResponseShown)
async def get_response(work: NpmWork, response_id: UUID) -> Response:
    """Read what one addressee owes, with every submitted version; drafts of the authority are never here."""
    return one(work, await queries.in_full(work, response_id))


@npm.patch("/{response_id}", response_model=ResponseShown)
async def update_response(
    work: NpmWork, response_id: UUID, if_match: IfMatch, changes: MergePatch[ResponseUpdate]
) -> Response:
    """Choose how much of the valid answer is published."""
    await usecases.update_publication(work, response_id, if_match, changes)
    return one(work, await queries.in_full(work, response_id))


@npm.post("/{response_id}/transitions", response_model=ResponseShown)
async def transition_response(
    work: NpmWork, response_id: UUID, if_match: IfMatch, order: Json[ResponseTransition]
) -> Response:
    """Review an answer, ask back, accept it as complete, ask again, or release the addressee.

    A complete answer says what was asked, whether or not it accepts: recommendations are not binding.
    """
    await work.once(usecases.review_response, response_id, if_match, order)
    return one(work, await queries.in_full(work, response_id))


@npm.post("/{response_id}/paper-answers", status_code=201, response_model=ResponseShown)
async def record_paper_answer(work: NpmWork, response_id: UUID, new: Json[PaperAnswer]) -> Response:
    """Enter an answer that came on paper; it is marked so and points at the document."""
    await work.once(usecases.record_paper_answer, response_id, new)
    return created(work, await queries.in_full(work, response_id), f"/v1/npm/responses/{response_id}")
