"""Every read of proposed corrections: all of a report for the NPM, its own of a draft for an authority."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.visits.corrections.schemas.authority import AuthorityCorrectionFilters
from services.visits.corrections.schemas.npm import CorrectionFilters
from services.visits.reports.rules.status import FACTUAL_CORRECTION
from services.visits.reports.tables import FactualCorrection
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_PROPOSED = """c.stated_value, c.proposed_value, c.evidence, c.status, c.proposed_on, c.reason, c.decided_on,
  coalesce(:allowed::jsonb -> c.status, '[]') AS allowed_actions"""
_FACT = "json_build_object('id', c.fact_item_id, 'name', c.fact_name) AS fact_item"
_FULL = f"""c.id, c.snapshot_id AS transmission_id,
  json_build_object('id', c.authority_id, 'name', coalesce(o.name, '')) AS authority, {_FACT}, {_PROPOSED}"""
_SOURCE = "factual_correction c LEFT JOIN known_authority o ON o.id = c.authority_id"
_OWN = f"c.id, {_FACT}, {_PROPOSED}"
_SORTS = {"proposed_on": Sort("c.proposed_on", "date")}

CORRECTIONS = Listing(
    columns=_FULL,
    source=_SOURCE,
    where="c.report_id = :report_id",
    identity="c.id",
    sorts=_SORTS,
    default_sort="proposed_on",
    filters={"status": "c.status = ANY(:status::text[])"},
)
CORRECTION = f"SELECT {_FULL} FROM {_SOURCE} WHERE c.report_id = :report_id AND c.id = :correction_id"
REPORT_EXISTS = "SELECT r.id FROM report r WHERE r.id = :report_id"

OWN_CORRECTIONS = Listing(
    columns=_OWN,
    source="factual_correction c",
    where="c.snapshot_id = :report_id",
    identity="c.id",
    sorts=_SORTS,
    default_sort="proposed_on",
)
#: Its draft has to be visible: a draft that was taken back takes its corrections along.
OWN_CORRECTION = f"""
SELECT {_OWN} FROM factual_correction c JOIN report_snapshot s ON s.id = c.snapshot_id
WHERE c.snapshot_id = :report_id AND c.id = :correction_id
"""
PROPOSE = """
INSERT INTO factual_correction (id, report_id, snapshot_id, authority_id, fact_item_id, fact_name, stated_value, proposed_value,
  evidence, status, proposed_on, created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
VALUES (:id, :report_id, :snapshot_id, :authority_id, :fact_item_id, :fact_name, :stated_value, :proposed_value,
  :evidence, 'proposed', a22_today(), a22_now(), :by, a22_now(), :by, 1, 'AUT', 'native')
"""
WITHDRAW = """
UPDATE factual_correction SET status = 'withdrawn', updated_at = a22_now(), updated_by = :by, version = version + 1
WHERE id = :correction_id AND status = 'proposed'
"""
OWN_STATE = (
    "SELECT c.report_id, c.fact_item_id, c.authority_id, c.status FROM factual_correction c WHERE c.id = :correction_id"
)


async def of_report(work: Work, report_id: UUID, filters: CorrectionFilters) -> Page:
    """Give a page of what authorities proposed for a report, or raise NotFound."""
    if not await fetch_rows(work, REPORT_EXISTS, report_id=report_id):
        raise NotFound
    allowed: dict[str, Any] = work.allowed_actions(FACTUAL_CORRECTION, "transition_correction")
    return await fetch_page(work, CORRECTIONS, filters, report_id=report_id, allowed=as_json(allowed))


async def in_full(work: Work, report_id: UUID, correction_id: UUID) -> bytes:
    """Give one correction, or raise NotFound."""
    allowed: dict[str, Any] = work.allowed_actions(FACTUAL_CORRECTION, "transition_correction")
    return await fetch_one(work, CORRECTION, report_id=report_id, correction_id=correction_id, allowed=as_json(allowed))


async def lock(work: Work, report_id: UUID, correction_id: UUID) -> FactualCorrection:
    """Take a correction for a decision, or raise NotFound."""
    found = await work.session.exec(
        select(FactualCorrection)
        .where(col(FactualCorrection.id) == correction_id, col(FactualCorrection.report_id) == report_id)
        .with_for_update()
    )
    correction = found.one_or_none()
    if correction is None:
        raise NotFound
    return correction


async def own_of(work: Work, report_id: UUID, filters: AuthorityCorrectionFilters) -> Page:
    """Give a page of the caller's own corrections of a draft."""
    allowed: dict[str, Any] = work.allowed_actions(FACTUAL_CORRECTION, "transition_correction")
    return await fetch_page(work, OWN_CORRECTIONS, filters, report_id=report_id, allowed=as_json(allowed))


async def own(work: Work, report_id: UUID, correction_id: UUID) -> bytes:
    """Give one own correction, or raise NotFound."""
    allowed: dict[str, Any] = work.allowed_actions(FACTUAL_CORRECTION, "transition_correction")
    return await fetch_one(
        work, OWN_CORRECTION, report_id=report_id, correction_id=correction_id, allowed=as_json(allowed)
    )


async def own_state(work: Work, correction_id: UUID) -> dict[str, Any]:
    """Give what is asked before an own correction is withdrawn, or raise NotFound."""
    rows = await fetch_rows(work, OWN_STATE, correction_id=correction_id)
    if not rows:
        raise NotFound
    return rows[0]


async def propose(work: Work, **values: Any) -> None:
    """Keep a proposed correction; the policies of the table judge it once more."""
    columns: Mapping[str, Any] = {**values, "by": work.caller.person}
    await execute(work, PROPOSE, **columns)


async def withdraw(work: Work, correction_id: UUID) -> int:
    """Take an own correction back; gives how many rows it was."""
    return await execute(work, WITHDRAW, correction_id=correction_id, by=work.caller.person)
