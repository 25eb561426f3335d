"""The visits service, put together. Wiring only."""

from pathlib import Path

from fastapi import FastAPI

from services.visits import periodic, reactions
from services.visits.access_incidents import routes as access_incidents
from services.visits.aliases import routes as aliases
from services.visits.conduct import routes as conduct
from services.visits.corrections import routes as corrections
from services.visits.external_visits import routes as external_visits
from services.visits.findings import routes as findings
from services.visits.history import routes as history
from services.visits.information import routes as information
from services.visits.matches import routes as matches
from services.visits.places import routes as places
from services.visits.plans import routes as plans
from services.visits.priorities import routes as priorities
from services.visits.proposals import routes as proposals
from services.visits.report_comments import routes as report_comments
from services.visits.reports import routes as reports
from services.visits.teams import routes as teams
from services.visits.transmissions import routes as transmissions
from services.visits.visits import routes as visits
from shared.app import Wiring, build_service
from shared.audit.routes import audit_router
from shared.imports.forgetting import DROPPING
from shared.imports.runs import runners
from shared.inside import clock_router, inside_router
from shared.operations.routes import operation_routers

FEATURES = (
    matches,
    aliases,
    places,
    information,
    priorities,
    plans,
    proposals,
    history,
    visits,
    teams,
    conduct,
    findings,
    external_visits,
    access_incidents,
    reports,
    transmissions,
    corrections,
    report_comments,
)
IMPORTS = (places.IMPORT, aliases.IMPORT, history.IMPORT)


def create_app(wiring: Wiring) -> FastAPI:
    """Build the app of the visits service."""
    return build_service(
        "visits",
        wiring,
        routers=(
            *(router for feature in FEATURES for router in feature.ROUTERS),
            inside_router("visits"),
            clock_router("visits"),
            *operation_routers("visits"),
            audit_router("visits"),
        ),
        access_table=Path(__file__).with_name("access.yaml"),
        feeds=reactions.FEEDS,
        operations=runners(IMPORTS),
        periodic=(*periodic.PERIODIC, DROPPING),
    )
