"""Looking at implementation: open, gather, propose, approve. A claim of an authority never becomes a finding here by itself."""

from uuid import UUID

from services.recommendations.addressees.usecases import person_of
from services.recommendations.assessments import queries, rules
from services.recommendations.assessments.rules import (
    ASSESSMENT,
    AssessmentAction,
    AssessmentState,
    AssessmentTrigger,
)
from services.recommendations.assessments.schemas import AssessmentCreate, AssessmentProposal, AssessmentTransition
from services.recommendations.assessments.tables import ImplementationAssessment
from services.recommendations.evidence import queries as evidence
from services.recommendations.recommendations import queries as recommendations
from services.recommendations.recommendations.usecases import missing, recorded
from shared.db import Work
from shared.errors import Conflict, invalid
from shared.http import expect
from shared.journal import Event
from shared.records import stamps, touch
from shared.workflow import Step

_FOLLOWED = ("transmitted", "in_follow_up", "closed")


async def open_assessment(work: Work, recommendation_id: UUID, new: AssessmentCreate) -> UUID:
    """Open an assessment; with a proposal it goes through to the approver in the same act."""
    recommendation = await recommendations.lock(work, recommendation_id)
    if recommendation.state not in _FOLLOWED:
        raise Conflict("there is no implementation to judge before it is sent", code="illegal_transition")
    assessment = await opened(work, recommendation_id, AssessmentTrigger.PERSON)
    if new.proposal is not None:
        _leave(work, assessment, ASSESSMENT.step(AssessmentState.OPENED, AssessmentAction.GATHER))
        await _propose(work, assessment, new.proposal)
        _leave(work, assessment, ASSESSMENT.step(AssessmentState.GATHERING, AssessmentAction.PROPOSE))
    return assessment.id


async def open_if_none(work: Work, recommendation_id: UUID, trigger: AssessmentTrigger) -> None:
    """Say that it is time to look, unless somebody is looking already."""
    if not await queries.is_one_open(work, recommendation_id):
        await opened(work, recommendation_id, trigger)


async def opened(work: Work, recommendation_id: UUID, trigger: AssessmentTrigger) -> ImplementationAssessment:
    """Make an open assessment."""
    assessment = ImplementationAssessment(
        **await stamps(work),
        recommendation_id=recommendation_id,
        trigger=trigger.value,
        state=ASSESSMENT.initial.value,
        opened_on=await work.today(),
    )
    work.session.add(assessment)
    told = {"recommendation_id": str(recommendation_id), "trigger": trigger.value}
    work.record(Event(ASSESSMENT.create[AssessmentAction.OPEN].event, assessment.id, told, leaves=False))
    return assessment


async def transition_assessment(
    work: Work, recommendation_id: UUID, assessment_id: UUID, if_match: str, order: AssessmentTransition
) -> UUID:
    """Take one step of an assessment."""
    work.require_action(order.action.value)
    assessment = await queries.lock(work, recommendation_id, assessment_id)
    expect(if_match, await queries.in_full(work, recommendation_id, assessment_id))
    step = ASSESSMENT.step(AssessmentState(assessment.state), order.action)
    if order.action in (AssessmentAction.RETURN, AssessmentAction.DROP):
        if not order.reason:
            invalid("/reason", "missing", "say why")
        assessment.remarks = order.reason
    if order.action is AssessmentAction.PROPOSE:
        if order.proposal is None:
            invalid("/proposal", "missing", "say what you find")
        await _propose(work, assessment, order.proposal)
    if order.action is AssessmentAction.APPROVE:
        await _approve(work, assessment)
    _leave(work, assessment, step)
    await touch(work, assessment)
    if order.action is AssessmentAction.APPROVE:
        await _hold(work, assessment)
    return assessment.id


def _leave(work: Work, assessment: ImplementationAssessment, step: Step) -> None:
    assessment.state = step.to.value
    work.session.add(assessment)
    told = {"recommendation_id": str(assessment.recommendation_id), "status": assessment.status}
    work.record(Event(step.event, assessment.id, told, leaves=False))


async def _propose(work: Work, assessment: ImplementationAssessment, proposal: AssessmentProposal) -> None:
    """Take a finding with its evidence; implemented on the authority's word alone stays a claim (R-R25)."""
    kinds = await evidence.kinds(work, assessment.recommendation_id, proposal.evidence_ids)
    if len(kinds) != len(set(proposal.evidence_ids)):
        invalid("/evidence_ids", "unknown", "there is no such evidence on this recommendation")
    reasons = [*(reason.value for reason in proposal.reasons), *([proposal.note] if proposal.note else [])]
    missing(rules.missing_for_proposal(status=proposal.status.value, reasons=reasons, evidence_kinds=kinds))
    assessment.status, assessment.note = proposal.status.value, proposal.note
    assessment.reasons = [reason.value for reason in proposal.reasons]
    assessment.evidence_ids = list(proposal.evidence_ids)
    assessment.has_other_evidence = rules.has_other_evidence(kinds)
    assessment.assessed_on, assessment.proposed_by = await work.today(), person_of(work)


async def _approve(work: Work, assessment: ImplementationAssessment) -> None:
    tied = await queries.has_tie(work, assessment.recommendation_id, work.caller.excluded_authorities)
    proposer = UUID(str(assessment.proposed_by))
    if not rules.may_approve(UUID(person_of(work)), proposer=proposer, has_tie_to_authority=tied):
        raise Conflict("somebody else approves this, without a tie to the authority", code="own_proposal")
    before = await queries.valid(work, assessment.recommendation_id)
    if before is not None:
        _leave(work, before, ASSESSMENT.step(AssessmentState.APPROVED, AssessmentAction.SUPERSEDE))
        await touch(work, before)
        await work.flush()
    assessment.approved_by, assessment.approved_on = person_of(work), await work.today()


async def _hold(work: Work, assessment: ImplementationAssessment) -> None:
    """Make the finding the status of its recommendation."""
    recommendation = await recommendations.lock(work, assessment.recommendation_id)
    recommendation.implementation_status = assessment.status
    await recorded(work, rules.STATUS_CHANGED, recommendation)
