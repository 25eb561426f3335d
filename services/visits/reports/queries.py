"""Every read of reports, each starting from what the caller may see; and what their guards ask for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.visits.reports.rules.status import REPORT
from services.visits.reports.schemas.npm import ReportFilters
from services.visits.reports.schemas.public import PublicReportFilters
from services.visits.reports.tables import Report
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, execute, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

_PLACES = """(SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.sort_name, p.id), '[]')
  FROM place p WHERE p.id = ANY(r.place_ids))"""
_DRAFTER = """json_build_object('id', r.drafter_id,
  'name', coalesce((SELECT k.name FROM known_person k WHERE k.id = r.drafter_id), ''))"""
_TEXT = "r.title || ' ' || r.code || ' ' || r.sections::text"


def _sections(column: str) -> str:
    return f"""(SELECT coalesce(json_agg(json_build_object('id', e->>'id', 'heading', e->>'heading', 'text', e->>'text',
    'author', CASE WHEN e->>'author_id' IS NULL THEN NULL ELSE json_build_object('id', e->>'author_id',
      'name', coalesce((SELECT k.name FROM known_person k WHERE k.id = (e->>'author_id')::uuid), '')) END,
    'holds_restricted', e->'holds_restricted') ORDER BY number), '[]')
  FROM jsonb_array_elements(r.{column}) WITH ORDINALITY AS part (e, number))"""


REPORTS = Listing(
    columns=f"r.id, r.code, r.kind, r.title, r.status, {_DRAFTER} AS drafter, {_PLACES} AS places, r.published_on, "
    "r.withheld_review_on",
    source="report r",
    identity="r.id",
    sorts={"updated_at": Sort("r.updated_at", "timestamptz"), "code": Sort("r.code", "text")},
    default_sort="-updated_at",
    filters={
        "kind": "r.kind = ANY(:kind::text[])",
        "status": "r.status = ANY(:status::text[])",
        "place_id": ":place_id::uuid = ANY(r.place_ids)",
        "visit_id": ":visit_id::uuid = ANY(r.visit_ids)",
        "q": f"to_tsvector('simple', unaccent({_TEXT})) @@ plainto_tsquery('simple', unaccent(:q))",
    },
)

REPORT_IN_FULL = f"""
SELECT r.id, r.code, r.kind, r.title, r.status, r.edition, {_DRAFTER} AS drafter,
  (SELECT coalesce(json_agg(json_build_object('id', v.id, 'name', v.code) ORDER BY v.code), '[]')
    FROM visit v WHERE v.id = ANY(r.visit_ids)) AS visits,
  {_PLACES} AS places, {_sections("sections")} AS sections, {_sections("annex")} AS annex, r.fact_items,
  (SELECT coalesce(json_agg(json_build_object('id', i, 'name', coalesce(f.code, '')) ORDER BY f.code, i), '[]')
    FROM unnest(r.finding_ids) i LEFT JOIN finding f ON f.id = i) AS findings,
  (SELECT coalesce(json_agg(json_build_object('id', i, 'name', coalesce(k.code, '')) ORDER BY k.code, i), '[]')
    FROM unnest(r.recommendation_ids) i LEFT JOIN known_recommendation k ON k.id = i) AS recommendations,
  r.errata, r.remarks, r.approved_on, r.transmitted_on, r.published_on, r.withheld_reason, r.withheld_review_on,
  (r.status = 'withheld' AND a22_today() >= r.withheld_review_on) IS TRUE AS is_withholding_review_due,
  coalesce(:allowed::jsonb -> r.status, '[]') AS allowed_actions
