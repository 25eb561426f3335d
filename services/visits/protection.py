"""Everything PostgreSQL enforces in this service's database, gathered from its features."""

from services.visits.database import METADATA
from services.visits.findings import tables as findings
from services.visits.places import tables as places
from services.visits.reports import tables as reports
from services.visits.teams import tables as teams
from services.visits.visits import tables as visits
from shared.protection import Protection

PROTECTIONS: tuple[Protection, ...] = (
    *places.PROTECTIONS,
    *visits.PROTECTIONS,
    *teams.PROTECTIONS,
    *findings.PROTECTIONS,
    # reports
    *reports.PROTECTIONS,
)

__all__ = ["METADATA", "PROTECTIONS"]
