"""What the NPM sends and sees about visit proposals."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.visits.proposals.rules import ProposalAction, ProposalStatus, ProposalTrigger
from services.visits.visits.rules.status import VisitPurpose
from services.visits.visits.schemas.npm import VisitCreate
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown
from shared.themes import Theme


class VisitProposalCreate(Sent):
    """A reason to visit a place."""

    place_id: UUID
    """Which place."""
    trigger: ProposalTrigger
    """What it comes from."""
    purpose: VisitPurpose
    """What for."""
    rationale: ShortText
    """Why."""
    theme: Theme | None = None
    """On which theme."""
    due_on: Day
    """By when it is decided."""


class VisitProposalTransition(Sent):
    """A decision on a proposal."""

    action: ProposalAction
    """What to do."""
    reason: ShortText | None = None
    """Why; needed to decline and to defer."""
    until: Day | None = None
    """Until when it is put off."""
    visit: VisitCreate | None = None
    """The visit that is made from it in the same act; needed to accept."""
    visit_id: UUID | None = None
    """The visit that takes it in, to merge."""
    proposal_id: UUID | None = None
    """The proposal that takes it in, to merge."""


class VisitProposalFilters(Paging):
    """How to narrow and order proposals."""

    status: Annotated[list[ProposalStatus], Field(max_length=5)] | None = None
    """Any of these states."""
    trigger: Annotated[list[ProposalTrigger], Field(max_length=8)] | None = None
    """From any of these."""
    place_id: UUID | None = None
    """About this place."""
    sort: Literal["due_on", "-due_on"] = "due_on"
    """The order."""


class VisitProposal(Shown):
    """A reason to visit a place, and what was decided."""

    id: UUID
    place: Reference
    trigger: ProposalTrigger
    purpose: VisitPurpose
    rationale: str
    theme: str | None
    pattern_id: UUID | None
    status: ProposalStatus
    due_on: Day
    is_past_due: bool
    deferred_until: Day | None
    decided_on: Day | None
    last_reason: str
    visit_id: UUID | None
    merged_into_id: UUID | None
    allowed_actions: list[ProposalAction]


class VisitProposalPage(Shown):
    """A page of proposals."""

    items: list[VisitProposal]
    next_cursor: str | None
    count: int | None = None
