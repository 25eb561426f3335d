"""What the NPM sends and sees about evidence."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.recommendations.recommendations.rules import EvidenceKind
from shared.paging import Paging
from shared.schemas import Day, Sent, ShortText, Shown


class EvidenceCreate(Sent):
    """Something that speaks about implementation; complaints only as an aggregate, never a case."""

    kind: EvidenceKind
    """What it is."""
    cited_from: Annotated[str, Field(min_length=1, max_length=500)]
    """Where it comes from: a visit's code, a document, the body that told it. Never a detained person."""
    observed_on: Day
    """The day it speaks of."""
    claim: ShortText
    """What it says."""
    reliability: Literal["high", "medium", "low", "unknown"] = "unknown"
    """How far it can be relied on."""


class EvidenceFilters(Paging):
    """How to order the evidence."""

    sort: Literal["observed_on", "-observed_on"] = "-observed_on"
    """The order."""


class EvidenceShown(Shown):
    """Something that speaks about implementation."""

    id: UUID
    kind: EvidenceKind
    cited_from: str
    observed_on: Day
    claim: str
    reliability: str
    origin: str


class EvidencePage(Shown):
    """A page of evidence."""

    items: list[EvidenceShown]
    next_cursor: str | None
    count: int | None = None
