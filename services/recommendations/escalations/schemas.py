"""What the NPM sends and sees about escalation."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.recommendations.escalations.rules import (
    EscalationAction,
    EscalationGround,
    EscalationPath,
    EscalationState,
    EscalationStep,
)
from shared.paging import Paging
from shared.schemas import Day, Name, Reference, Sent, ShortText, Shown


class EscalationCreate(Sent):
    """A step towards an authority, as the ladder suggests it or on urgent and serious facts."""

    authority_id: UUID
    """Towards whom."""
    step: EscalationStep
    """Which rung; not above what the ladder has reached, unless the facts are urgent and serious."""
    path: EscalationPath | None = None
    """Where a review by the head would lead."""
    ground: EscalationGround = EscalationGround.PROLONGED_NON_ENGAGEMENT
    """Why."""
    recommendation_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    """What it is about."""


class RetainedChannel(Sent):
    """The contact that stays open whatever else is done."""

    id: UUID
    """The contact or engagement in the directory."""
    name: Name
    """Its name, as people call it."""


class EscalationTransition(Sent):
    """An act on a step of escalation."""

    action: EscalationAction
    """What to do."""
    retained_channel: RetainedChannel | None = None
    """The channel that stays open; needed to accept."""
    ground: EscalationGround | None = None
    """The ground, if it is another one than proposed."""
    path: EscalationPath | None = None
    """Where a review by the head leads."""
    is_harm_checked: bool = False
    """Whether somebody asked what a public step does to the people it speaks for."""
    reason: ShortText | None = None
    """Why: to dismiss or to withdraw."""
    outcome: ShortText | None = None
    """What came of it; needed to end."""


class EscalationFilters(Paging):
    """How to narrow and order steps."""

    state: Annotated[list[EscalationState], Field(max_length=10)] | None = None
    """Any of these states."""
    authority_id: UUID | None = None
    """Towards this authority."""
    sort: Literal["suggested_on", "-suggested_on"] = "-suggested_on"
    """The order."""


class EscalationSuggestion(Shown):
    """A rung that the ladder has reached today; a person decides."""

    authority: Reference
    step: EscalationStep
    reason: str
    days: int
    """Days without an answer, on the oldest."""
    needs_head: bool
    is_round_table: bool
    """Several authorities share the matter: a round table suggests itself."""
    recommendations: list[Reference]


class EscalationSuggestions(Shown):
    """What the ladder suggests today, the highest rung first. Computed at reading; nothing is kept."""

    as_of: Day
    items: list[EscalationSuggestion]


class Escalation(Shown):
    """A step of escalation."""

    id: UUID
    authority: Reference
    recommendations: list[Reference]
    step: EscalationStep
    path: EscalationPath | None
    ground: EscalationGround | None
    state: EscalationState
    suggestion: str
    is_round_table: bool
    suggested_on: Day
    suggested_by: Reference
    retained_channel: Reference | None
    is_harm_checked: bool
    approved_by: Reference | None
    approved_on: Day | None
    carried_out_on: Day | None
    outcome: str
    reason: str
    allowed_actions: list[EscalationAction]


class EscalationPage(Shown):
    """A page of steps."""

    items: list[Escalation]
    next_cursor: str | None
    count: int | None = None
