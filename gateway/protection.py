"""Everything PostgreSQL enforces in the gateway's own database, gathered from its features."""

from gateway.database import METADATA
from gateway.own.revocations import tables as revocations
from shared.operations import tables as operations
from shared.protection import Protection

PROTECTIONS: tuple[Protection, ...] = (*operations.PROTECTIONS, *revocations.PROTECTIONS)

__all__ = ["METADATA", "PROTECTIONS"]
