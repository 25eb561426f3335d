"""Reads and writes of consents, each starting from the case that the caller may see."""

from uuid import UUID

from sqlmodel import col, select

from services.complaints.consents.schemas import ConsentFilters
from services.complaints.consents.tables import Consent
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows

_COLUMNS = """s.id, s.person_ref, s.state, s.purposes, s.recipients, s.content_level, s.form, s.informed_points,
  s.not_obtainable_reason, s.given_on, s.expires_on, s.withdrawn_on,
  (s.state = 'given' AND (s.expires_on IS NULL OR s.expires_on >= a22_today())) AS is_valid"""
CONSENTS = Listing(
    columns=_COLUMNS,
    source="consent s",
    where="s.case_id = :complaint_id::uuid",
    identity="s.id",
    sorts={"created_at": Sort("s.created_at", "timestamptz")},
    default_sort="-created_at",
)
CONSENT = f"SELECT {_COLUMNS} FROM consent s WHERE s.case_id = :complaint_id::uuid AND s.id = :consent_id::uuid"
CASE_TO_WATCH = "SELECT case_id FROM consent WHERE case_id = :complaint_id::uuid LIMIT 1"
VISIBLE_CASE = "SELECT id FROM complaint WHERE id = :complaint_id::uuid"
SUPERSEDE = """
UPDATE consent SET state = 'superseded', updated_at = a22_now(), updated_by = :by
WHERE case_id = :complaint_id::uuid AND state = 'given' AND person_ref IS NOT DISTINCT FROM :person_ref::uuid
  AND purposes && :purposes::text[] AND id <> :consent_id::uuid
"""
#: As the partner: it reports that a person took the consent back, and cannot read what the consent said.
WITHDRAW_OF_CASE = """
UPDATE consent SET state = 'withdrawn', withdrawn_on = a22_today(), updated_at = a22_now(), updated_by = :by
WHERE case_id = :case_id::uuid AND state = 'given'
"""


async def matching(work: Work, complaint_id: UUID, filters: ConsentFilters) -> Page:
    """Give the consents of a case that the caller may see; NotFound when the case is hidden."""
    if not await fetch_rows(work, VISIBLE_CASE, complaint_id=complaint_id) and not await fetch_rows(
        work, CASE_TO_WATCH, complaint_id=complaint_id
    ):
        raise NotFound
    return await fetch_page(work, CONSENTS, filters, complaint_id=complaint_id)


async def in_full(work: Work, complaint_id: UUID, consent_id: UUID) -> bytes:
    """Give one consent under its own case."""
    return await fetch_one(work, CONSENT, complaint_id=complaint_id, consent_id=consent_id)


async def lock(work: Work, complaint_id: UUID, consent_id: UUID) -> Consent:
    """Take a consent for a change, or raise NotFound."""
    found = await work.session.exec(
        select(Consent).where(col(Consent.id) == consent_id, col(Consent.case_id) == complaint_id).with_for_update()
    )
    consent = found.one_or_none()
    if consent is None:
        raise NotFound
    return consent


async def supersede(
    work: Work, complaint_id: UUID, person_ref: UUID | None, purposes: list[str], consent_id: UUID
) -> int:
    """Replace older consents of the same person for the same purposes."""
    return await execute(
        work,
        SUPERSEDE,
        complaint_id=complaint_id,
        person_ref=person_ref,
        purposes=purposes,
        consent_id=consent_id,
        by=work.caller.person,
    )


async def withdraw_of_case(work: Work, case_id: UUID) -> int:
    """Withdraw what holds in a case, as its partner reports it."""
    return await execute(work, WITHDRAW_OF_CASE, case_id=case_id, by=work.caller.person)