FROM report r WHERE r.id = :report_id
"""

_PUBLISHED = "s.report_id AS id, s.code, s.kind, s.title, s.content -> 'places' AS places"

PUBLISHED_REPORTS = Listing(
    columns=f"{_PUBLISHED}, s.published_on",
    source="report_snapshot s",
    where="s.is_public",
    identity="s.report_id",
    sorts={"published_on": Sort("coalesce(s.published_on, '0001-01-01')", "date")},
    default_sort="-published_on",
    filters={
        "kind": "s.kind = ANY(:kind::text[])",
        "place_id": "s.content -> 'places' @> jsonb_build_array(jsonb_build_object('id', :place_id::uuid::text))",
    },
)
PUBLISHED_REPORT = f"""
SELECT {_PUBLISHED}, s.content -> 'sections' AS sections, s.content -> 'errata' AS errata, s.published_on
FROM report_snapshot s WHERE s.report_id = :report_id AND s.is_public
"""

FUNCTIONS_HELD = "SELECT DISTINCT v.role FROM visit_role v WHERE v.visit_id = ANY(:visit_ids::uuid[]) AND v.person_id::text = :person"
EXPERTS = """
SELECT DISTINCT v.person_id FROM visit_role v WHERE v.visit_id = ANY(:visit_ids::uuid[])
  AND v.assignment_status NOT IN ('proposed', 'cleared', 'withdrawn')
"""
INVITATIONS = "SELECT c.person_id, c.status, c.due_on FROM report_comment c WHERE c.report_id = :report_id"
CORRECTIONS = "SELECT c.status FROM factual_correction c WHERE c.report_id = :report_id"
NOT_APPROVED = """
SELECT i FROM unnest(:recommendation_ids::uuid[]) i LEFT JOIN known_recommendation k ON k.id = i
WHERE k.state IS NULL OR k.state IN ('draft', 'internal_review', 'draft_consultation', 'dropped')
"""
FINAL_RECIPIENTS = """
SELECT DISTINCT s.recipient_id FROM report_snapshot s WHERE s.report_id = :report_id AND s.purpose = 'transmitted'
"""
PLACE_NAMES = (
    "SELECT p.id::text AS id, p.name FROM place p WHERE p.id = ANY(:place_ids::uuid[]) ORDER BY p.sort_name, p.id"
)
VISITS = "SELECT v.id FROM visit v WHERE v.id = ANY(:visit_ids::uuid[])"
FINDINGS = "SELECT f.id, cardinality(f.sources) AS sources FROM finding f WHERE f.id = ANY(:finding_ids::uuid[])"
PLACES_OF_VISITS = "SELECT DISTINCT p.place_id FROM visit_place p WHERE p.visit_id = ANY(:visit_ids::uuid[])"

TAKE_BACK = """
UPDATE report_snapshot SET is_public = false, updated_at = a22_now(), updated_by = :by, version = version + 1
WHERE report_id = :report_id AND is_public
"""
TELL_VISITS = """
UPDATE visit SET report_outcome = :outcome::jsonb, updated_at = a22_now() WHERE id = ANY(:visit_ids::uuid[])
"""
KEEP_RECOMMENDATION = """
INSERT INTO known_recommendation (id, code, state, place_ids, authority_ids, created_at, created_by, updated_at, updated_by, version, confidentiality, origin)
VALUES (:id, :code, :state, :place_ids::uuid[], :authority_ids::uuid[], a22_now(), 'system', a22_now(), 'system', 1, 'INT', 'native')
ON CONFLICT (id) DO UPDATE SET code = excluded.code, state = excluded.state, place_ids = excluded.place_ids,
  authority_ids = excluded.authority_ids, updated_at = a22_now()
