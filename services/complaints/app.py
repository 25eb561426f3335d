"""The complaints service, put together. Wiring only."""

from pathlib import Path

from fastapi import FastAPI

from services.complaints import reactions
from shared.app import Wiring, build_service
from shared.inside import clock_router, inside_router


def create_app(wiring: Wiring) -> FastAPI:
    """Build the app of the complaints service."""
    return build_service(
        "complaints",
        wiring,
        routers=(inside_router("complaints"), clock_router("complaints")),
        access_table=Path(__file__).with_name("access.yaml"),
        feeds=reactions.FEEDS,
    )
