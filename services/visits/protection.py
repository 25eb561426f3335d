"""Everything PostgreSQL enforces in this service's database, gathered from its features."""

from services.visits.database import METADATA
from services.visits.places import tables as places
from shared.protection import Protection

PROTECTIONS: tuple[Protection, ...] = (*places.PROTECTIONS,)

__all__ = ["METADATA", "PROTECTIONS"]
