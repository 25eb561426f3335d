"""What the NPM sends to move a complaint on: each action names what it needs."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.complaints.complaints.rules import ActionKind, ComplaintAction, OutcomeKind
from shared.schemas import Code, Day, Sent, ShortText, Whole


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
