"""What an authority sends and sees about its own corrections."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.visits.reports.rules.guards import CorrectionTarget
from services.visits.reports.rules.status import CorrectionAction, CorrectionStatus
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, Shown

Value = Annotated[str, Field(min_length=1, max_length=200)]
Evidence = Annotated[str, Field(max_length=5_000)]


class AuthorityCorrectionProposal(Sent):
    """Another value for one fact item of a draft. Content and analysis are the NPM's and are not corrected."""

    target: CorrectionTarget = CorrectionTarget.FACT_ITEM
    """What it is about; anything but a fact item is refused."""
    target_id: UUID
    """The id of the fact item in the draft that you were sent."""
    proposed_value: Value
    """The value that you say is right."""
    evidence: Evidence = ""
    """What shows it."""


class AuthorityCorrectionFilters(Paging):
    """How to page through the own corrections of one draft."""


class AuthorityCorrectionTransition(Sent):
    """An act on an own correction."""

    action: CorrectionAction
    """`withdraw`: take it back while it is not decided."""


class AuthorityCorrection(Shown):
    """An own correction, with what was decided."""

    id: UUID
    fact_item: Reference
    stated_value: str
    """What the draft said."""
    proposed_value: str
    evidence: str
    status: CorrectionStatus
    proposed_on: Day
    reason: str | None
    """Why it was accepted or rejected."""
    decided_on: Day | None
    allowed_actions: list[CorrectionAction]


class AuthorityCorrectionPage(Shown):
    """A page of own corrections."""

    items: list[AuthorityCorrection]
    next_cursor: str | None
    count: int | None = None
