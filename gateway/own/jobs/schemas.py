"""What goes out about the background work: counts and codes; no arguments, no names, nobody's results."""

from shared.operations.schemas import JobKind
from shared.schemas import Shown


class JobsOfService(Shown):
    """The background work of one service."""

    service: str
    is_reachable: bool
    kinds: list[JobKind]
    """Empty where the service cannot be reached."""


class JobsPicture(Shown):
    """The background work of all services at this moment."""

    services: list[JobsOfService]
