"""What the NPM sends and sees about consents. Coded facts: who the person is stands in the vault."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.complaints.consents.rules import (
    ConsentAction,
    ConsentForm,
    ConsentPurpose,
    ConsentState,
    ContentLevel,
    InformedPoint,
    NotObtainableReason,
)
from shared.paging import Paging
from shared.schemas import Code, Day, Sent, Shown

Purposes = Annotated[list[ConsentPurpose], Field(max_length=8)]
Recipients = Annotated[list[Code], Field(max_length=20)]
InformedPoints = Annotated[list[InformedPoint], Field(max_length=3)]


class ConsentCreate(Sent):
    """What a person said when asked. Consents are added, never changed; a new one replaces the old."""

    person_ref: UUID | None = None
    """The person, as the case refers to it."""
    state: Literal[ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.NOT_OBTAINABLE]
    """What the person said."""
    purposes: Purposes = []
    """What for; nothing else is covered."""
    recipients: Recipients = []
    """To whom; nobody else."""
    content_level: ContentLevel | None = None
    """How much may be handed on."""
    form: ConsentForm | None = None
    """How it was given."""
    informed_points: InformedPoints = []
    """What the person was told before: use, risks, withdrawal."""
    not_obtainable_reason: NotObtainableReason | None = None
    """Why the person cannot be asked."""
    given_on: Day | None = None
    """The day it was given."""
    expires_on: Day | None = None
    """The last day it holds."""


class ConsentTransition(Sent):
    """A step of a consent."""

    action: Literal[ConsentAction.WITHDRAW]
    """What the person did."""


class ConsentFilters(Paging):
    """How to order the consents of a case."""

    sort: Literal["-created_at"] = "-created_at"
    """The order."""


class Consent(Shown):
    """A consent."""

    id: UUID
    person_ref: UUID | None
    state: ConsentState
    purposes: list[ConsentPurpose]
    recipients: list[str]
    content_level: ContentLevel | None
    form: ConsentForm | None
    informed_points: list[InformedPoint]
    not_obtainable_reason: NotObtainableReason | None
    given_on: Day | None
    expires_on: Day | None
    withdrawn_on: Day | None
    is_valid: bool
    """Whether it holds today."""


class ConsentPage(Shown):
    """A page of consents."""

    items: list[Consent]
    next_cursor: str | None
    count: int | None = None
