"""Reads of evidence, always under its own recommendation."""

from uuid import UUID

from services.recommendations.evidence.schemas import EvidenceFilters
from shared.db import Work
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page, fetch_rows

EVIDENCE_COLUMNS = "e.id, e.kind, e.cited_from, e.observed_on, e.claim, e.reliability, e.origin"
PARENT = "SELECT id FROM recommendation WHERE id = :recommendation_id"
EVIDENCE = Listing(
    columns=EVIDENCE_COLUMNS,
    source="evidence e",
    identity="e.id",
    where="e.recommendation_id = :recommendation_id::uuid",
    sorts={"observed_on": Sort("e.observed_on", "date")},
    default_sort="-observed_on",
)
ONE_EVIDENCE = (
    f"SELECT {EVIDENCE_COLUMNS} FROM evidence e WHERE e.id = :evidence_id AND e.recommendation_id = :recommendation_id"
)
EVIDENCE_KINDS = "SELECT kind FROM evidence WHERE recommendation_id = :recommendation_id AND id = ANY(:ids::uuid[])"


async def matching(work: Work, recommendation_id: UUID, filters: EvidenceFilters) -> Page:
    """Give a page of what a recommendation's implementation is judged by; NotFound where the caller sees no such recommendation."""
    await fetch_one(work, PARENT, recommendation_id=recommendation_id)
    return await fetch_page(work, EVIDENCE, filters, recommendation_id=recommendation_id)


async def one_shown(work: Work, recommendation_id: UUID, evidence_id: UUID) -> bytes:
    """Give one piece of evidence under its own recommendation."""
    return await fetch_one(work, ONE_EVIDENCE, recommendation_id=recommendation_id, evidence_id=evidence_id)


async def kinds(work: Work, recommendation_id: UUID, ids: list[UUID]) -> list[str]:
    """Give the kinds of these pieces of evidence, as far as they belong to the recommendation."""
    rows = await fetch_rows(work, EVIDENCE_KINDS, recommendation_id=recommendation_id, ids=ids)
    return [str(row["kind"]) for row in rows]
