"""The routes of a machine's own keys: authority and partner, alike. Parse, one use case, shape."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.own.client_keys import queries, usecases
from gateway.own.client_keys.schemas import (
    OwnClientKey,
    OwnClientKeyCreate,
    OwnClientKeyFilters,
    OwnClientKeyPage,
    OwnClientKeyTransition,
)
from gateway.own.clients.schemas import KeyId
from shared.app import audience_router
from shared.http import PartnerWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

#: The same for both classes: the row policies of each class give a machine its own keys.
MachineWork = PartnerWork


async def list_own_client_keys(work: MachineWork, request: Request, filters: Filtered[OwnClientKeyFilters]) -> Response:
    """List the public keys that your system has or had, by id. A person has none."""
    return page(work, request, await queries.matching(work, filters))


async def get_own_client_key(work: MachineWork, kid: KeyId) -> Response:
    """Read one of your system's public keys."""
    return one(work, await queries.in_full(work, kid))


async def add_own_client_key(work: MachineWork, new: Json[OwnClientKeyCreate]) -> Response:
    """Add a second public key, so that it can follow the first; it counts at once, and the NPM sees it.

    An access token is not enough. Two JWTs of type `client-key-add+jwt` come along, signed with ES256: `proof` by the new
    key under its `kid`, `vouched` by a key that is in use. Both say `iss` and `sub` (your client id), `aud` (our issuer),
    `iat`, `exp` (60 seconds later at most), a `jti` used once, and `jkt`: the RFC 7638 thumbprint of the new key.
    """
    await work.once(usecases.add_own_key, new)
    audience = work.caller.audience_class
    return created(work, await queries.in_full(work, new.key.kid), f"/v1/{audience}/client-keys/{new.key.kid}")


async def transition_own_client_key(
    work: MachineWork, kid: KeyId, if_match: IfMatch, order: Json[OwnClientKeyTransition]
) -> Response:
    """Retire one of two keys for good: it proves nothing from then on, and its id is never used again.

    `vouched` is a JWT of type `client-key-retire+jwt`, signed by the key that stays, with the thumbprint of the one that
    goes in `jkt`; so no system loses its last key. Tokens that were given before live on for five minutes at most.
    """
    await work.once(usecases.retire_own_key, kid, if_match, order)
    return one(work, await queries.in_full(work, kid))


def _router(audience: str) -> APIRouter:
    made = audience_router(audience, "client-keys")
    made.add_api_route("", list_own_client_keys, methods=["GET"], response_model=OwnClientKeyPage)
    made.add_api_route("", add_own_client_key, methods=["POST"], status_code=201, response_model=OwnClientKey)
    made.add_api_route("/{kid}", get_own_client_key, methods=["GET"], response_model=OwnClientKey)
    made.add_api_route(
        "/{kid}/transitions", transition_own_client_key, methods=["POST"], response_model=OwnClientKey
    )  # fmt: skip
    return made


ROUTERS = tuple(_router(audience) for audience in ("authority", "partner"))
