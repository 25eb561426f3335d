"""The routes of evidence, under its recommendation: npm only."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.recommendations.evidence import queries, usecases
from services.recommendations.evidence.schemas import EvidenceCreate, EvidenceFilters, EvidencePage, EvidenceShown
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, Json

npm = audience_router("npm", "recommendations")
ROUTERS = (npm,)


@npm.get("/{recommendation_id}/evidence", response_model=EvidencePage)
async def list_evidence(
    work: NpmWork, recommendation_id: UUID, request: Request, filters: Filtered[EvidenceFilters]
) -> Response:
    """List what speaks about the implementation of a recommendation."""
    return page(work, request, await queries.matching(work, recommendation_id, filters))


@npm.post("/{recommendation_id}/evidence", status_code=201, response_model=EvidenceShown)
async def add_evidence(work: NpmWork, recommendation_id: UUID, new: Json[EvidenceCreate]) -> Response:
    """Add evidence on implementation: a visit, a document, a third party, an aggregate of complaints.

    Complaints stand here as a band only; no case, no person.
    """
    evidence_id = await work.once(usecases.add_evidence, recommendation_id, new)
    shown = await queries.one_shown(work, recommendation_id, evidence_id)
    return created(work, shown, f"/v1/npm/recommendations/{recommendation_id}/evidence/{evidence_id}")


@npm.get("/{recommendation_id}/evidence/{evidence_id}", response_model=EvidenceShown)
async def get_evidence(work: NpmWork, recommendation_id: UUID, evidence_id: UUID) -> Response:
    """Read one piece of evidence."""
    return one(work, await queries.one_shown(work, recommendation_id, evidence_id))
