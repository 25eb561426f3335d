"""What the NPM sends to move a complaint on: each action names what it needs."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.complaints.complaints.rules import (
    ActionKind,
    ComplaintAction,
    ComplaintKind,
    OutcomeKind,
    Seriousness,
    Urgency,
)
from shared.schemas import Code, Day, Sent, ShortText, Whole
from shared.themes import Theme


class RiskSent(Sent):
    """How dangerous it is for the person that something becomes known."""

    risk: Annotated[int, Field(ge=0, le=3), Whole]
    """0 none, 1 low, 2 medium, 3 high."""
    factors: Annotated[list[Code], Field(max_length=20)] = []
    """What makes it dangerous, as codes."""
    mitigations: Annotated[list[Code], Field(max_length=20)] = []
    """What lowers it, as codes."""


class ClassificationSent(Sent):
    """The classification by set criteria."""

    kind: ComplaintKind
    """What it is about."""
    themes: Annotated[list[Theme], Field(min_length=1, max_length=4)]
    """The main theme first."""
    place_id: UUID | None = None
    """Where it happened."""
    authority_id: UUID | None = None
    """The authority, where no place is known."""
    seriousness: Seriousness | None = None
    """How grave; an allegation of torture is critical."""
    urgency: Urgency | None = None
    """How soon something has to be done."""
    risk: RiskSent | None = None
    """The assessment of risk; needed before anything goes out."""
    is_emblematic: bool = False
    """Whether it is followed for change beyond the case."""
    reason: ShortText | None = None
    """Why; needed once it had been classified. It is sealed."""


class PositionSent(Sent):
    """Whether the NPM is best placed to respond."""

    is_best_placed: bool
    """Whether it is."""
    other_body_id: UUID | None = None
    """Who is, otherwise."""


class PlannedActionSent(Sent):
    """An action that is decided."""

    kind: ActionKind
    """What is done."""
    due_on: Day | None = None
    """By when."""
    consent_id: UUID | None = None
    """The consent that covers it."""
    recipient: Code | None = None
    """Who gets it, as named in the consent."""
    is_anonymised: bool = False
    """Whether nothing in it points to the person."""
    unit_population: Annotated[int, Field(ge=0, le=100_000), Whole] | None = None
    """How many people are in the unit, for an anonymised notice to management."""


class OutcomeSent(Sent):
    """What came of it."""

    kind: OutcomeKind
    """What came of it."""
    on: Day
    """When."""


class ComplaintTransition(Sent):
    """A step of a complaint; each action names what it needs."""

    action: ComplaintAction
    """What to do."""
    reason: ShortText | None = None
    """Why; needed to reopen, take up again and separate. It is sealed."""
    position: PositionSent | None = None
    """For `assess`."""
    actions: Annotated[list[PlannedActionSent], Field(max_length=10)] = []
    """For `decide_action`."""
    outcome: OutcomeSent | None = None
    """For `record_outcome`."""
    into_id: UUID | None = None
    """For `merge`: the complaint that this one is the same matter as."""
    person_asked: bool = False
    """For `stop_at_request` and `take_up_again`: it is the person's own wish."""
    is_pressure_ruled_out: bool = False
    """For `stop_at_request`: nobody pressed the person to give up."""
    is_person_told_or_unsafe: bool = False
    """For `close`: the person was told, or telling is not safe."""
