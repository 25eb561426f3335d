"""What is sent and shown about ended access. Codes and ids alone."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from gateway.own.revocations.rules import LiftReason, RevocationAction, RevocationReason, RevocationStatus
from shared.paging import Paging
from shared.revocations.rules import RevocationEffect, RevocationKind
from shared.schemas import Sent, Shown

_VISIBLE = r"^[\x21-\x7e]+$"
RevokedValue = Annotated[str, Field(min_length=1, max_length=255, pattern=_VISIBLE)]
IssuerName = Annotated[str, Field(min_length=1, max_length=500, pattern=_VISIBLE)]


class AccessRevocationCreate(Sent):
    """Whose access ends, and how."""

    kind: RevocationKind
    """By what it is named."""
    value: RevokedValue
    """The subject, client, organisation (its id) or token (its id)."""
    issuer: IssuerName | None = None
    """Whose subject, client or token it is. Needed with a subject; without it any issuer's is meant."""
    effect: RevocationEffect = RevocationEffect.ISSUED_BEFORE
    """How it ends."""
    issued_before: AwareDatetime | None = None
    """Up to when issued; now, unless said. Tokens of 30 seconds after it end too, since clocks differ."""
    reason: RevocationReason
    """Why."""


class AccessRevocationTransition(Sent):
    """An act on an entry."""

    action: Literal[RevocationAction.LIFT]
    """What to do."""
    reason: LiftReason
    """Why."""


class AccessRevocationFilters(Paging):
    """How to narrow the list."""

    status: Annotated[list[RevocationStatus], Field(max_length=2)] | None = None
    """Any of these."""
    kind: Annotated[list[RevocationKind], Field(max_length=4)] | None = None
    """Any of these."""
    value: RevokedValue | None = None
    """Exactly this."""
    reason: Annotated[list[RevocationReason], Field(max_length=7)] | None = None
    """Any of these."""
    sort: Literal["created_at", "-created_at"] = "-created_at"
    """The order."""


class AccessRevocation(Shown):
    """One entry of the list."""

    id: UUID
    kind: RevocationKind
    value: str
    issuer: str
    """Empty where any issuer is meant."""
    effect: RevocationEffect
    issued_before: datetime | None
    """Null for a block."""
    reason: RevocationReason
    status: RevocationStatus
    lift_reason: LiftReason | None
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    allowed_actions: list[RevocationAction]


class AccessRevocationPage(Shown):
    """A page of the list."""

    items: list[AccessRevocation]
    next_cursor: str | None
    count: int | None = None


class ListPosition(BaseModel):
    """How far a copy has read: number and entry of the last change it knows."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    after: Annotated[int, Field(ge=0, le=2**62)] = 0
    """The number."""
    after_id: UUID | None = None
    """The entry."""


class RevocationChange(Shown):
    """One change, as the copies of the services take it."""

    id: str
    kind: RevocationKind
    value: str
    issuer: str
    issued_before: int | None
    """Seconds since the epoch; null for a block."""
    is_lifted: bool


class RevocationChanges(Shown):
    """What changed after a position, the oldest first."""

    items: list[RevocationChange]
    after: int
    """Where to read on."""
    after_id: str
    """The entry of that number; empty at the beginning."""
    is_whole: bool
    """Whether it begins at the beginning: what was known before counts no more."""
    is_end: bool
    """Whether there is nothing more now."""


class RevocationMade(Shown):
    """The entry that ends access."""

    id: UUID
