"""Every read of what was frozen: drafts that are with authorities, and final reports as an authority has them."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.visits.reports.rules.status import DRAFT_TRANSMISSION
from services.visits.reports.tables import ReportSnapshot
from services.visits.transmissions.schemas.authority import AuthorityReportFilters
from services.visits.transmissions.schemas.npm import TransmissionFilters
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_SENT = """s.id, json_build_object('id', s.recipient_id, 'name', coalesce(o.name, '')) AS authority, s.edition, s.status, s.sent_on,
  s.due_on, s.due_explanation, (s.status = 'sent' AND a22_today() > s.due_on) IS TRUE AS is_overdue, s.answered_on"""
_SOURCE = "report_snapshot s LEFT JOIN known_authority o ON o.id = s.recipient_id"

TRANSMISSIONS = Listing(
    columns=_SENT,
    source=_SOURCE,
    where="s.report_id = :report_id AND s.purpose = 'draft_shared'",
    identity="s.id",
    sorts={"sent_on": Sort("s.sent_on", "date")},
    default_sort="sent_on",
)
TRANSMISSION = f"""
SELECT {_SENT}, s.title, s.content -> 'sections' AS sections, s.content -> 'fact_items' AS fact_items, s.recall_reason,
  coalesce(:allowed::jsonb -> s.status, '[]') AS allowed_actions
FROM {_SOURCE} WHERE s.id = :transmission_id AND s.report_id = :report_id AND s.purpose = 'draft_shared'
"""
REPORT_EXISTS = "SELECT r.id FROM report r WHERE r.id = :report_id"
AUTHORITIES = "SELECT k.id FROM known_authority k WHERE k.id = ANY(:authority_ids::uuid[])"

_STAGE = "CASE s.purpose WHEN 'draft_shared' THEN 'draft' ELSE 'final' END"
_RECEIVED = f"s.id, s.code, s.kind, s.title, {_STAGE} AS stage, s.status"

RECEIVED = Listing(
    columns=f"{_RECEIVED}, s.sent_on, s.due_on",
    source="report_snapshot s",
    identity="s.id",
    sorts={"sent_on": Sort("s.sent_on", "date")},
    default_sort="-sent_on",
    filters={"stage": f"{_STAGE} = ANY(:stage::text[])"},
)
RECEIVED_IN_FULL = f"""
SELECT {_RECEIVED}, s.content -> 'places' AS places, s.content -> 'sections' AS sections, s.content -> 'fact_items' AS fact_items,
  s.content -> 'errata' AS errata, s.sent_on, s.due_on, s.due_explanation, s.answered_on,
  coalesce(:allowed::jsonb -> s.status, '[]') AS allowed_actions
FROM report_snapshot s WHERE s.id = :report_id
"""
RECEIVED_STATE = """
SELECT s.id, s.report_id, s.purpose, s.status, s.due_on, s.recipient_id, s.code, s.content -> 'fact_items' AS fact_items
FROM report_snapshot s WHERE s.id = :report_id
"""
ANSWER = """
UPDATE report_snapshot SET status = 'answered', answered_on = a22_today(), updated_at = a22_now(), updated_by = :by,
  version = version + 1
WHERE id = :report_id AND status = 'sent'
"""


async def of_report(work: Work, report_id: UUID, filters: TransmissionFilters) -> Page:
    """Give a page of the transmissions of one report, or raise NotFound."""
    if not await fetch_rows(work, REPORT_EXISTS, report_id=report_id):
        raise NotFound
    return await fetch_page(work, TRANSMISSIONS, filters, report_id=report_id)


async def in_full(work: Work, report_id: UUID, transmission_id: UUID) -> bytes:
    """Give one transmission with what was sent, or raise NotFound."""
    allowed: dict[str, Any] = work.allowed_actions(DRAFT_TRANSMISSION, "transition_transmission")
    return await fetch_one(
        work, TRANSMISSION, report_id=report_id, transmission_id=transmission_id, allowed=as_json(allowed)
    )


async def known_authorities(work: Work, authority_ids: list[UUID]) -> set[UUID]:
    """Give those of these authorities that are known here."""
    return {row["id"] for row in await fetch_rows(work, AUTHORITIES, authority_ids=authority_ids)}


async def drafts_of(work: Work, report_id: UUID) -> list[ReportSnapshot]:
    """Give the transmissions of a report, taken for a change."""
    found = await work.session.exec(
        select(ReportSnapshot)
        .where(col(ReportSnapshot.report_id) == report_id, col(ReportSnapshot.purpose) == "draft_shared")
        .order_by(col(ReportSnapshot.id))
        .with_for_update()
    )
    return list(found.all())


async def lock(work: Work, report_id: UUID, transmission_id: UUID) -> ReportSnapshot:
    """Take one transmission for a change, or raise NotFound."""
    found = [each for each in await drafts_of(work, report_id) if each.id == transmission_id]
    if not found:
        raise NotFound
    return found[0]


async def received_matching(work: Work, filters: AuthorityReportFilters) -> Page:
    """Give a page of what the caller's authority was sent."""
    return await fetch_page(work, RECEIVED, filters)


async def received(work: Work, report_id: UUID) -> bytes:
    """Give one report as the caller's authority was sent it, or raise NotFound."""
    allowed: dict[str, Any] = work.allowed_actions(DRAFT_TRANSMISSION, "transition_report")
    return await fetch_one(work, RECEIVED_IN_FULL, report_id=report_id, allowed=as_json(allowed))


async def received_state(work: Work, report_id: UUID) -> dict[str, Any]:
    """Give what is asked before an authority acts on a draft, or raise NotFound."""
    rows = await fetch_rows(work, RECEIVED_STATE, report_id=report_id)
    if not rows:
        raise NotFound
    return rows[0]


async def answer(work: Work, report_id: UUID) -> int:
    """Mark a draft as answered; gives how many rows it was."""
    return await execute(work, ANSWER, report_id=report_id, by=work.caller.person)
