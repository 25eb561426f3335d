"""What an institution does with its own entry: propose people. The NPM takes them over, or not. No HTTP, no SQL."""

from uuid import UUID, uuid4

from services.stakeholders.contacts import queries as contacts
from services.stakeholders.profiles import queries
from services.stakeholders.profiles.schemas.authority import AuthorityContactProposal
from shared.db import Work
from shared.errors import FieldError, Unprocessable
from shared.journal import Event
from shared.texts import folded


async def propose_contact(work: Work, proposed: AuthorityContactProposal) -> UUID:
    """Propose somebody of one's own authority as a contact or focal point."""
    await queries.of_authority(work)
    for number, each in enumerate(proposed.designations):
        if each.until is not None and each.until < each.since:
            wrong = FieldError(f"/designations/{number}/until", "ends_before_it_begins", "it ends before it begins")
            raise Unprocessable("a value is not acceptable", errors=[wrong])
    contact_id, authority_id = uuid4(), UUID(work.caller.authority_id)
    written = proposed.model_dump(mode="json")
    await contacts.propose(
        work, {**written, "id": contact_id, "stakeholder_id": authority_id, "sort_name": folded(proposed.name)}
    )
    work.record(Event("stakeholders.contact.proposed", contact_id, {"authority_id": str(authority_id)}, leaves=False))
    return contact_id
