"""Every read of accreditations, each starting from what the caller may see."""

from uuid import UUID

from sqlmodel import col, select

from services.stakeholders import acting
from services.stakeholders.accreditations.rules import ACCREDITATION
from services.stakeholders.accreditations.schemas import AccreditationFilters, AuthorityAccreditationFilters
from services.stakeholders.accreditations.tables import Accreditation
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page
from shared.texts import as_json

_VALID = "(a.status = 'granted' AND a.from_on <= a22_today() AND a22_today() <= a.to_on)"
_SHOWN = (
    "a.id, json_build_object('id', p.id, 'name', p.name) AS person, json_build_object('id', s.id, 'name', s.name) AS authority, "
    f"a.status, {_VALID} AS is_valid, a.from_on, a.to_on, a.reference, a.document_reference, a.reason, a.origin, "
    "coalesce(:allowed::jsonb -> a.status, '[]') AS allowed_actions"
)
_SOURCE = "accreditation a JOIN person p ON p.id = a.person_id JOIN stakeholder s ON s.id = a.authority_id"
_SORTS = {"to_on": Sort("a.to_on", "date")}

ACCREDITATIONS = Listing(
    columns=_SHOWN,
    source=_SOURCE,
    identity="a.id",
    sorts=_SORTS,
    default_sort="to_on",
    filters={
        "person_id": "a.person_id = :person_id::uuid",
        "authority_id": "a.authority_id = :authority_id::uuid",
        "status": "a.status = ANY(:status::text[])",
        "valid_on": "a.status = 'granted' AND a.from_on <= :valid_on::date AND :valid_on::date <= a.to_on",
    },
)
AT_OWN_AUTHORITY = Listing(
    columns="a.id, p.name, p.profession, a.status, a.from_on, a.to_on",
    source="accreditation a JOIN person p ON p.id = a.person_id",
    where="a.status IN ('requested', 'granted')",
    identity="a.id",
    sorts=_SORTS,
    default_sort="to_on",
)
ACCREDITATION_IN_FULL = f"SELECT {_SHOWN} FROM {_SOURCE} WHERE a.id = :accreditation_id"


def _allowed(work: Work) -> str:
    return as_json(acting.allowed_actions(work, ACCREDITATION, "transition_accreditation"))


async def matching(work: Work, filters: AccreditationFilters) -> Page:
    """Give a page of accreditations."""
    return await fetch_page(work, ACCREDITATIONS, filters, allowed=_allowed(work))


async def in_full(work: Work, accreditation_id: UUID) -> bytes:
    """Give one accreditation, or raise NotFound."""
    return await fetch_one(work, ACCREDITATION_IN_FULL, accreditation_id=accreditation_id, allowed=_allowed(work))


async def at_own_authority(work: Work, filters: AuthorityAccreditationFilters) -> Page:
    """Give a page of whom the calling authority is asked to know, or knows."""
    return await fetch_page(work, AT_OWN_AUTHORITY, filters)


async def lock(work: Work, accreditation_id: UUID) -> Accreditation:
    """Take an accreditation for a change, or raise NotFound."""
    found = await work.session.exec(
        select(Accreditation).where(col(Accreditation.id) == accreditation_id).with_for_update()
    )
    accreditation = found.one_or_none()
    if accreditation is None:
        raise NotFound
    return accreditation
