"""What an authority sends and sees about its own entry. Influence, openness and notes are absent, not null."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.stakeholders.authorities.rules import AuthorityCategory, ContactLevel, DesignationKind, StakeholderKind
from services.stakeholders.contacts.schemas import Channels, ContactChannel, ContactDesignation, Designations
from shared.schemas import Day, Name, Sent, Shown


class AuthorityContact(Shown):
    """One of the authority's own people, as the NPM reaches them."""

    id: UUID
    name: str
    post: str
    contact_level: ContactLevel | None
    channels: list[ContactChannel]
    designations: list[ContactDesignation]
    is_confirmed: bool
    """False until the NPM has taken it over."""


class AuthorityFocalPoint(Shown):
    """Who is focal point today, or stands in."""

    id: UUID
    name: str
    kind: DesignationKind
    since: Day


class AuthorityProfile(Shown):
    """The authority's own entry in the directory."""

    id: UUID
    kind: StakeholderKind
    name: str
    abbreviation: str
    category: AuthorityCategory | None
    competence: str
    website: str
    contacts: list[AuthorityContact]
    focal_points: list[AuthorityFocalPoint]


class AuthorityContactProposal(Sent):
    """Somebody whom the authority proposes as a contact."""

    name: Name
    """The name."""
    post: Annotated[str, Field(max_length=200)] = ""
    """The post held."""
    contact_level: ContactLevel | None = None
    """The level at which one talks."""
    channels: Channels = []
    """Ways to reach them."""
    designations: Designations = []
    """What the authority designates them for."""
