"""What people do with the people of an institution: enter, correct, take over what was proposed. No HTTP, no SQL."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.stakeholders.authorities import queries as authorities
from services.stakeholders.authorities.rules import Designation, DesignationKind, designation_problems
from services.stakeholders.contacts import queries
from services.stakeholders.contacts.schemas import ContactCreate, ContactUpdate
from services.stakeholders.contacts.tables import Contact
from shared.db import Work
from shared.errors import Conflict, FieldError
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch
from shared.texts import folded


async def register_contact(work: Work, authority_id: UUID, new: ContactCreate) -> UUID:
    """Enter somebody of an institution."""
    await authorities.must_exist(work, authority_id)
    others = await queries.lock_all(work, authority_id)
    contact = Contact(
        **new.model_dump(mode="json"), **await stamps(work), stakeholder_id=authority_id, sort_name=folded(new.name)
    )
    _check_designations(contact, others.values())
    work.session.add(contact)
    work.record(Event("stakeholders.contact.registered", contact.id, {"authority_id": str(authority_id)}, leaves=False))
    _tell_focal_point(work, contact, before=[])
    return contact.id


async def update_contact(
    work: Work, authority_id: UUID, contact_id: UUID, if_match: str, changes: ContactUpdate
) -> UUID:
    """Correct somebody's entry; designations are ended, never left out: who was focal point then stays true."""
    contact, others = await queries.lock(work, authority_id, contact_id)
    expect(if_match, await queries.in_full(work, authority_id, contact_id))
    before = contact.designations
    sent = changes.model_dump(mode="json")
    for name, value in sent.items():
        setattr(contact, name, value)
    contact.sort_name = folded(contact.name)
    if "designations" in sent:
        _check_kept(before, sent["designations"], was_confirmed="is_confirmed" not in sent and contact.is_confirmed)
    if contact.is_confirmed:
        _check_designations(contact, others)
    await touch(work, contact)
    work.record(Event("stakeholders.contact.changed", contact.id, {"authority_id": str(authority_id)}, leaves=False))
    if contact.is_confirmed:
        _tell_focal_point(work, contact, before=[] if "is_confirmed" in sent else before)
    return contact.id


def _check_kept(before: list[dict[str, Any]], after: list[dict[str, Any]], *, was_confirmed: bool) -> None:
    kept = {(each["kind"], each["since"]) for each in after}
    if was_confirmed and any((each["kind"], each["since"]) not in kept for each in before):
        raise Conflict(
            "a designation is ended with its last day, never taken away",
            errors=[FieldError("/designations", "designation_missing", "a designation that was is not among them")],
        )


def _check_designations(contact: Contact, others: Iterable[Contact]) -> None:
    beside = [each for other in others if other.is_confirmed for each in _designations(other)]
    for number, each in enumerate(_designations(contact)):
        problems = designation_problems(each, beside)
        if problems:
            raise Conflict(
                "; ".join(problem.label for problem in problems),
                errors=[FieldError(f"/designations/{number}", problem.value, problem.label) for problem in problems],
            )


def _designations(contact: Contact) -> list[Designation]:
    return [
        Designation(
            contact_id=str(contact.id),
            kind=DesignationKind(each["kind"]),
            since=date.fromisoformat(each["since"]),
            until=date.fromisoformat(each["until"]) if each["until"] else None,
        )
        for each in contact.designations
    ]


def _tell_focal_point(work: Work, contact: Contact, *, before: list[dict[str, Any]]) -> None:
    def named(designations: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [each for each in designations if each["kind"] == DesignationKind.FOCAL_POINT.value]

    now = named(contact.designations)
    if now != named(before):
        told = {
            "authority_id": str(contact.stakeholder_id),
            "contact_id": str(contact.id),
            "since": now[-1]["since"] if now else None,
            "until": now[-1]["until"] if now else None,
        }
        work.record(Event("stakeholders.focal_point.changed", contact.stakeholder_id, told))
