"""What everybody sees of themselves."""

from uuid import UUID

from services.stakeholders.experts.schemas import ExpertStanding
from shared.schemas import Reference, Shown


class Me(Shown):
    """Who is calling."""

    subject: str
    audience_class: str
    roles: list[str]
    scopes: list[str]
    institution_id: UUID
    """The NPM whose system this is."""
    person: Reference | None
    """The own entry, where there is one."""
    organisation: Reference | None
    """The authority or partner one acts for; the name is empty while the directory does not have it."""
    department: Reference | None
    is_stepped_up: bool
    """Whether the login is strong and fresh enough for what asks for it."""


class ExpertMe(Shown):
    """Which expert is calling, and whether the expert may work today."""

    subject: str
    audience_class: str
    roles: list[str]
    scopes: list[str]
    institution_id: UUID
    """The NPM whose system this is."""
    expert_id: UUID
    person: Reference | None
    standing: ExpertStanding
    is_stepped_up: bool
