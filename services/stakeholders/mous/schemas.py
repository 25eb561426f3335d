"""What goes in and out about memoranda. The party sees the signed text, without our check of it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from services.stakeholders.imports.schemas import ImportRow
from services.stakeholders.mous.rules import IndependenceFlag, MouAction, MouPurpose, MouStatus
from shared.paging import Paging
from shared.schemas import Day, Name, Reference, Sent, ShortText, Shown

Text = Annotated[str, Field(max_length=20_000)]
Purposes = Annotated[list[MouPurpose], Field(max_length=5)]
Flags = Annotated[list[IndependenceFlag], Field(max_length=10)]


class MouCreate(Sent):
    """A memorandum to draft."""

    partner_id: UUID
    """With whom."""
    title: Name
    """Its title."""
    purposes: Purposes = []
    """What it is for."""
    objectives: Text = ""
    """What both want."""
    modalities: Text = ""
    """How they work together."""
    responsibilities: Text = ""
    """Who does what."""
    limits: Text = ""
    """What stays out."""
    confidentiality_clause: Text = ""
    """The duty of secrecy."""
    from_on: Day | None = None
    """First day."""
    to_on: Day | None = None
    """Last day."""
    review_due_on: Day | None = None
    """When to look at it again."""


class MouUpdate(Sent):
    """A change to a draft; only what is sent changes. A text that was cleared goes back to draft first."""

    title: Name | MISSING = MISSING
    """Its title."""
    purposes: Purposes | MISSING = MISSING
    """What it is for."""
    objectives: Text | MISSING = MISSING
    """What both want."""
    modalities: Text | MISSING = MISSING
    """How they work together."""
    responsibilities: Text | MISSING = MISSING
    """Who does what."""
    limits: Text | MISSING = MISSING
    """What stays out."""
    confidentiality_clause: Text | MISSING = MISSING
    """The duty of secrecy."""
    review_due_on: Day | MISSING | None = MISSING
    """When to look at it again."""


class MouTransition(Sent):
    """An act on a memorandum that changes its state."""

    action: MouAction
    """What to do."""
    flags: Flags = []
    """Clauses that limit the NPM; needed to return, none left to clear."""
    from_on: Day | None = None
    """First day, for signing and renewing."""
    to_on: Day | None = None
    """Last day, for signing and renewing."""
    reason: ShortText | None = None
    """Why; needed to suspend, resume and terminate."""


class MouFilters(Paging):
    """How to narrow and order memoranda."""

    partner_id: UUID | None = None
    """With this partner."""
    status: Annotated[list[MouStatus], Field(max_length=10)] | None = None
    """In any of these states."""
    sort: Literal["title", "-title"] = "title"
    """The order."""


class MouSummary(Shown):
    """A memorandum in a list."""

    id: UUID
    partner: Reference
    title: str
    purposes: list[MouPurpose]
    status: MouStatus
    is_in_force: bool
    from_on: Day | None
    to_on: Day | None
    review_due_on: Day | None


class MouPage(Shown):
    """A page of memoranda."""

    items: list[MouSummary]
    next_cursor: str | None
    count: int | None = None


class Memorandum(Shown):
    """A memorandum with its text and our check of it."""

    id: UUID
    partner: Reference
    title: str
    purposes: list[MouPurpose]
    objectives: str
    modalities: str
    responsibilities: str
    limits: str
    confidentiality_clause: str
    independence_flags: list[IndependenceFlag]
    status: MouStatus
    is_in_force: bool
    from_on: Day | None
    to_on: Day | None
    review_due_on: Day | None
    signed_on: Day | None
    reason: str | None
    origin: str
    allowed_actions: list[MouAction]


class PartnerMou(Shown):
    """The own memorandum, as signed."""

    id: UUID
    title: str
    purposes: list[MouPurpose]
    objectives: str
    modalities: str
    responsibilities: str
    limits: str
    confidentiality_clause: str
    status: MouStatus
    is_in_force: bool
    from_on: Day | None
    to_on: Day | None
    signed_on: Day | None


class MouImportRow(ImportRow):
    """One memorandum that was before this system (imported history). Taken once, never overwritten."""

    partner_id: UUID
    """With whom."""
    title: Name
    """Its title."""
    purposes: Purposes = []
    """What it is for."""
    objectives: Text = ""
    """What both want."""
    modalities: Text = ""
    """How they work together."""
    responsibilities: Text = ""
    """Who does what."""
    limits: Text = ""
    """What stays out."""
    confidentiality_clause: Text = ""
    """The duty of secrecy."""
    status: MouStatus = MouStatus.SIGNED
    """The state it is in."""
    from_on: Day
    """First day."""
    to_on: Day
    """Last day."""
    signed_on: Day | None = None
    """When it was signed."""
    review_due_on: Day | None = None
    """When to look at it again."""


class MouStandingQuestion(BaseModel):
    """Which memorandum with whom is asked for, by the gateway."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    mou_id: UUID
    """The memorandum."""
    partner_id: UUID
    """With whom it must be."""


class MouStanding(Shown):
    """Whether sharing and referrals may stand on a memorandum today."""

    is_in_force: bool
