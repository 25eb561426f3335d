"""What an entitled person sees of the sealed texts of a case."""

from uuid import UUID

from services.complaints.narratives.rules import CaseTextKind
from shared.purposes import AccessPurpose
from shared.schemas import Day, Shown


class CaseTextShown(Shown):
    """One text, opened."""

    id: UUID
    kind: CaseTextKind
    language: str
    text: str
    added_on: Day


class ComplaintNarrative(Shown):
    """What people told us in one case. The newest text of kind `narrative` counts; former ones stay."""

    id: UUID
    ref: str
    purpose: AccessPurpose
    """The purpose that you gave; it is in the journal with your name."""
    texts: list[CaseTextShown]
