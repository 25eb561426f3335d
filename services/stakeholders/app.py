"""The stakeholders service, put together. Wiring only."""

from pathlib import Path

from fastapi import FastAPI

from services.stakeholders import reactions
from shared.app import Wiring, build_service
from shared.inside import clock_router, inside_router


def create_app(wiring: Wiring) -> FastAPI:
    """Build the app of the stakeholders service."""
    return build_service(
        "stakeholders",
        wiring,
        routers=(inside_router("stakeholders"), clock_router("stakeholders")),
        access_table=Path(__file__).with_name("access.yaml"),
        feeds=reactions.FEEDS,
    )
