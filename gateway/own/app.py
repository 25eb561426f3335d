"""The gateway's own app on its own database, put together. Wiring only."""

from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI

from gateway.own import reactions
from gateway.own.briefings import routes as briefings
from gateway.own.client_keys import routes as client_keys
from gateway.own.clients import routes as clients
from gateway.own.development import routes as development
from gateway.own.jobs import routes as jobs
from gateway.own.journal import routes as journal
from gateway.own.open_data import routes as open_data
from gateway.own.operations import routes as operations
from gateway.own.revocations import queries as revocations
from gateway.own.revocations import routes as access_revocations
from gateway.own.rights import routes as rights
from gateway.own.vocabularies import routes as vocabularies
from shared.app import Wiring, build_service
from shared.audit.routes import audit_router
from shared.inside import clock_router
from shared.operations.routes import jobs_router

FEATURES = (
    vocabularies,
    open_data,
    briefings,
    operations,
    jobs,
    journal,
    access_revocations,
    clients,
    client_keys,
    rights,
    development,
)


def create_app(wiring: Wiring) -> FastAPI:
    """Build the app of the gateway's own resources; it is reached in process only. `wiring.extras` has the composer."""
    return build_service(
        "gateway",
        replace(wiring, follow=revocations.from_database(wiring.database)),
        routers=(
            *(router for feature in FEATURES for router in feature.ROUTERS),
            clock_router("gateway"),
            jobs_router("gateway"),
            audit_router("gateway"),
        ),
        access_table=Path(__file__).parent.parent / "access.yaml",
        feeds=reactions.FEEDS,
    )
