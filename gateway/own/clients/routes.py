"""The routes of machine clients: npm. Parse, one use case, shape."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from gateway.own.clients import queries, usecases
from gateway.own.clients.schemas import (
    ClientCreate,
    ClientFilters,
    ClientKeyCreate,
    ClientKeyTransition,
    ClientPage,
    ClientProposalFilters,
    ClientTransition,
    KeyId,
    MachineClient,
)
from shared.app import audience_router
from shared.http import NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "clients")
proposals = audience_router("npm", "client-proposals")
ROUTERS = (npm, proposals)


@npm.get("", response_model=ClientPage)
async def list_clients(work: NpmWork, request: Request, filters: Filtered[ClientFilters]) -> Response:
    """List machine clients: the systems that get tokens from us at `POST /oauth/token`, by name."""
    return page(work, request, await queries.matching(work, filters))


@npm.post("", status_code=201, response_model=MachineClient)
async def propose_client(work: NpmWork, new: Json[ClientCreate]) -> Response:
    """Propose a machine client with its public keys. It gets no token before another person has approved it.

    What the tokens carry is bound here; the client itself can only ask for less.
    """
    client_id = await work.once(usecases.propose_client, new)
    return created(work, await queries.in_full(work, client_id), f"/v1/npm/clients/{client_id}")


@npm.get("/{client_id}", response_model=MachineClient)
async def get_client(work: NpmWork, client_id: UUID) -> Response:
    """Read a machine client with every key it has or had."""
    return one(work, await queries.in_full(work, client_id))


@npm.post("/{client_id}/transitions", response_model=MachineClient)
async def transition_client(
    work: NpmWork, client_id: UUID, if_match: IfMatch, order: Json[ClientTransition]
) -> Response:
    """Approve a machine client together with the keys that wait, as another person than the proposer; or revoke it for good.

    A revoked client gets no token from this moment on, and its id is never used again.
    """
    await work.once(usecases.transition_client, client_id, if_match, order)
    return one(work, await queries.in_full(work, client_id))


@npm.post("/{client_id}/keys", status_code=201, response_model=MachineClient)
async def propose_client_key(work: NpmWork, client_id: UUID, new: Json[ClientKeyCreate]) -> Response:
    """Propose another public key for a client, so that one can follow the other. It proves nothing before somebody else has approved it."""
    await work.once(usecases.propose_key, client_id, new)
    return created(work, await queries.in_full(work, client_id), f"/v1/npm/clients/{client_id}")


@npm.post("/{client_id}/keys/{kid}/transitions", response_model=MachineClient)
async def transition_client_key(
    work: NpmWork, client_id: UUID, kid: KeyId, if_match: IfMatch, order: Json[ClientKeyTransition]
) -> Response:
    """Approve a key as another person than the proposer, or remove it for good; with the ETag of the client."""
    await work.once(usecases.transition_key, client_id, kid, if_match, order)
    return one(work, await queries.in_full(work, client_id))


@proposals.get("", response_model=ClientPage)
async def list_client_proposals(work: NpmWork, request: Request, filters: Filtered[ClientProposalFilters]) -> Response:
    """List the machine clients that wait for a second person, or of which a key does, for whoever may let them in."""
    return page(work, request, await queries.waiting(work, filters))


@proposals.get("/{client_id}", response_model=MachineClient)
async def get_client_proposal(work: NpmWork, client_id: UUID) -> Response:
    """Read what is to be let in, under the id of its client and with its ETag; also after the decision.

    It is let in at `/v1/npm/clients/{client_id}/transitions`, a key at `…/keys/{kid}/transitions`.
    """
    return one(work, await queries.in_full(work, client_id))
