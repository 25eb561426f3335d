"""What the NPM sends about teams."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.visits.visits.rules.status import VisitRole
from shared.schemas import Sent, ShortText

Texts = Annotated[list[ShortText], Field(max_length=50)]


class TeamRoleCreate(Sent):
    """A role to give to somebody."""

    person_id: UUID
    """To whom."""
    role: VisitRole
    """Which role."""
    tasks: Texts = []
    """What the person is to do; an expert needs at least one."""
