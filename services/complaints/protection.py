"""Everything PostgreSQL enforces in this service's database, gathered from its features."""

from services.complaints.analysis_runs import queries as analysis_run_queries
from services.complaints.analysis_runs import tables as analysis_runs
from services.complaints.complaint_referrals import tables as complaint_referrals
from services.complaints.complaints import tables as complaints
from services.complaints.consents import tables as consents
from services.complaints.database import METADATA
from services.complaints.journaled_cases import tables as journaled_cases
from services.complaints.narratives import tables as narratives
from services.complaints.other_bodies import queries as other_body_queries
from services.complaints.partner_profiles import tables as partner_profiles
from services.complaints.patterns import tables as patterns
from services.complaints.persons import tables as persons
from services.complaints.projections import tables as projections
from services.complaints.silences import tables as silences
from shared.imports import tables as imports
from shared.operations import tables as operations
from shared.protection import Protection

PROTECTIONS: tuple[Protection, ...] = (
    *projections.PROTECTIONS,
    *complaints.PROTECTIONS,
    *complaint_referrals.PROTECTIONS,
    *narratives.PROTECTIONS,
    *persons.PROTECTIONS,
    *consents.PROTECTIONS,
    *partner_profiles.PROTECTIONS,
    *patterns.PROTECTIONS,
    *silences.PROTECTIONS,
    *analysis_runs.PROTECTIONS,
    *operations.PROTECTIONS,
    *journaled_cases.PROTECTIONS,
    *imports.PROTECTIONS,
)

#: Laid before the policies, which ask them.
FUNCTIONS = (*complaints.FUNCTIONS, *journaled_cases.FUNCTIONS)

#: Laid after every migration run, in its transaction.
TRIGGERS = (*analysis_run_queries.COUNTING, *other_body_queries.KEPT_ON_THE_COMPLAINT)

__all__ = ["FUNCTIONS", "METADATA", "PROTECTIONS", "TRIGGERS"]
