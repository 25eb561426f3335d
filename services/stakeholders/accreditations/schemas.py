"""What goes in and out about accreditations. The authority sees name, profession and dates, and nothing else."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.stakeholders.accreditations.rules import AccreditationAction, AccreditationStatus
from services.stakeholders.imports.schemas import ImportRow
from shared.paging import Paging
from shared.schemas import Day, Reference, Sent, ShortText, Shown

DocumentReference = Annotated[str, Field(max_length=200)]


class AccreditationCreate(Sent):
    """A request to an authority: person and dates only, never a visit, a place or a reason."""

    person_id: UUID
    """Whom the authority is to know."""
    authority_id: UUID
    """Which authority."""
    from_on: Day
    """First day."""
    to_on: Day
    """Last day."""


class AccreditationTransition(Sent):
    """An act on an accreditation that changes its state."""

    action: AccreditationAction
    """What to do."""
    from_on: Day | None = None
    """First day, as granted or renewed; as asked for unless said."""
    to_on: Day | None = None
    """Last day, as granted or renewed."""
    reference: DocumentReference | None = None
    """The authority's own number."""
    document_reference: DocumentReference | None = None
    """Where the authority's paper is filed; needed to grant and to renew."""
    reason: ShortText | None = None
    """Why; needed to refuse and to revoke."""


class AccreditationFilters(Paging):
    """How to narrow and order accreditations."""

    person_id: UUID | None = None
    """Of this person."""
    authority_id: UUID | None = None
    """At this authority."""
    status: Annotated[list[AccreditationStatus], Field(max_length=10)] | None = None
    """In any of these states."""
    valid_on: Day | None = None
    """Granted and valid on this day."""
    sort: Literal["to_on", "-to_on"] = "to_on"
    """The order."""


class AuthorityAccreditationFilters(Paging):
    """How to order the accreditations at one's own authority."""

    sort: Literal["to_on", "-to_on"] = "to_on"
    """The order."""


class PersonAccreditation(Shown):
    """What an authority confirmed about a person."""

    id: UUID
    person: Reference
    authority: Reference
    status: AccreditationStatus
    is_valid: bool
    """Granted and in its dates today."""
    from_on: Day
    to_on: Day
    reference: str
    document_reference: str
    reason: str | None
    origin: str
    allowed_actions: list[AccreditationAction]


class PersonAccreditationPage(Shown):
    """A page of accreditations."""

    items: list[PersonAccreditation]
    next_cursor: str | None
    count: int | None = None


class AuthorityAccreditation(Shown):
    """A person of the NPM whom this authority is asked to know, or knows."""

    id: UUID
    name: str
    profession: str
    status: AccreditationStatus
    from_on: Day
    to_on: Day


class AuthorityAccreditationPage(Shown):
    """A page of accreditations."""

    items: list[AuthorityAccreditation]
    next_cursor: str | None
    count: int | None = None


class AccreditationImportRow(ImportRow):
    """One accreditation that was before this system (imported history). Taken once, never overwritten."""

    person_id: UUID
    """Of whom."""
    authority_id: UUID
    """At which authority."""
    status: AccreditationStatus
    """The state it is in."""
    from_on: Day
    """First day."""
    to_on: Day
    """Last day."""
    reference: DocumentReference = ""
    """The authority's own number."""
    document_reference: DocumentReference = ""
    """Where the authority's paper is filed."""
