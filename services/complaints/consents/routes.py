"""The routes of consents: npm. They are added and withdrawn, never changed."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.complaints.consents import queries, usecases
from services.complaints.consents.schemas import (
    Consent,
    ConsentCreate,
    ConsentFilters,
    ConsentPage,
    ConsentTransition,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "complaints")
ROUTERS = (npm,)


@npm.get("/{complaint_id}/consents", response_model=ConsentPage)
async def list_complaint_consents(
    work: NpmWork, request: Request, complaint_id: UUID, filters: Filtered[ConsentFilters]
) -> Response:
    """List the consents of a case, the newest first. The data protection officer reads them too."""
    return page(work, request, await queries.matching(work, complaint_id, filters))


@npm.post("/{complaint_id}/consents", status_code=201, response_model=Consent)
async def add_complaint_consent(work: NpmWork, complaint_id: UUID, new: Json[ConsentCreate]) -> Response:
    """Add what a person said when asked: for which purposes, to whom, how far, for how long (OPCAT Art. 21)."""
    consent_id = await work.once(usecases.add_consent, complaint_id, new)
    shown = await queries.in_full(work, complaint_id, consent_id)
    return created(work, shown, f"/v1/npm/complaints/{complaint_id}/consents/{consent_id}")


@npm.get("/{complaint_id}/consents/{consent_id}", response_model=Consent)
async def get_complaint_consent(work: NpmWork, complaint_id: UUID, consent_id: UUID) -> Response:
    """Read one consent."""
    return one(work, await queries.in_full(work, complaint_id, consent_id))


@npm.post("/{complaint_id}/consents/{consent_id}/transitions", response_model=Consent)
async def transition_consent(
    work: NpmWork, complaint_id: UUID, consent_id: UUID, if_match: IfMatch, order: Json[ConsentTransition]
) -> Response:
    """Withdraw a consent.

    What rests on it and has not begun is cancelled, what has begun is flagged: nobody can call a letter back.
    """
    await work.once(usecases.transition_consent, complaint_id, consent_id, if_match, order)
    return one(work, await queries.in_full(work, complaint_id, consent_id))
