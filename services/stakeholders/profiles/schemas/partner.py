"""What a partner sees of its own entry."""

from uuid import UUID

from services.stakeholders.authorities.rules import StakeholderKind
from services.stakeholders.contacts.schemas import ContactChannel, ContactDesignation
from shared.schemas import Shown


class PartnerContact(Shown):
    """One of the partner's own people, as the NPM reaches them."""

    id: UUID
    name: str
    post: str
    channels: list[ContactChannel]
    designations: list[ContactDesignation]


class PartnerDirectoryEntry(Shown):
    """The partner's own entry in the directory."""

    id: UUID
    kind: StakeholderKind
    name: str
    abbreviation: str
    competence: str
    website: str
    contacts: list[PartnerContact]