"""


async def matching(work: Work, filters: ReportFilters) -> Page:
    """Give a page of the reports."""
    return await fetch_page(work, REPORTS, filters)


async def in_full(work: Work, report_id: UUID) -> bytes:
    """Give one report with everything the NPM keeps on it, or raise NotFound."""
    allowed: dict[str, Any] = work.allowed_actions(REPORT, "transition_report")
    return await fetch_one(work, REPORT_IN_FULL, report_id=report_id, allowed=as_json(allowed))


async def published_matching(work: Work, filters: PublicReportFilters) -> Page:
    """Give a page of what is published."""
    return await fetch_page(work, PUBLISHED_REPORTS, filters)


async def published(work: Work, report_id: UUID) -> bytes:
    """Give one published report, or raise NotFound."""
    return await fetch_one(work, PUBLISHED_REPORT, report_id=report_id)


async def lock(work: Work, report_id: UUID) -> Report:
    """Take a report for a change, or raise NotFound."""
    found = await work.session.exec(select(Report).where(col(Report.id) == report_id).with_for_update())
    report = found.one_or_none()
    if report is None:
        raise NotFound
    return report


async def functions_held(work: Work, visit_ids: list[UUID], person: str) -> set[str]:
    """Give what somebody does for these visits: lead, drafter and so on."""
    return {row["role"] for row in await fetch_rows(work, FUNCTIONS_HELD, visit_ids=visit_ids, person=person)}


async def experts_of(work: Work, visit_ids: list[UUID]) -> set[UUID]:
    """Give the experts who took part in these visits."""
    return {row["person_id"] for row in await fetch_rows(work, EXPERTS, visit_ids=visit_ids)}


async def invitations(work: Work, report_id: UUID) -> list[dict[str, Any]]:
    """Give the experts' invitations: person, status, due date."""
    return await fetch_rows(work, INVITATIONS, report_id=report_id)


async def correction_states(work: Work, report_id: UUID) -> list[str]:
    """Give the states of the proposed corrections."""
    return [row["status"] for row in await fetch_rows(work, CORRECTIONS, report_id=report_id)]


async def are_approved(work: Work, recommendation_ids: list[UUID]) -> bool:
    """Whether each of these recommendations is approved in its own service, as far as this one was told."""
    return not await fetch_rows(work, NOT_APPROVED, recommendation_ids=recommendation_ids)


async def final_recipients(work: Work, report_id: UUID) -> set[UUID]:
    """Give the authorities that have the final report."""
    return {row["recipient_id"] for row in await fetch_rows(work, FINAL_RECIPIENTS, report_id=report_id)}


async def place_names(work: Work, place_ids: list[UUID]) -> list[dict[str, Any]]:
    """Give places as references."""
    return await fetch_rows(work, PLACE_NAMES, place_ids=place_ids)


async def unknown(work: Work, statement: str, name: str, ids: list[UUID]) -> bool:
    """Whether one of these ids is not found by a statement of this module that takes them as `name`."""
    parameters: Mapping[str, Any] = {name: ids}
    return len(await fetch_rows(work, statement, **parameters)) < len(set(ids))


async def sources_of(work: Work, finding_ids: list[UUID]) -> list[int]:
    """Give the number of sources of each of these findings."""
    return [row["sources"] for row in await fetch_rows(work, FINDINGS, finding_ids=finding_ids)]


async def tell_visits(work: Work, visit_ids: list[UUID], outcome: Mapping[str, Any]) -> None:
    """Keep on the visits what became of their report, for the guard of their closing."""
    await execute(work, TELL_VISITS, visit_ids=visit_ids, outcome=as_json(outcome))


async def places_of(work: Work, visit_ids: list[UUID]) -> list[UUID]:
    """Give the places of these visits."""
    return [row["place_id"] for row in await fetch_rows(work, PLACES_OF_VISITS, visit_ids=visit_ids)]


async def take_back(work: Work, report_id: UUID) -> None:
    """Take the published version off."""
    await execute(work, TAKE_BACK, report_id=report_id, by=work.caller.person)


async def keep_recommendation(work: Work, recommendation_id: UUID, told: Mapping[str, Any]) -> None:
    """Keep the projection of a recommendation."""
    words = {name: str(told.get(name, "")) for name in ("code", "state")}
    lists = {name: list(told.get(name) or ()) for name in ("place_ids", "authority_ids")}
    await execute(work, KEEP_RECOMMENDATION, id=recommendation_id, **words, **lists)
