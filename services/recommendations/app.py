"""The recommendations service, put together. Wiring only."""

from pathlib import Path

from fastapi import FastAPI

from services.recommendations import periodic, reactions
from services.recommendations.assessments import routes as assessments
from services.recommendations.dashboards import routes as dashboards
from services.recommendations.deadlines import routes as deadlines
from services.recommendations.escalations import routes as escalations
from services.recommendations.evidence import routes as evidence
from services.recommendations.extension_requests import routes as extension_requests
from services.recommendations.imports import routes as imports
from services.recommendations.matches import routes as matches
from services.recommendations.recommendations import routes as recommendations
from services.recommendations.responses import routes as responses
from shared.app import Wiring, build_service
from shared.audit.routes import audit_router
from shared.imports.forgetting import DROPPING
from shared.imports.runs import runners
from shared.inside import clock_router, inside_router
from shared.operations.routes import operation_routers

IMPORTS = (imports.IMPORT,)


def create_app(wiring: Wiring) -> FastAPI:
    """Build the app of the recommendations service."""
    return build_service(
        "recommendations",
        wiring,
        routers=(
            # before `recommendations/{recommendation_id}`, whose id a word would be
            *matches.ROUTERS,
            *recommendations.ROUTERS,
            *imports.ROUTERS,
            *evidence.ROUTERS,
            *assessments.ROUTERS,
            *responses.ROUTERS,
            *extension_requests.ROUTERS,
            *escalations.ROUTERS,
            *dashboards.ROUTERS,
            *deadlines.ROUTERS,
            inside_router("recommendations"),
            clock_router("recommendations"),
            *operation_routers("recommendations"),
            audit_router("recommendations"),
        ),
        access_table=Path(__file__).with_name("access.yaml"),
        feeds=reactions.FEEDS,
        operations=runners(IMPORTS),
        periodic=(*periodic.PERIODIC, DROPPING),
    )
