"""The routes of requests for more time: authorities ask, the NPM decides."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.recommendations.extension_requests import queries, usecases
from services.recommendations.extension_requests.schemas import (
    AuthorityExtensionRequest,
    AuthorityExtensionRequestCreate,
    AuthorityExtensionRequestFilters,
    AuthorityExtensionRequestPage,
    AuthorityExtensionRequestTransition,
    ExtensionRequest,
    ExtensionRequestFilters,
    ExtensionRequestPage,
    ExtensionRequestTransition,
)
from shared.app import audience_router
from shared.http import AuthorityWork, NpmWork, created, one, page
from shared.schemas import Filtered, IfMatch, Json

npm = audience_router("npm", "extension-requests")
authority = audience_router("authority", "recommendations")
ROUTERS = (npm, authority)


@npm.get("", response_model=ExtensionRequestPage)
async def list_extension_requests(
    work: NpmWork, request: Request, filters: Filtered[ExtensionRequestFilters]
) -> Response:
    """List requests of authorities for more time."""
    return page(work, request, await queries.matching(work, filters))


@npm.get("/{extension_request_id}", response_model=ExtensionRequest)
async def get_extension_request(work: NpmWork, extension_request_id: UUID) -> Response:
    """Read one request for more time."""
    return one(work, await queries.in_full(work, extension_request_id))


@npm.post("/{extension_request_id}/transitions", response_model=ExtensionRequest)
async def transition_extension_request(
    work: NpmWork, extension_request_id: UUID, if_match: IfMatch, order: Json[ExtensionRequestTransition]
) -> Response:
    """Grant or refuse more time. Only a grant moves a due date; the deadline keeps its history."""
    await work.once(usecases.decide_extension, extension_request_id, if_match, order)
    return one(work, await queries.in_full(work, extension_request_id))


@authority.get(
    "/{recommendation_id}/extension-requests",
    response_model=AuthorityExtensionRequestPage,
    name="list_extension_requests",
)
async def list_own_extension_requests(
    work: AuthorityWork, recommendation_id: UUID, request: Request, filters: Filtered[AuthorityExtensionRequestFilters]
) -> Response:
    """List your requests for more time to answer."""
    return page(work, request, await queries.own_matching(work, recommendation_id, filters))


@authority.post("/{recommendation_id}/extension-requests", status_code=201, response_model=AuthorityExtensionRequest)
async def ask_extension(
    work: AuthorityWork, recommendation_id: UUID, new: Json[AuthorityExtensionRequestCreate]
) -> Response:
    """Ask for more time to answer. The due date stands until the NPM grants a new one."""
    request_id = await work.once(usecases.ask_extension, recommendation_id, new)
    shown = await queries.own(work, recommendation_id, request_id)
    return created(work, shown, f"/v1/authority/recommendations/{recommendation_id}/extension-requests/{request_id}")


@authority.get(
    "/{recommendation_id}/extension-requests/{extension_request_id}",
    response_model=AuthorityExtensionRequest,
    name="get_extension_request",
)
async def get_own_extension_request(
    work: AuthorityWork, recommendation_id: UUID, extension_request_id: UUID
) -> Response:
    """Read one of your requests for more time."""
    return one(work, await queries.own(work, recommendation_id, extension_request_id))


@authority.post(
    "/{recommendation_id}/extension-requests/{extension_request_id}/transitions",
    response_model=AuthorityExtensionRequest,
    name="transition_extension_request",
)
async def withdraw_own_extension_request(
    work: AuthorityWork,
    recommendation_id: UUID,
    extension_request_id: UUID,
    if_match: IfMatch,
    order: Json[AuthorityExtensionRequestTransition],
) -> Response:
    """Take a request back."""
    await work.once(usecases.withdraw_extension, recommendation_id, extension_request_id, if_match, order)
    return one(work, await queries.own(work, recommendation_id, extension_request_id))
