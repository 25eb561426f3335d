"""Everything PostgreSQL enforces in the gateway's own database, gathered from its features."""

from gateway.database import METADATA
from gateway.own.clients import tables as clients
from gateway.own.revocations import tables as revocations
from shared.audit import tables as audit
from shared.operations import tables as operations
from shared.protection import Protection

PROTECTIONS: tuple[Protection, ...] = (
    *operations.PROTECTIONS,
    *audit.PROTECTIONS,
    *revocations.PROTECTIONS,
    *clients.PROTECTIONS,
)

__all__ = ["METADATA", "PROTECTIONS"]
