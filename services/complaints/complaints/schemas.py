"""What the NPM sends and sees about complaints. Never a name, never what somebody told us: these have calls of their own."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.complaints.complaints.rules import (
    ActionKind,
    AssignmentRole,
    ComplaintAction,
    ComplaintChannel,
    ComplaintKind,
    ComplaintState,
    OutcomeKind,
    Seriousness,
    SourceRole,
    Urgency,
)
from services.complaints.other_bodies.schemas import OtherBodyFilters, OtherBodyShown
from services.complaints.persons.schemas import PersonSent
from shared.schemas import Code, Day, LongText, Reference, Sent, Shown, Whole
from shared.themes import Theme

Themes = Annotated[list[Theme], Field(max_length=4)]
People = Annotated[list[UUID], Field(max_length=20)]
GroupSize = Annotated[int, Field(ge=1, le=10_000), Whole]
Language = Annotated[str, Field(min_length=2, max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]


class Narrative(Sent):
    """What somebody told us; it is sealed at once and shown by its own call only."""

    language: Language
    """The language tag."""
    text: LongText
    """The words."""


class ComplaintCreate(Sent):
    """A complaint as it arrived. Whoever records it need not be able to read it afterwards."""

    received_on: Day
    """The day it arrived."""
    channel: ComplaintChannel
    """How it arrived."""
    source_role: SourceRole
    """Who complains."""
    kind: ComplaintKind | None = None
    """What it is about."""
    themes: Themes = []
    """The main theme first, up to three more."""
    place_id: UUID | None = None
    """Where it happened."""
    present_place_id: UUID | None = None
    """Where the person is now."""
    authority_id: UUID | None = None
    """The authority, where no place is known."""
    incident_from: Day | None = None
    """First day of what happened."""
    incident_to: Day | None = None
    """Last day of what happened."""
    anonymous: bool = False
    """Whether the person wants to stay unknown."""
    group_size: GroupSize = 1
    """For how many people somebody speaks."""
    has_reprisal_fear: bool = False
    """Whether somebody fears reprisals."""
    persons: Annotated[list[PersonSent], Field(max_length=20)] = []
    """Who is concerned; goes into the vault."""
    against_person_ids: People = []
    """People of the NPM or experts complained of; they are shut out whatever their role."""
    narrative: Narrative | None = None
    """What was told; it is sealed."""


class ComplaintReceipt(Shown):
    """A complaint is kept. Reading it back needs an assignment."""

    id: UUID
    ref: str
    """The reference that people quote; it is random."""


class AcknowledgementSent(Sent):
    """What became of the acknowledgement of receipt."""

    sent_on: Day | None = None
    """The day it went out."""
    is_unsafe: bool = False
    """Whether any contact would be a danger."""
    is_impossible: bool = False
    """Whether nobody can be reached."""
    expectations_version: Code | None = None
    """The version of the text on what the NPM can and cannot do."""


class AssignmentSent(Sent):
    """Who works on the case, as what."""

    person_id: UUID
    """The person."""
    role: AssignmentRole
    """What for."""


class AssignmentsSent(Sent):
    """Everybody who works on the case from now on."""

    assignments: Annotated[list[AssignmentSent], Field(max_length=10)]
    """All of them; who is not named reads nothing any more."""


class ComplaintFilters(OtherBodyFilters):
    """How to narrow and order the cases that you may see."""

    state: Annotated[list[ComplaintState], Field(max_length=10)] | None = None
    """Any of these states."""
    theme: Annotated[list[Theme], Field(max_length=20)] | None = None
    """Any of these themes."""
    place_id: UUID | None = None
    """At this place."""
    seriousness: Annotated[list[Seriousness], Field(max_length=4)] | None = None
    """Any of these."""
    received_from: Day | None = None
    """Received on this day or later."""
    received_to: Day | None = None
    """Received on this day or earlier."""
    is_assigned: bool | None = None
    """False: the queue of cases that nobody works on."""
    sort: Literal["received_on", "-received_on"] = "-received_on"
    """The order."""


class AssignmentShown(Shown):
    """Who works on the case, as what, since when."""

    person: Reference
    role: AssignmentRole
    since_on: Day


class AssignmentsShown(Shown):
    """Who works on a case."""

    id: UUID
    ref: str
    assignments: list[AssignmentShown]


class AcknowledgementShown(Shown):
    """Acknowledgement of receipt."""

    due_on: Day | None
    sent_on: Day | None
    is_unsafe: bool
    is_impossible: bool
    expectations_version: str | None


class PositionShown(Shown):
    """Whether the NPM is best placed; the reason is sealed with the narrative."""

    is_best_placed: bool
    other_body_id: UUID | None
    assessed_on: Day


class RiskShown(Shown):
    """The assessment of risk."""

    risk: int
    factors: list[str]
    mitigations: list[str]
    decided_by: str


class ActionShown(Shown):
    """A decided action."""

    id: UUID
    kind: ActionKind
    due_on: Day | None
    consent_id: UUID | None
    is_anonymised: bool
    decided_on: Day
    started_on: Day | None
    effect_of_withdrawal: str | None
    """`cancelled` or `flagged` once the consent behind it was withdrawn."""


class OutcomeShown(Shown):
    """What came of it."""

    kind: OutcomeKind
    on: Day


class ComplaintSource(Shown):
    """Where an imported complaint comes from."""

    source: str
    row: str
    note: dict[str, Any]
    """What the source says beside these fields, in its own codes."""


class ComplaintSummary(Shown):
    """A case in a list."""

    id: UUID
    ref: str
    state: ComplaintState
    received_on: Day
    kind: ComplaintKind | None
    themes: list[Theme]
    place: Reference | None
    seriousness: Seriousness | None
    urgency: Urgency | None
    is_acknowledgement_overdue: bool
    origin: str
    other_body: OtherBodyShown | None
    is_other_body_timely: bool | None
    is_other_body_overdue: bool


class ComplaintPage(Shown):
    """A page of cases."""

    items: list[ComplaintSummary]
    next_cursor: str | None
    count: int | None = None


class Complaint(Shown):
    """The core of a case, without what is sealed."""

    id: UUID
    ref: str
    state: ComplaintState
    received_on: Day
    channel: ComplaintChannel
    source_role: SourceRole
    partner: Reference | None
    kind: ComplaintKind | None
    themes: list[Theme]
    place: Reference | None
    present_place: Reference | None
    authority: Reference | None
    incident_from: Day | None
    incident_to: Day | None
    seriousness: Seriousness | None
    urgency: Urgency | None
    anonymous: bool
    person_refs: list[UUID]
    """References into the vault."""
    group_size: int
    has_reprisal_fear: bool
    duplicate_of: Reference | None
    is_emblematic: bool
    acknowledgement: AcknowledgementShown | None
    is_acknowledgement_overdue: bool
    position_assessment: PositionShown | None
    risk_assessment: RiskShown | None
    assignments: list[AssignmentShown]
    actions: list[ActionShown]
    outcome: OutcomeShown | None
    other_body: OtherBodyShown | None
    is_other_body_timely: bool | None
    is_other_body_overdue: bool
    origin: str
    imported_from: ComplaintSource | None
    allowed_actions: list[ComplaintAction]
