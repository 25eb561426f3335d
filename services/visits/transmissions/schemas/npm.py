"""What the NPM sends and sees about a draft that is with an authority."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.visits.reports.rules.status import TransmissionAction, TransmissionStatus
from services.visits.reports.schemas.npm import FactItemShown
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown, Whole

WorkingDays = Annotated[int, Field(ge=5, le=90), Whole]


class TransmissionCreate(Sent):
    """One more authority that gets the draft."""

    authority_id: UUID
    """The authority."""
    is_channel_safe: bool = False
    """Whether somebody made sure that it receives the draft confidentially: an active account, or another safe way."""
    working_days: WorkingDays = 15
    """How long it has for its facts, in working days."""


class TransmissionTransition(Sent):
    """An act on a transmission."""

    action: TransmissionAction
    """What to do."""
    reason: ShortText | None = None
    """Why: recall, extend."""
    until: Day | None = None
    """The later due date: extend. It moves on to a working day."""


class TransmissionFilters(Paging):
    """How to page through the transmissions of one report."""


class TransmissionSummary(Shown):
    """A frozen draft that is or was with an authority."""

    id: UUID
    authority: Reference
    edition: int
    status: TransmissionStatus
    sent_on: Day
    due_on: Day
    due_explanation: str
    """How the date came about."""
    is_overdue: bool
    answered_on: Day | None


class TransmissionPage(Shown):
    """A page of transmissions."""

    items: list[TransmissionSummary]
    next_cursor: str | None
    count: int | None = None


class FrozenSection(Shown):
    """A section as it was sent."""

    id: UUID
    heading: str
    text: str


class Transmission(TransmissionSummary):
    """A frozen draft with what exactly was sent."""

    title: str
    sections: list[FrozenSection]
    fact_items: list[FactItemShown]
    recall_reason: str | None
    allowed_actions: list[TransmissionAction]
