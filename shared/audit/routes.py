"""The route of one service through which the gateway asks for its journal, on behalf of who reads it. Not served outside."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from shared.app import audience_router
from shared.audit import queries
from shared.audit.schemas import JournalPage, JournalPosition
from shared.http import NpmWork, page
from shared.schemas import Filtered


async def list_rows(work: NpmWork, request: Request, position: Filtered[JournalPosition]) -> Response:
    """List the journal of this service, the newest first."""
    return page(work, request, await queries.matching(work, position))


def audit_router(service: str) -> APIRouter:
    """Make the route of one service."""
    router = audience_router("npm", f"{service}-journal")
    router.add_api_route("", list_rows, methods=["GET"], response_model=JournalPage, name=f"list_{service}_journal")
    return router
