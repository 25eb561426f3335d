"""Everything PostgreSQL enforces in this service's database, gathered from its features."""

from services.recommendations.database import METADATA
from shared.protection import Protection

PROTECTIONS: tuple[Protection, ...] = ()

__all__ = ["METADATA", "PROTECTIONS"]
