"""The visits service, put together. Wiring only."""

from pathlib import Path

from fastapi import FastAPI

from services.visits import reactions
from services.visits.corrections import routes as corrections
from services.visits.places import routes as places
from services.visits.report_comments import routes as report_comments
from services.visits.reports import routes as reports
from services.visits.transmissions import routes as transmissions
from shared.app import Wiring, build_service
from shared.inside import clock_router, inside_router


def create_app(wiring: Wiring) -> FastAPI:
    """Build the app of the visits service."""
    return build_service(
        "visits",
        wiring,
        routers=(
            *places.ROUTERS,
            # reports
            *reports.ROUTERS,
            *transmissions.ROUTERS,
            *corrections.ROUTERS,
            *report_comments.ROUTERS,
            # inside
            inside_router("visits"),
            clock_router("visits"),
        ),
        access_table=Path(__file__).with_name("access.yaml"),
        feeds=reactions.FEEDS,
    )
