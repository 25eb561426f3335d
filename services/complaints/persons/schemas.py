"""Persons as they come in, and as an entitled one sees them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.complaints.persons.rules import PersonRole, SafeContact
from shared.purposes import AccessPurpose
from shared.schemas import Code, Name, Sent, Shown, Whole


class Identifier(Sent):
    """A number that identifies a person."""

    kind: Code
    """What kind of number."""
    value: Annotated[str, Field(min_length=1, max_length=200)]
    """The number."""


class ContactDetails(Sent):
    """How a person can be reached."""

    channel: Code
    """By what: mail, phone, e-mail."""
    value: Annotated[str, Field(min_length=1, max_length=500)]
    """The address or number."""


class PersonSent(Sent):
    """A person of a case; goes into the vault and nowhere else."""

    role: PersonRole
    """What the person is in the case."""
    name: Name
    """The name."""
    birth_year: Annotated[int, Field(ge=1900, le=2100), Whole] | None = None
    """Year of birth."""
    identifiers: Annotated[list[Identifier], Field(max_length=10)] = []
    """Numbers that identify the person."""
    contact: ContactDetails | None = None
    """How to reach the person."""
    safe_contact: SafeContact | None = None
    """How the person may be reached without danger."""


class IdentifierShown(Shown):
    """A number that identifies a person."""

    kind: str
    value: str


class ContactShown(Shown):
    """How a person can be reached."""

    channel: str
    value: str


class RevealedPerson(Shown):
    """Who somebody is. Do not copy it anywhere."""

    id: UUID
    role: PersonRole
    name: str
    birth_year: int | None
    identifiers: list[IdentifierShown]
    contact: ContactShown | None
    safe_contact: SafeContact | None
    purpose: AccessPurpose
    """The purpose that you gave; it is in the journal with your name."""
