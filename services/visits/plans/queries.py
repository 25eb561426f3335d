"""Every read of plans."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, select

from services.visits.plans.rules.status import PLAN, PlanStatus
from services.visits.plans.schemas import PlanFilters
from services.visits.plans.tables import Plan
from shared.access import actions_open_to, is_named_for
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page, fetch_rows
from shared.texts import as_json

ADOPTING = "visits:plans.adopt"
_IN_FORCE = "p.status IN ('adopted', 'under_review') AND a22_today() BETWEEN p.from_on AND p.to_on"

PLANS = Listing(
    columns=f"p.id, p.code, p.kind, p.title, p.status, p.from_on, p.to_on, ({_IN_FORCE}) AS is_in_force",
    source="plan p",
    identity="p.id",
    sorts={"from_on": Sort("p.from_on", "date")},
    default_sort="-from_on",
    filters={"kind": "p.kind = ANY(:kind::text[])", "status": "p.status = ANY(:status::text[])"},
)
PLAN_IN_FULL = f"""
SELECT p.id, p.code, p.kind, p.title, p.status, p.from_on, p.to_on, ({_IN_FORCE}) AS is_in_force,
  p.status IN ('adopted', 'under_review') AND a22_today() > p.to_on AS is_evaluation_due,
  p.mission, p.vision, p.principles, p.mandate_text, p.legal_basis,
  CASE WHEN s.id IS NULL THEN NULL ELSE json_build_object('id', s.id, 'name', s.title) END AS strategic_plan,
  p.author_ids, p.available_days, p.reserve_days, p.risk_analysis, p.objectives, p.activities, p.team_sessions, p.consultations,
  p.reviews, p.amendments, p.adopted_on,
  CASE WHEN x.id IS NULL THEN NULL ELSE json_build_object('id', x.id, 'name', x.title) END AS superseded_by,
  p.last_reason, p.warnings, coalesce(:allowed::jsonb -> p.status, '[]') AS allowed_actions
FROM plan p LEFT JOIN plan s ON s.id = p.strategic_plan_id LEFT JOIN plan x ON x.id = p.superseded_by_id
WHERE p.id = :plan_id
"""
NPM_AUTHORS = """
SELECT id::text AS id FROM known_person WHERE id::text = ANY(:person_ids::text[]) AND kind IN ('member', 'staff')
"""


def held(work: Work) -> frozenset[str]:
    """Give the caller's roles; whom the decision matrix names for plans decides on them as the head does."""
    return work.caller.roles | ({"head"} if is_named_for(work.caller, ADOPTING) else frozenset())


def _allowed(work: Work) -> str:
    row = work.table.get(f"{work.caller.audience_class}.transition_plan")
    open_to = actions_open_to(row, work.caller) if row else frozenset[str]()
    return as_json(
        {
            state.value: [action.value for action in PLAN.allowed(state, held(work)) if action.value in open_to]
            for state in PlanStatus
        }
    )


async def matching(work: Work, filters: PlanFilters) -> Page:
    """Give a page of plans, the latest first."""
    return await fetch_page(work, PLANS, filters)


async def in_full(work: Work, plan_id: UUID) -> bytes:
    """Give one plan with all its parts, or raise NotFound."""
    return await fetch_one(work, PLAN_IN_FULL, plan_id=plan_id, allowed=_allowed(work))


async def find(work: Work, plan_id: UUID) -> Plan | None:
    """Give a plan, taken for a change, or nothing."""
    found = await work.session.exec(select(Plan).where(col(Plan.id) == plan_id).with_for_update())
    return found.one_or_none()


async def lock(work: Work, plan_id: UUID) -> Plan:
    """Take a plan for a change, or raise NotFound."""
    plan = await find(work, plan_id)
    if plan is None:
        raise NotFound
    return plan


async def npm_authors(work: Work, person_ids: Iterable[str]) -> frozenset[str]:
    """Give those of these people who are members or staff of the NPM."""
    return frozenset(row["id"] for row in await fetch_rows(work, NPM_AUTHORS, person_ids=list(person_ids)))
