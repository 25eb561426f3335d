"""The routes of operations: npm, expert, authority, partner; each sees and cancels what it ordered itself."""

import json
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from gateway.own.operations import usecases
from gateway.own.work import Own
from shared.app import audience_router, query_of
from shared.http import JSON, etag_of
from shared.operations.schemas import Operation, OperationFilters, OperationPage, OperationTransition
from shared.protection import ORDERING_ROLES
from shared.schemas import IfMatch, Json


async def list_operations(work: Own, request: Request, filters: Annotated[OperationFilters, Query()]) -> Response:
    """List what you ordered that takes longer than a request, the latest first."""
    page = await usecases.matching(work, filters)
    told: dict[str, Any] = {"items": page.items, "next_cursor": page.next_cursor}
    headers = {"Cache-Control": "no-store"}
    if page.count is not None:
        told["count"] = page.count
    if page.next_cursor:
        kept = [(name, value) for name, value in query_of(request) if name != "cursor"]
        address = work.state.settings.base_url + request.scope["path"]
        headers["Link"] = f'<{address}?{urlencode([*kept, ("cursor", page.next_cursor)])}>; rel="next"'
    return Response(json.dumps(told), headers=headers, media_type=JSON)


async def get_operation(work: Own, operation_id: UUID) -> Response:
    """Read how an operation of yours stands: state, progress, result or problem. Ask again after a second or more."""
    return _one((await usecases.find(work, str(operation_id))).body)


async def transition_operation(
    work: Own, operation_id: UUID, if_match: IfMatch, order: Json[OperationTransition]
) -> Response:
    """Cancel an operation of yours: what was written before stays, and nothing more is written.

    Its progress is part of its ETag; send `If-Match: *` where you do not mind how far it has come.
    """
    return _one(await usecases.cancel(work, str(operation_id), if_match, order.model_dump(mode="json")))


def _one(body: bytes) -> Response:
    return Response(body, headers={"ETag": etag_of(body), "Cache-Control": "no-store"}, media_type=JSON)


def _router(audience: str) -> APIRouter:
    made = audience_router(audience, "operations")
    made.add_api_route("", list_operations, methods=["GET"], response_model=OperationPage)
    made.add_api_route("/{operation_id}", get_operation, methods=["GET"], response_model=Operation)
    made.add_api_route(
        "/{operation_id}/transitions", transition_operation, methods=["POST"], response_model=Operation
    )  # fmt: skip
    return made


ROUTERS = tuple(_router(audience) for audience in ORDERING_ROLES)
