"""Every read of experts' comments: all of a report for the NPM; for an expert the open drafts and the own comment."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.visits.report_comments.schemas.expert import ExpertReportCommentFilters, ExpertReportFilters
from services.visits.report_comments.schemas.npm import CommentFilters
from services.visits.report_comments.tables import ReportComment
from services.visits.reports.rules.status import REPORT_COMMENT
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_COMMENT = """c.id, c.kind, c.status, c.invited_on, c.due_on, c.due_explanation, c.section_id, c.text, c.given_on,
  coalesce(:allowed::jsonb -> c.status, '[]') AS allowed_actions"""
_FULL = f"""{_COMMENT}, json_build_object('id', c.person_id, 'name', coalesce(k.name, '')) AS person,
  (c.status = 'invited' AND a22_today() > c.due_on) AS is_period_over"""
_SOURCE = "report_comment c LEFT JOIN known_person k ON k.id = c.person_id"
_SORTS = {"invited_on": Sort("c.invited_on", "date")}

COMMENTS = Listing(
    columns=_FULL,
    source=_SOURCE,
    where="c.report_id = :report_id",
    identity="c.id",
    sorts=_SORTS,
    default_sort="invited_on",
    filters={"status": "c.status = ANY(:status::text[])"},
)
COMMENT = f"SELECT {_FULL} FROM {_SOURCE} WHERE c.report_id = :report_id AND c.id = :comment_id"
REPORT_EXISTS = "SELECT r.id FROM report r WHERE r.id = :report_id"

_DRAFT = "r.id, r.code, r.kind, r.title, r.status"
#: The row policy of `report` shows an expert the drafts with an open invitation, and that invitation alone.
_DRAFTS = "report r JOIN report_comment c ON c.report_id = r.id"

DRAFTS = Listing(
    columns=f"{_DRAFT}, c.due_on AS comment_due_on",
    source=_DRAFTS,
    identity="r.id",
    sorts={"code": Sort("r.code", "text")},
    default_sort="-code",
)
DRAFT = f"""
SELECT {_DRAFT}, (SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.sort_name, p.id), '[]')
    FROM place p WHERE p.id = ANY(r.place_ids)) AS places,
  (SELECT coalesce(json_agg(json_build_object('id', e->>'id', 'heading', e->>'heading', 'text', e->>'text') ORDER BY number), '[]')
    FROM jsonb_array_elements(r.sections) WITH ORDINALITY AS part (e, number)
    WHERE NOT (e->>'holds_restricted')::boolean) AS sections,
  r.fact_items, c.due_on AS comment_due_on, c.due_explanation AS comment_due_explanation
FROM {_DRAFTS} WHERE r.id = :report_id
"""
OWN_COMMENTS = Listing(
    columns=_COMMENT,
    source="report_comment c",
    where="c.report_id = :report_id",
    identity="c.id",
    sorts=_SORTS,
    default_sort="invited_on",
)
OWN_COMMENT = f"SELECT {_COMMENT} FROM report_comment c WHERE c.report_id = :report_id AND c.id = :comment_id"
OWN_STATE = """
SELECT c.id, c.person_id, c.status, c.due_on FROM report_comment c JOIN report r ON r.id = c.report_id
WHERE c.report_id = :report_id
"""
OWN_ROW = """
SELECT c.text, c.kind, c.section_id FROM report_comment c WHERE c.report_id = :report_id AND c.id = :comment_id
"""
SECTION = """
SELECT 1 AS found FROM report r WHERE r.id = :report_id
  AND r.sections @> jsonb_build_array(jsonb_build_object('id', :section_id::uuid::text))
"""
KEEP = """
UPDATE report_comment SET status = 'given', text = :text, kind = :kind, section_id = :section_id::uuid, given_on = a22_today(),
  updated_at = a22_now(), updated_by = :by, version = version + 1
WHERE id = :comment_id
"""
DECLINE = """
UPDATE report_comment SET status = 'declined', updated_at = a22_now(), updated_by = :by, version = version + 1
WHERE id = :comment_id
"""


async def of_report(work: Work, report_id: UUID, filters: CommentFilters) -> Page:
    """Give a page of the comments of one report, or raise NotFound."""
    if not await fetch_rows(work, REPORT_EXISTS, report_id=report_id):
        raise NotFound
    return await fetch_page(work, COMMENTS, filters, report_id=report_id, allowed=_allowed(work))


async def in_full(work: Work, report_id: UUID, comment_id: UUID) -> bytes:
    """Give one comment, or raise NotFound."""
    return await fetch_one(work, COMMENT, report_id=report_id, comment_id=comment_id, allowed=_allowed(work))


def _allowed(work: Work) -> str:
    allowed: dict[str, Any] = work.allowed_actions(REPORT_COMMENT, "transition_comment")
    return as_json(allowed)


async def lock(work: Work, report_id: UUID, comment_id: UUID) -> ReportComment:
    """Take a comment for a change, or raise NotFound."""
    found = await work.session.exec(
        select(ReportComment)
        .where(col(ReportComment.id) == comment_id, col(ReportComment.report_id) == report_id)
        .with_for_update()
    )
    comment = found.one_or_none()
    if comment is None:
        raise NotFound
    return comment


async def drafts_matching(work: Work, filters: ExpertReportFilters) -> Page:
    """Give a page of the drafts that the caller may comment on now."""
    return await fetch_page(work, DRAFTS, filters)


async def draft(work: Work, report_id: UUID) -> bytes:
    """Give one draft as an invited expert reads it, or raise NotFound."""
    return await fetch_one(work, DRAFT, report_id=report_id)


async def own_of(work: Work, report_id: UUID, filters: ExpertReportCommentFilters) -> Page:
    """Give a page of the caller's comments on a draft, or raise NotFound."""
    await own_state(work, report_id)
    return await fetch_page(work, OWN_COMMENTS, filters, report_id=report_id, allowed=_allowed(work))


async def own(work: Work, report_id: UUID, comment_id: UUID) -> bytes:
    """Give one own comment, or raise NotFound."""
    return await fetch_one(work, OWN_COMMENT, report_id=report_id, comment_id=comment_id, allowed=_allowed(work))


async def own_state(work: Work, report_id: UUID) -> dict[str, Any]:
    """Give the caller's invitation to a draft that is open for comments, or raise NotFound."""
    rows = await fetch_rows(work, OWN_STATE, report_id=report_id)
    if not rows:
        raise NotFound
    return rows[0]


async def own_row(work: Work, report_id: UUID, comment_id: UUID) -> dict[str, Any]:
    """Give what an own comment says now, or raise NotFound."""
    rows = await fetch_rows(work, OWN_ROW, report_id=report_id, comment_id=comment_id)
    if not rows:
        raise NotFound
    return rows[0]


async def has_section(work: Work, report_id: UUID, section_id: UUID) -> bool:
    """Whether a section is one of the draft."""
    return bool(await fetch_rows(work, SECTION, report_id=report_id, section_id=section_id))


async def keep(work: Work, comment_id: UUID, *, text: str, kind: str, section_id: UUID | None) -> None:
    """Keep the comment of the caller."""
    by = work.caller.person
    await execute(work, KEEP, comment_id=comment_id, text=text, kind=kind, section_id=section_id, by=by)


async def decline(work: Work, comment_id: UUID) -> None:
    """Keep that the caller has nothing to add."""
    await execute(work, DECLINE, comment_id=comment_id, by=work.caller.person)
