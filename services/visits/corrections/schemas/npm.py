"""What the NPM sends and sees about proposed corrections."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.visits.reports.rules.status import CorrectionAction, CorrectionStatus
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown


class CorrectionFilters(Paging):
    """How to narrow the corrections of one report."""

    status: Annotated[list[CorrectionStatus], Field(max_length=5)] | None = None
    """Any of these states."""


class CorrectionTransition(Sent):
    """A decision on a proposed correction; both ways need a reason."""

    action: CorrectionAction
    """Accept or reject."""
    reason: ShortText | None = None
    """Why; the authority reads it."""


class FactualCorrection(Shown):
    """What an authority proposed for a fact item."""

    id: UUID
    transmission_id: UUID
    authority: Reference
    fact_item: Reference
    stated_value: str
    """What the draft said."""
    proposed_value: str
    evidence: str
    status: CorrectionStatus
    proposed_on: Day
    reason: str | None
    decided_on: Day | None
    allowed_actions: list[CorrectionAction]


class FactualCorrectionPage(Shown):
    """A page of proposed corrections."""

    items: list[FactualCorrection]
    next_cursor: str | None
    count: int | None = None
