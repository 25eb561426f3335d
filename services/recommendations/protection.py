"""Everything PostgreSQL enforces in this service's database, gathered from its features."""

from services.recommendations.addressees import tables as addressees
from services.recommendations.assessments import tables as assessments
from services.recommendations.database import METADATA
from services.recommendations.escalations import tables as escalations
from services.recommendations.evidence import tables as evidence
from services.recommendations.extension_requests import tables as extension_requests
from services.recommendations.known import tables as known
from services.recommendations.matches import tables as matches
from services.recommendations.recommendations import tables as recommendations
from services.recommendations.responses import tables as responses
from shared.audit import tables as audit
from shared.imports import tables as imports
from shared.operations import tables as operations
from shared.protection import Protection

PROTECTIONS: tuple[Protection, ...] = (
    *known.PROTECTIONS,
    *matches.PROTECTIONS,
    *recommendations.PROTECTIONS,
    *addressees.PROTECTIONS,
    *responses.PROTECTIONS,
    *extension_requests.PROTECTIONS,
    *evidence.PROTECTIONS,
    *assessments.PROTECTIONS,
    *escalations.PROTECTIONS,
    *operations.PROTECTIONS,
    *audit.PROTECTIONS,
    *imports.PROTECTIONS,
)

#: Laid before the policies, which ask them.
FUNCTIONS = known.FUNCTIONS

__all__ = ["FUNCTIONS", "METADATA", "PROTECTIONS"]
