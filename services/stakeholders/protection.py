"""Everything PostgreSQL enforces in this service's database, gathered from its features."""

from services.stakeholders.accounts import tables as accounts
from services.stakeholders.accreditations import tables as accreditations
from services.stakeholders.authorities import tables as authorities
from services.stakeholders.conflicts import tables as conflicts
from services.stakeholders.contacts import tables as contacts
from services.stakeholders.database import METADATA
from services.stakeholders.decision_matrix import tables as decision_matrix
from services.stakeholders.directory_imports import tables as directory_imports
from services.stakeholders.engagements import tables as engagements
from services.stakeholders.experts import tables as experts
from services.stakeholders.mous import tables as mous
from services.stakeholders.persons import tables as persons
from services.stakeholders.remuneration_rules import tables as remuneration_rules
from shared.audit import tables as audit
from shared.imports import tables as imports
from shared.operations import tables as operations
from shared.protection import Protection

FUNCTIONS = (*accounts.FUNCTIONS, *conflicts.FUNCTIONS)
PROTECTIONS: tuple[Protection, ...] = (
    *authorities.PROTECTIONS,
    *directory_imports.PROTECTIONS,
    *contacts.PROTECTIONS,
    *engagements.PROTECTIONS,
    *mous.PROTECTIONS,
    *persons.PROTECTIONS,
    *experts.PROTECTIONS,
    *accreditations.PROTECTIONS,
    *conflicts.PROTECTIONS,
    *remuneration_rules.PROTECTIONS,
    *decision_matrix.PROTECTIONS,
    *accounts.PROTECTIONS,
    *operations.PROTECTIONS,
    *audit.PROTECTIONS,
    *imports.PROTECTIONS,
)

__all__ = ["FUNCTIONS", "METADATA", "PROTECTIONS"]
