"""Every read of findings, each under its own visit."""

from uuid import UUID

from sqlmodel import col, select

from services.visits.findings.schemas import FindingFilters
from services.visits.findings.tables import Finding
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page

_COLUMNS = """f.id, f.code, json_build_object('id', v.id, 'name', v.code) AS visit,
  json_build_object('id', p.id, 'name', p.name) AS place, f.theme, f.text, f.root_cause_level, f.severity, f.grade, f.sources,
  f.is_triangulated, f.warnings, f.standard_refs, f.complaint_evidence, f.recurrence_of, f.origin"""
_SOURCE = "finding f JOIN visit v ON v.id = f.visit_id JOIN place p ON p.id = f.place_id"

FINDINGS = Listing(
    columns=_COLUMNS,
    source=_SOURCE,
    where="f.visit_id = :visit_id",
    identity="f.id",
    sorts={"code": Sort("f.code", "text"), "severity": Sort("coalesce(f.severity, 0)", "integer")},
    default_sort="code",
    filters={
        "theme": "f.theme = ANY(:theme::text[])",
        "place_id": "f.place_id = :place_id::uuid",
        "grade": "f.grade = ANY(:grade::text[])",
    },
)
FINDING = f"SELECT {_COLUMNS} FROM {_SOURCE} WHERE f.id = :finding_id AND f.visit_id = :visit_id"


async def matching(work: Work, visit_id: UUID, filters: FindingFilters) -> Page:
    """Give a page of the findings of a visit."""
    return await fetch_page(work, FINDINGS, filters, visit_id=visit_id)


async def in_full(work: Work, visit_id: UUID, finding_id: UUID) -> bytes:
    """Give one finding, or raise NotFound."""
    return await fetch_one(work, FINDING, visit_id=visit_id, finding_id=finding_id)


async def lock(work: Work, visit_id: UUID, finding_id: UUID) -> Finding:
    """Take a finding for a change, or raise NotFound."""
    found = await work.session.exec(
        select(Finding).where(col(Finding.id) == finding_id, col(Finding.visit_id) == visit_id).with_for_update()
    )
    finding = found.one_or_none()
    if finding is None:
        raise NotFound
    return finding
