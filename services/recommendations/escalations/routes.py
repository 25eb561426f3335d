"""The routes of escalation: npm only; no authority ever learns of a step here."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.recommendations.escalations import queries, usecases
from services.recommendations.escalations.schemas import (
    Escalation,
    EscalationCreate,
    EscalationFilters,
    EscalationPage,
    EscalationSuggestions,
    EscalationTransition,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "escalations")
ROUTERS = (npm,)


@npm.get("", response_model=EscalationPage)
async def list_escalations(work: NpmWork, request: Request, filters: Filtered[EscalationFilters]) -> Response:
    """List the steps of escalation on record, the newest first."""
    return page(work, request, await queries.matching(work, filters))


@npm.get("/suggestions", response_model=EscalationSuggestions)
async def get_escalation_suggestions(work: NpmWork) -> Response:
    """Read what the ladder suggests today: one rung for each authority that owes an answer.

    Computed at reading; a person decides. Days without an answer: 1 a reminder, 15 a call, 30 a technical meeting,
    60 high level, 120 or two missed deadlines or a rejection without reasons a review by the head.
    """
    return one(work, (await usecases.suggestions(work)).model_dump_json().encode())


@npm.post("", status_code=201, response_model=Escalation)
async def propose_escalation(work: NpmWork, new: Json[EscalationCreate]) -> Response:
    """Propose a step: up to the rung the ladder has reached; urgent and serious facts reach the last one."""
    escalation_id = await work.once(usecases.propose_escalation, new)
    return created(work, await queries.in_full(work, escalation_id), f"/v1/npm/escalations/{escalation_id}")


@npm.get("/{escalation_id}", response_model=Escalation)
async def get_escalation(work: NpmWork, escalation_id: UUID) -> Response:
    """Read one step of escalation."""
    return one(work, await queries.in_full(work, escalation_id))


@npm.post("/{escalation_id}/transitions", response_model=Escalation)
async def transition_escalation(
    work: NpmWork, escalation_id: UUID, if_match: IfMatch, order: Json[EscalationTransition]
) -> Response:
    """Accept, approve, carry out, end, dismiss or withdraw a step.

    Every step names the channel that stays open. Beyond high-level contact nothing happens without the head.
    """
    await work.once(usecases.transition_escalation, escalation_id, if_match, order)
    return one(work, await queries.in_full(work, escalation_id))
