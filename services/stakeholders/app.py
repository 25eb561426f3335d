"""The stakeholders service, put together. Wiring only."""

from pathlib import Path

from fastapi import FastAPI

from services.stakeholders import reactions
from services.stakeholders.accounts import routes as accounts
from services.stakeholders.accreditations import routes as accreditations
from services.stakeholders.authorities import routes as authorities
from services.stakeholders.conflicts import routes as conflicts
from services.stakeholders.contacts import routes as contacts
from services.stakeholders.decision_matrix import routes as decision_matrix
from services.stakeholders.dialogue import routes as dialogue
from services.stakeholders.engagements import routes as engagements
from services.stakeholders.expert_contracts.routes import expert as own_contract
from services.stakeholders.expert_contracts.routes import npm as expert_contracts
from services.stakeholders.experts import routes as experts
from services.stakeholders.mapping import routes as mapping
from services.stakeholders.matches import routes as matches
from services.stakeholders.me import routes as me
from services.stakeholders.mous import routes as mous
from services.stakeholders.persons import routes as persons
from services.stakeholders.profiles.routes import authority as authority_profile
from services.stakeholders.profiles.routes import partner as partner_profile
from services.stakeholders.remuneration_rules import routes as remuneration_rules
from services.stakeholders.standing import routes as standing
from shared.app import Wiring, build_service
from shared.audit.routes import audit_router
from shared.imports.forgetting import DROPPING
from shared.imports.runs import runners
from shared.inside import clock_router, inside_router
from shared.operations.routes import operation_routers

ROUTERS = (
    *me.ROUTERS,
    # before `authorities/{authority_id}`, whose id a word would be
    *matches.ROUTERS,
    *authorities.ROUTERS,
    *contacts.ROUTERS,
    *dialogue.ROUTERS,
    *mapping.ROUTERS,
    authority_profile.router,
    partner_profile.router,
    *engagements.ROUTERS,
    *mous.ROUTERS,
    *persons.ROUTERS,
    *experts.ROUTERS,
    expert_contracts.router,
    own_contract.router,
    *accreditations.ROUTERS,
    *conflicts.ROUTERS,
    *remuneration_rules.ROUTERS,
    *decision_matrix.ROUTERS,
    *standing.ROUTERS,
    *accounts.ROUTERS,
)
IMPORTS = (
    authorities.IMPORT,
    mous.IMPORT,
    persons.IMPORT,
    expert_contracts.IMPORT,
    accreditations.IMPORT,
)


def create_app(wiring: Wiring) -> FastAPI:
    """Build the app of the stakeholders service."""
    return build_service(
        "stakeholders",
        wiring,
        routers=(
            *ROUTERS,
            inside_router("stakeholders"),
            clock_router("stakeholders"),
            *operation_routers("stakeholders"),
            audit_router("stakeholders"),
        ),
        access_table=Path(__file__).with_name("access.yaml"),
        feeds=reactions.FEEDS,
        operations=runners(IMPORTS),
        periodic=(DROPPING,),
    )
