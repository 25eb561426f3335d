"""The routes of visit proposals. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.visits.proposals import queries, usecases
from services.visits.proposals.schemas import (
    VisitProposal,
    VisitProposalCreate,
    VisitProposalFilters,
    VisitProposalPage,
    VisitProposalTransition,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "visit-proposals")
ROUTERS = (npm,)


@npm.get("", response_model=VisitProposalPage)
async def list_visit_proposals(work: NpmWork, request: Request, filters: Filtered[VisitProposalFilters]) -> Response:
    """List proposals to visit a place, the one that is due first at the top."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=VisitProposal)
async def propose_place_visit(work: NpmWork, new: Json[VisitProposalCreate]) -> Response:
    """Propose to visit a place; somebody decides by the day it is due."""
    proposal_id = await work.once(usecases.propose, new)
    return created(work, await queries.in_full(work, proposal_id), f"/v1/npm/visit-proposals/{proposal_id}")


@npm.get("/{proposal_id}", response_model=VisitProposal)
async def get_visit_proposal(work: NpmWork, proposal_id: UUID) -> Response:
    """Read one proposal."""
    return one(work, await queries.in_full(work, proposal_id))


@npm.post("/{proposal_id}/transitions", response_model=VisitProposal)
async def transition_visit_proposal(
    work: NpmWork, proposal_id: UUID, if_match: IfMatch, order: Json[VisitProposalTransition]
) -> Response:
    """Accept (with the visit that is made from it), merge, decline, defer or reopen a proposal.

    Ad hoc and reactive visits are the head's, and so is declining after a reprisal.
    """
    await work.once(usecases.transition_proposal, proposal_id, if_match, order)
    return one(work, await queries.in_full(work, proposal_id))
