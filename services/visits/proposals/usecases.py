"""Reasons to visit a place, from people and from events, and what is decided on them. No HTTP, no SQL."""

from datetime import date, timedelta
from uuid import UUID

from services.visits.proposals import queries, rules
from services.visits.proposals.rules import VISIT_PROPOSAL, ProposalAction, ProposalStatus, ProposalTrigger
from services.visits.proposals.schemas import VisitProposalCreate, VisitProposalTransition
from services.visits.proposals.tables import VisitProposal
from services.visits.visits import queries as visits
from services.visits.visits import usecases as visit_usecases
from services.visits.visits.rules.status import VisitPurpose
from shared.db import Work
from shared.errors import Conflict, Forbidden, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch

#: Days within which a proposal that the service itself opens is decided.
DECISION_DAYS = 14
#: The same where somebody may be in danger.
URGENT_DECISION_DAYS = 2


def _recorded(work: Work, name: str, proposal: VisitProposal) -> None:
    values = {"place_id": str(proposal.place_id), "trigger": proposal.trigger, "purpose": proposal.purpose}
    work.record(Event(name, proposal.id, values, leaves=False))


async def propose(work: Work, new: VisitProposalCreate) -> UUID:
    """Propose to visit a place."""
    if new.place_id not in await visits.known_places(work, [new.place_id]):
        invalid("/place_id", "unknown_place", "the register has no place of this id")
    proposal = VisitProposal(**new.model_dump(mode="python"), **await stamps(work), status=VISIT_PROPOSAL.initial.value)
    work.session.add(proposal)
    _recorded(work, VISIT_PROPOSAL.create[ProposalAction.PROPOSE].event, proposal)
    return proposal.id


async def open_by_system(
    work: Work,
    place_id: UUID,
    trigger: ProposalTrigger,
    *,
    purpose: VisitPurpose,
    rationale: str,
    due_on: date | None = None,
    theme: str | None = None,
    pattern_id: UUID | None = None,
) -> bool:
    """Open a proposal for an event, or reopen the one put off; one that waits already is enough. Tells whether it is new."""
    if place_id not in await visits.known_places(work, [place_id]):
        return False
    waiting = await queries.pending(work, place_id, trigger.value)
    if waiting is not None:
        if waiting.status == ProposalStatus.DEFERRED:
            step = VISIT_PROPOSAL.step(ProposalStatus.DEFERRED, ProposalAction.REOPEN)
            waiting.status, waiting.deferred_until = step.to.value, None
            await touch(work, waiting)
            _recorded(work, step.event, waiting)
        return False
    proposal = VisitProposal(
        place_id=place_id,
        trigger=trigger.value,
        purpose=purpose.value,
        rationale=rationale,
        theme=theme,
        pattern_id=pattern_id,
        status=VISIT_PROPOSAL.initial.value,
        due_on=due_on or await work.today() + timedelta(days=DECISION_DAYS),
        **await stamps(work),
    )
    work.session.add(proposal)
    _recorded(work, VISIT_PROPOSAL.create[ProposalAction.PROPOSE].event, proposal)
    return True


async def transition_proposal(work: Work, proposal_id: UUID, if_match: str, order: VisitProposalTransition) -> UUID:
    """Decide on a proposal; accepting makes the visit in the same act."""
    work.require_action(order.action.value)
    proposal = await queries.lock(work, proposal_id)
    expect(if_match, await queries.in_full(work, proposal_id))
    step = VISIT_PROPOSAL.step(ProposalStatus(proposal.status), order.action)
    is_heads = rules.needs_head(
        order.action,
        trigger=ProposalTrigger(proposal.trigger),
        visit_type=order.visit.type if order.visit else None,
    )
    if not step.by & work.caller.roles or (is_heads and "head" not in work.caller.roles):
        raise Forbidden
    await _settle(work, proposal, order)
    proposal.status = step.to.value
    proposal.last_reason = order.reason or ""
    proposal.decided_by, proposal.decided_on = work.caller.person, await work.today()
    await touch(work, proposal)
    _recorded(work, step.event, proposal)
    return proposal.id


async def _settle(work: Work, proposal: VisitProposal, order: VisitProposalTransition) -> None:
    match order.action:
        case ProposalAction.ACCEPT:
            if order.visit is None:
                invalid("/visit", "missing", "say which visit is made from it")
            if proposal.place_id not in {each.place_id for each in order.visit.places}:
                invalid("/visit/places", "other_place", "the visit goes to the place of the proposal")
            asked = order.visit.model_copy(update={"proposal_id": proposal.id})
            proposal.visit_id = await visit_usecases.propose_visit(work, asked)
        case ProposalAction.MERGE:
            await _merge(work, proposal, order)
        case ProposalAction.DECLINE | ProposalAction.DEFER:
            if not order.reason:
                invalid("/reason", "missing", "say why")
            if order.action is ProposalAction.DEFER and order.until is None:
                invalid("/until", "missing", "say until when")
            proposal.deferred_until = order.until
        case _:
            proposal.deferred_until = None


async def _merge(work: Work, proposal: VisitProposal, order: VisitProposalTransition) -> None:
    if order.visit_id is not None:
        await visits.require_visible(work, order.visit_id)
        proposal.visit_id = order.visit_id
    elif order.proposal_id is not None:
        other = await queries.lock(work, order.proposal_id)
        if other.id == proposal.id:
            raise Conflict("a proposal cannot be merged into itself")
        proposal.merged_into_id = other.id
    else:
        invalid("/visit_id", "missing", "say which visit or proposal takes it in")
