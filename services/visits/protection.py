"""Everything PostgreSQL enforces in this service's database, gathered from its features."""

from services.visits.access_incidents import tables as access_incidents
from services.visits.database import METADATA
from services.visits.external_visits import tables as external_visits
from services.visits.findings import tables as findings
from services.visits.history import queries as history_queries
from services.visits.information import tables as information
from services.visits.matches import tables as matches
from services.visits.places import tables as places
from services.visits.plans import tables as plans
from services.visits.priorities import tables as priorities
from services.visits.proposals import tables as proposals
from services.visits.report_comments import tables as report_comments
from services.visits.reports import tables as reports
from services.visits.teams import tables as teams
from services.visits.visits import tables as visits
from shared.audit import tables as audit
from shared.imports import tables as imports
from shared.operations import tables as operations
from shared.protection import Protection

PROTECTIONS: tuple[Protection, ...] = (
    *places.PROTECTIONS,
    *matches.PROTECTIONS,
    *visits.PROTECTIONS,
    *teams.PROTECTIONS,
    *findings.PROTECTIONS,
    # reports
    *reports.PROTECTIONS,
    *report_comments.PROTECTIONS,
    *plans.PROTECTIONS,
    *proposals.PROTECTIONS,
    *access_incidents.PROTECTIONS,
    *information.PROTECTIONS,
    *external_visits.PROTECTIONS,
    *priorities.PROTECTIONS,
    *operations.PROTECTIONS,
    *audit.PROTECTIONS,
    *imports.PROTECTIONS,
)

#: Laid before the policies, which ask them.
FUNCTIONS = (*visits.FUNCTIONS, *reports.FUNCTIONS, *report_comments.FUNCTIONS)
TRIGGERS = history_queries.HELD

__all__ = ["FUNCTIONS", "METADATA", "PROTECTIONS", "TRIGGERS"]
