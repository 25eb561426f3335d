"""Reads of assessments, always under their own recommendation."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.recommendations.assessments.rules import ASSESSMENT
from services.recommendations.assessments.schemas import AssessmentFilters
from services.recommendations.assessments.tables import ImplementationAssessment
from services.recommendations.known.queries import person_named
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_BRIEF = f"""t.id, t.state, t.trigger, t.opened_on, t.status, t.assessed_on, t.reasons, t.has_other_evidence,
  {person_named("t.proposed_by")} AS proposed_by, {person_named("t.approved_by")} AS approved_by, t.approved_on"""
PARENT = "SELECT id FROM recommendation WHERE id = :recommendation_id"
ASSESSMENTS = Listing(
    columns=_BRIEF,
    source="assessment t",
    identity="t.id",
    where="t.recommendation_id = :recommendation_id::uuid",
    sorts={"opened_on": Sort("t.opened_on", "date")},
    default_sort="-opened_on",
    filters={"state": "t.state = ANY(:state::text[])"},
)
IN_FULL = f"""
SELECT t.id, json_build_object('id', r.id, 'name', r.code) AS recommendation, {_BRIEF.removeprefix("t.id, ")}, t.note, t.evidence_ids, t.remarks,
  coalesce(:allowed::jsonb -> t.state, '[]') AS allowed_actions
FROM assessment t JOIN recommendation r ON r.id = t.recommendation_id
WHERE t.id = :assessment_id AND t.recommendation_id = :recommendation_id
"""
OPEN = "SELECT id FROM assessment WHERE recommendation_id = :recommendation_id AND state IN ('opened', 'gathering', 'proposed')"
TIES = """
SELECT 1 FROM recommendation r WHERE r.id = :recommendation_id AND r.addressed_ids::text[] && :authority_ids::text[]
"""


async def matching(work: Work, recommendation_id: UUID, filters: AssessmentFilters) -> Page:
    """Give a page of the assessments of a recommendation; NotFound where the caller sees no such recommendation."""
    await fetch_one(work, PARENT, recommendation_id=recommendation_id)
    return await fetch_page(work, ASSESSMENTS, filters, recommendation_id=recommendation_id)


async def in_full(work: Work, recommendation_id: UUID, assessment_id: UUID) -> bytes:
    """Give one assessment under its own recommendation, or raise NotFound."""
    allowed: dict[str, Any] = work.allowed_actions(ASSESSMENT, "transition_assessment")
    return await fetch_one(
        work, IN_FULL, recommendation_id=recommendation_id, assessment_id=assessment_id, allowed=as_json(allowed)
    )


async def lock(work: Work, recommendation_id: UUID, assessment_id: UUID) -> ImplementationAssessment:
    """Take an assessment for a change, or raise NotFound."""
    wanted = select(ImplementationAssessment).where(
        col(ImplementationAssessment.id) == assessment_id,
        col(ImplementationAssessment.recommendation_id) == recommendation_id,
    )
    assessment = (await work.session.exec(wanted.with_for_update())).one_or_none()
    if assessment is None:
        raise NotFound
    return assessment


async def valid(work: Work, recommendation_id: UUID) -> ImplementationAssessment | None:
    """Take the finding that holds now, if there is one."""
    wanted = select(ImplementationAssessment).where(
        col(ImplementationAssessment.recommendation_id) == recommendation_id,
        col(ImplementationAssessment.state) == "approved",
    )
    return (await work.session.exec(wanted.with_for_update())).one_or_none()


async def is_one_open(work: Work, recommendation_id: UUID) -> bool:
    """Tell whether somebody is looking already."""
    return bool(await fetch_rows(work, OPEN, recommendation_id=recommendation_id))


async def has_tie(work: Work, recommendation_id: UUID, authority_ids: tuple[str, ...]) -> bool:
    """Tell whether the recommendation is addressed to one of these authorities."""
    return bool(await fetch_rows(work, TIES, recommendation_id=recommendation_id, authority_ids=authority_ids))
