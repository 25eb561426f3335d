"""The gateway's own app, put together. Wiring only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from gateway.own.briefings import routes as briefings
from gateway.own.development import routes as development
from gateway.own.jobs import routes as jobs
from gateway.own.open_data import routes as open_data
from gateway.own.operations import routes as operations
from gateway.own.rights import routes as rights
from gateway.own.vocabularies import routes as vocabularies
from gateway.own.work import OwnState
from shared.app import build
from shared.settings import Settings


def create_app(settings: Settings, state: OwnState) -> FastAPI:
    """Build the app of the gateway's own resources; it is reached in process only."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield

    async def is_ready() -> None:
        return

    return build(
        "gateway",
        settings=settings,
        state=state,
        routers=(
            *vocabularies.ROUTERS,
            *open_data.ROUTERS,
            *briefings.ROUTERS,
            *operations.ROUTERS,
            *jobs.ROUTERS,
            *rights.ROUTERS,
            *development.ROUTERS,
        ),
        access_table=Path(__file__).parent.parent / "access.yaml",
        tokens=None,
        lifespan=lifespan,
        is_ready=is_ready,
    )
