"""The recommendations service, put together. Wiring only."""

from pathlib import Path

from fastapi import FastAPI

from services.recommendations import reactions
from shared.app import Wiring, build_service
from shared.inside import clock_router, inside_router


def create_app(wiring: Wiring) -> FastAPI:
    """Build the app of the recommendations service."""
    return build_service(
        "recommendations",
        wiring,
        routers=(inside_router("recommendations"), clock_router("recommendations")),
        access_table=Path(__file__).with_name("access.yaml"),
        feeds=reactions.FEEDS,
    )
