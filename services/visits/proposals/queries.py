"""Every read of visit proposals."""

from uuid import UUID

from sqlmodel import col, select

from services.visits.proposals.rules import VISIT_PROPOSAL, ProposalStatus
from services.visits.proposals.schemas import VisitProposalFilters
from services.visits.proposals.tables import VisitProposal
from shared.db import Work
from shared.errors import NotFound
from shared.paging import Listing, Page, Sort, fetch_one, fetch_page
from shared.texts import as_json

_COLUMNS = """x.id, json_build_object('id', p.id, 'name', p.name) AS place, x.trigger, x.purpose, x.rationale, x.theme, x.pattern_id,
  x.status, x.due_on, x.status = 'open' AND x.due_on < a22_today() AS is_past_due, x.deferred_until, x.decided_on, x.last_reason,
  (SELECT v.id FROM visit v WHERE v.id = x.visit_id) AS visit_id, x.merged_into_id, coalesce(:allowed::jsonb -> x.status, '[]') AS allowed_actions"""
_SOURCE = "visit_proposal x JOIN place p ON p.id = x.place_id"

PROPOSALS = Listing(
    columns=_COLUMNS,
    source=_SOURCE,
    identity="x.id",
    sorts={"due_on": Sort("x.due_on", "date")},
    default_sort="due_on",
    filters={
        "status": "x.status = ANY(:status::text[])",
        "trigger": "x.trigger = ANY(:trigger::text[])",
        "place_id": "x.place_id = :place_id::uuid",
    },
)
PROPOSAL = f"SELECT {_COLUMNS} FROM {_SOURCE} WHERE x.id = :proposal_id"
PENDING = (ProposalStatus.OPEN.value, ProposalStatus.DEFERRED.value)


def _allowed(work: Work) -> str:
    return as_json(work.allowed_actions(VISIT_PROPOSAL, "transition_visit_proposal"))


async def matching(work: Work, filters: VisitProposalFilters) -> Page:
    """Give a page of proposals, the most urgent first."""
    return await fetch_page(work, PROPOSALS, filters, allowed=_allowed(work))


async def in_full(work: Work, proposal_id: UUID) -> bytes:
    """Give one proposal, or raise NotFound."""
    return await fetch_one(work, PROPOSAL, proposal_id=proposal_id, allowed=_allowed(work))


async def lock(work: Work, proposal_id: UUID) -> VisitProposal:
    """Take a proposal for a change, or raise NotFound."""
    found = await work.session.exec(select(VisitProposal).where(col(VisitProposal.id) == proposal_id).with_for_update())
    proposal = found.one_or_none()
    if proposal is None:
        raise NotFound
    return proposal


async def pending(work: Work, place_id: UUID, trigger: str) -> VisitProposal | None:
    """Give the proposal for a place and a trigger that still waits, taken for a change."""
    await work.flush()
    found = await work.session.exec(
        select(VisitProposal)
        .where(
            col(VisitProposal.place_id) == place_id,
            col(VisitProposal.trigger) == trigger,
            col(VisitProposal.status).in_(PENDING),
        )
        .with_for_update()
    )
    return found.first()
