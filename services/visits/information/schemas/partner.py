"""What a partner sends about places, and sees of what it sent."""

from typing import Literal
from uuid import UUID

from services.visits.information.rules import InformationKind, InformationStatus
from shared.paging import Paging
from shared.schemas import Day, LongText, Reference, Sent, Shown
from shared.themes import Theme


class PartnerInformationCreate(Sent):
    """What a partner tells about a place."""

    place_id: UUID
    """Which place of the public register."""
    kind: InformationKind
    """What kind it is."""
    theme: Theme | None = None
    """On what."""
    text: LongText
    """What to know; no names of people deprived of liberty."""


class PartnerInformationFilters(Paging):
    """How to order what was sent."""

    sort: Literal["received_on", "-received_on"] = "-received_on"
    """The order."""


class PartnerInformation(Shown):
    """What the partner told, and its fate. How it was weighed stays inside."""

    id: UUID
    place: Reference
    kind: InformationKind
    theme: Theme | None
    text: str
    status: InformationStatus
    received_on: Day


class PartnerInformationPage(Shown):
    """A page of own information."""

    items: list[PartnerInformation]
    next_cursor: str | None
    count: int | None = None
