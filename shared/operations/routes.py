"""The routes of one service through which the gateway asks for a person's operations, and for the state of its work.

The first are the person's: the gateway hands its caller over, so that class, scope and row policy judge as anywhere.
They are not served outside; there a person finds all services' operations in one list.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from shared.app import audience_router
from shared.db import Work
from shared.http import JSON, ServiceWork, etag_of, one, open_work, page
from shared.operations import queries, usecases
from shared.operations.schemas import (
    Operation,
    OperationPage,
    OperationPosition,
    OperationTransition,
    ServiceJobs,
)
from shared.protection import ORDERING_ROLES
from shared.schemas import Filtered, IfMatch, Json

OwnWork = Annotated[Work, Depends(open_work, scope="function")]


async def list_operations(work: OwnWork, request: Request, position: Filtered[OperationPosition]) -> Response:
    """List own operations in this service, the latest first."""
    return page(work, request, await queries.matching(work, position))


async def get_operation(work: OwnWork, operation_id: UUID) -> Response:
    """Read an own operation in this service."""
    return one(work, await queries.shown(work, operation_id))


async def transition_operation(
    work: OwnWork, operation_id: UUID, if_match: IfMatch, order: Json[OperationTransition]
) -> Response:
    """Cancel an own operation in this service."""
    work.require_action(order.action.value)
    tag = etag_of(await queries.shown(work, operation_id))
    await work.once(usecases.cancel, operation_id, if_match, tag)
    return one(work, await queries.shown(work, operation_id))


async def read_jobs(work: ServiceWork) -> Response:
    """Read how much background work waits, runs and has failed."""
    return Response(await queries.picture(work), media_type=JSON)


def operation_routers(service: str) -> tuple[APIRouter, ...]:
    """Make the routes of one service."""
    made = []
    for audience in ORDERING_ROLES:
        router = audience_router(audience, f"{service}-operations")
        add = router.add_api_route
        add("", list_operations, methods=["GET"], response_model=OperationPage, name=f"list_{service}_operations")
        add(
            "/{operation_id}", get_operation, methods=["GET"], response_model=Operation, name=f"get_{service}_operation"
        )
        add(
            "/{operation_id}/transitions", transition_operation, methods=["POST"], response_model=Operation,
            name=f"transition_{service}_operation",
        )  # fmt: skip
        made.append(router)
    return (*made, jobs_router(service))


def jobs_router(service: str) -> APIRouter:
    """Make the route that tells how the background work of one service stands."""
    router = audience_router("service", f"{service}-jobs")
    router.add_api_route("", read_jobs, methods=["GET"], response_model=ServiceJobs, name=f"read_{service}_jobs")
    return router
