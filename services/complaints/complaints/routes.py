"""The routes of complaints: npm. No other audience has any; to an authority they do not exist."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.complaints.complaint_steps.schemas import ClassificationSent
from services.complaints.complaints import queries, usecases
from services.complaints.complaints.schemas import (
    AcknowledgementSent,
    AssignmentsSent,
    AssignmentsShown,
    Complaint,
    ComplaintCreate,
    ComplaintFilters,
    ComplaintPage,
    ComplaintReceipt,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "complaints")
ROUTERS = (npm,)


@npm.get("", response_model=ComplaintPage)
async def list_complaints(work: NpmWork, request: Request, filters: Filtered[ComplaintFilters]) -> Response:
    """List the cases that you work on; the head sees all. Without names and narratives."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=ComplaintReceipt)
async def receive_complaint(work: NpmWork, new: Json[ComplaintCreate]) -> Response:
    """Record a complaint that reached the NPM.

    Persons go into the vault, the narrative is sealed. A complaints officer works on it from now on; anybody else who
    records one cannot read it back.
    """
    complaint_id = await work.once(usecases.receive_complaint, new)
    return created(work, usecases.receipt(complaint_id), f"/v1/npm/complaints/{complaint_id}")


@npm.get("/{complaint_id}", response_model=Complaint)
async def get_complaint(work: NpmWork, complaint_id: UUID) -> Response:
    """Read the core of a case that you work on; the head reads all."""
    return one(work, await queries.in_full(work, complaint_id))


@npm.put("/{complaint_id}/acknowledgement", response_model=Complaint)
async def acknowledge_complaint(
    work: NpmWork, complaint_id: UUID, if_match: IfMatch, sent: Json[AcknowledgementSent]
) -> Response:
    """Say when receipt was acknowledged, or why it cannot be: unsafe or impossible."""
    await usecases.acknowledge(work, complaint_id, if_match, sent)
    return one(work, await queries.in_full(work, complaint_id))


@npm.put("/{complaint_id}/classification", response_model=Complaint)
async def classify_complaint(
    work: NpmWork, complaint_id: UUID, if_match: IfMatch, sent: Json[ClassificationSent]
) -> Response:
    """Set kind, themes, place, seriousness, urgency and risk. An allegation of torture is critical.

    Before `classify` this fills the classification in; afterwards it is a new one and needs a reason.
    """
    await usecases.classify(work, complaint_id, if_match, sent)
    return one(work, await queries.in_full(work, complaint_id))


@npm.get("/{complaint_id}/assignments", response_model=AssignmentsShown)
async def get_complaint_assignments(work: NpmWork, complaint_id: UUID) -> Response:
    """Read who works on a case."""
    return one(work, await queries.assigned(work, complaint_id))


@npm.put("/{complaint_id}/assignments", response_model=AssignmentsShown)
async def assign_complaint(
    work: NpmWork, complaint_id: UUID, if_match: IfMatch, sent: Json[AssignmentsSent]
) -> Response:
    """Say who works on a case: they read it, nobody else does. Never somebody who is complained of."""
    await usecases.assign(work, complaint_id, if_match, sent)
    return one(work, await queries.assigned(work, complaint_id))
