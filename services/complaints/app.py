"""The complaints service, put together. Wiring only."""

from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI

from services.complaints import periodic, reactions
from services.complaints.analysis_runs import routes as analysis_runs
from services.complaints.bulk_submissions import routes as bulk_submissions
from services.complaints.complaint_imports import routes as complaint_imports
from services.complaints.complaint_referrals import routes as complaint_referrals
from services.complaints.complaint_statistics import routes as complaint_statistics
from services.complaints.complaint_steps import routes as complaint_steps
from services.complaints.complaints import routes as complaints
from services.complaints.consents import routes as consents
from services.complaints.narratives import routes as narratives
from services.complaints.partner_profiles import routes as partner_profiles
from services.complaints.patterns import routes as patterns
from services.complaints.persons import routes as persons
from services.complaints.silences import routes as silences
from services.complaints.submissions import routes as submissions
from shared.app import Wiring, build_service
from shared.audit.routes import audit_router
from shared.imports.forgetting import DROPPING
from shared.imports.runs import runners
from shared.inside import clock_router, inside_router
from shared.operations.routes import operation_routers
from shared.vault import KeyStore

_FEATURES = (
    complaints, complaint_steps, narratives, consents, complaint_imports, persons, complaint_referrals, submissions,
    bulk_submissions, partner_profiles, patterns, silences, analysis_runs, complaint_statistics,
)  # fmt: skip
IMPORTS = (complaint_imports.IMPORT,)


def create_app(wiring: Wiring) -> FastAPI:
    """Build the app of the complaints service; its keys lie in its own secrets folder, outside the database."""
    keys = KeyStore(wiring.extras["secrets"])
    return build_service(
        "complaints",
        replace(wiring, extras={**wiring.extras, "keys": keys}),
        routers=(
            *(router for feature in _FEATURES for router in feature.ROUTERS),
            inside_router("complaints"),
            clock_router("complaints"),
            *operation_routers("complaints"),
            audit_router("complaints"),
        ),
        access_table=Path(__file__).with_name("access.yaml"),
        feeds=reactions.FEEDS,
        operations=runners(IMPORTS),
        periodic=(*periodic.PERIODIC, DROPPING),
    )
