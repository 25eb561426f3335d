"""What the NPM sends and sees about assessments: its own findings on implementation, beside what is claimed."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.recommendations.assessments.rules import AssessmentAction, AssessmentState, AssessmentTrigger
from services.recommendations.recommendations.rules import ImplementationStatus
from services.recommendations.responses.rules import Obstacle
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown

Note = Annotated[str, Field(max_length=20_000)]


class AssessmentProposal(Sent):
    """A finding on implementation with what it rests on."""

    status: ImplementationStatus
    """How far it is put into practice, in the NPM's own judgement."""
    reasons: Annotated[list[Obstacle], Field(max_length=11)] = []
    """Why it stands there: what stood in the way, or what carried it."""
    evidence_ids: Annotated[list[UUID], Field(max_length=100)] = []
    """The evidence; implemented needs some that is not the authority's own answer."""
    note: Note = ""
    """The reasoning, for the inside."""


class AssessmentCreate(Sent):
    """A look at what became of a recommendation; with a proposal it goes to the approver at once."""

    proposal: AssessmentProposal | None = None
    """The finding, where it is known already."""


class AssessmentTransition(Sent):
    """An act on an assessment."""

    action: AssessmentAction
    """What to do."""
    proposal: AssessmentProposal | None = None
    """The finding, to propose."""
    reason: ShortText | None = None
    """Why: to return or to drop."""


class AssessmentFilters(Paging):
    """How to narrow and order assessments."""

    state: Annotated[list[AssessmentState], Field(max_length=10)] | None = None
    """Any of these states."""
    sort: Literal["opened_on", "-opened_on"] = "-opened_on"
    """The order."""


class ImplementationStanding(Shown):
    """What is claimed and what is found, never mixed."""

    status: ImplementationStatus | None
    """The NPM's own finding, from the last approved assessment."""
    assessed_on: Day | None
    is_verified: bool
    """The finding rests on more than the authority's answer."""
    claimed_status: ImplementationStatus | None
    claimed_on: Day | None
    is_only_claimed: bool
    """The authority says implemented, and the NPM has not found so."""
    is_claim_refuted: bool
    """The authority says implemented, and the NPM found otherwise."""


class ImplementationClaim(Shown):
    """What one addressee says about implementation."""

    authority: Reference
    claimed_status: ImplementationStatus
    claimed_on: Day


class NonImplementationSignal(Shown):
    """What complaints say about implementation: a level and a band, never a case. It changes no status."""

    level: str
    count_band: str
    as_of: Day | None
    is_contradicted: bool
    """A claim of implementation stands, and complaints speak against it."""


class AssessmentBrief(Shown):
    """An assessment in the view of its recommendation."""

    id: UUID
    state: AssessmentState
    trigger: AssessmentTrigger
    opened_on: Day
    status: ImplementationStatus | None
    assessed_on: Day | None
    reasons: list[Obstacle]
    has_other_evidence: bool
    proposed_by: Reference | None
    approved_by: Reference | None
    approved_on: Day | None


class Assessment(Shown):
    """The NPM's own finding on implementation, with its way."""

    id: UUID
    recommendation: Reference
    state: AssessmentState
    trigger: AssessmentTrigger
    opened_on: Day
    status: ImplementationStatus | None
    assessed_on: Day | None
    reasons: list[Obstacle]
    note: str
    evidence_ids: list[UUID]
    has_other_evidence: bool
    proposed_by: Reference | None
    approved_by: Reference | None
    approved_on: Day | None
    remarks: str
    allowed_actions: list[AssessmentAction]


class AssessmentPage(Shown):
    """A page of assessments."""

    items: list[AssessmentBrief]
    next_cursor: str | None
    count: int | None = None
